"""What time itself sets off; each job decides what is due and may run at any moment, twice too."""

import datetime
import logging
from collections.abc import Callable, Iterator

from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts.actions.people import end_roles_run_out
from accounts.erasing import carrying_out
from accounts.models import RoleGrant
from accounts.outbox import sending
from accounts.retention import applying
from api.idempotency import forget_old
from audit.actors import SYSTEM
from audit.checkpoints import signing
from cases import next_hearings, reminders
from cases.actions import counsel
from cases.actions.reminders import remind
from cases.models import Representation
from donations import aftercare, inbox, sweeps
from donations.tasks import gateway
from reports.archive.building import make_archive
from reports.archive.models import Archive
from reports.audit_pack import inspecting
from reports.models import Job
from reports.tasks import make_report
from treasury import laws
from treasury.actions import pledges
from treasury.actions.gifts import close_batches_due
from treasury.batches import is_due, open_gift_batches
from treasury.pledges import is_due as is_doubling_due
from vault import files

log = logging.getLogger("tick")
Chore = Callable[[datetime.datetime], int]
# No task of ours runs that long: whoever had it was killed.
STUCK = datetime.timedelta(minutes=30)
NIGHT = 3
# Whoever begins an erasure goes on with it at once.
A_WHILE = datetime.timedelta(minutes=2)


def follow_hints(at: datetime.datetime) -> int:
    """Hints whose task was lost."""
    return inbox.drain(gateway(), clock=lambda: at, by=SYSTEM)


def look_after_payments(at: datetime.datetime) -> int:
    """Open payments every five minutes, events hourly, the balance and payouts at night."""
    if at.minute % 5 or not sweeps.anything_there():
        return 0
    if at.hour == NIGHT and at.minute == 0:
        return sweeps.sweep(gateway(), at=at).total
    hourly = sweeps.fetch_events(gateway(), at=at) if at.minute == 0 else 0
    return hourly + sweeps.sweep(gateway(), at=at, all_of_it=False).total


def look_after_gifts(at: datetime.datetime) -> int:
    """Receipts, their letters, checks of large gifts; every ten minutes what went back since."""
    return aftercare.look_after(at=at, by=SYSTEM, all_of_it=at.minute % 10 == 0)


def send_mails(at: datetime.datetime) -> int:
    """Letters whose task was lost, and those that the relay asked us to bring later."""
    return sending.send_due(at=at).sent


def check_books(at: datetime.datetime) -> int:
    """The money laws, every night; how many are broken. An alarm in the log for each."""
    if (at.hour, at.minute) != (NIGHT, 30):
        return 0
    broken = [law for law in laws.check() if not law.ok]
    for law in broken:
        log.critical("money law %s is broken by %s", law.name, law.difference_minor)
    return len(broken)


def check_next_hearings(at: datetime.datetime) -> int:
    """The next hearings that triggers keep, against the hearings themselves, every night."""
    if (at.hour, at.minute) != (NIGHT, 40):
        return 0
    differing = next_hearings.differing()
    if differing:
        log.critical("the next hearing of %s cases is not what their hearings say", len(differing))
    return len(differing)


def close_batches(at: datetime.datetime) -> int:
    """Batches that are large and old enough, once there are any: no event for nothing."""
    if not any(is_due(batch, at.date()) for batch in open_gift_batches()):
        return 0
    return close_batches_due(by=SYSTEM, at=at)


def double_gifts(at: datetime.datetime) -> int:
    """What pledges owe for batches that were closed, booked when their money is there."""
    return pledges.double_gifts(by=SYSTEM, at=at) if is_doubling_due() else 0


def lapse_offers(at: datetime.datetime) -> int:
    """Offers whose time is over."""
    if not Representation.objects.offered().filter(offered_until__lte=at).exists():
        return 0
    return counsel.lapse_offers(by=SYSTEM, at=at)


def remind_colleagues(at: datetime.datetime) -> int:
    """In the morning, those with something due on the cases they answer for."""
    return remind(by=SYSTEM, at=at) if reminders.due_now(at) else 0


def apply_retention(at: datetime.datetime) -> int:
    """The table of docs/retention.md, three times in a night: what was due is then gone."""
    if at.hour != NIGHT or at.minute % 20:
        return 0
    return sum(outcome.removed for outcome in applying.apply_all(by=SYSTEM, at=at))


def end_erasures(at: datetime.datetime) -> int:
    """Erasures that a dead process left half done, and keys that a restored key store brought back."""
    ended = carrying_out.carry_on_all(by=SYSTEM, at=at, begun_before=at - A_WHILE)
    return ended + (carrying_out.destroy_again() if at.minute == 0 else 0)


def forget_answers(at: datetime.datetime) -> int:
    """What the API keeps to answer a repeated request alike."""
    return forget_old(at)


def sign_checkpoint_due(at: datetime.datetime) -> int:
    """Once a day, and soon after a report was issued or a period was closed."""
    if not signing.is_due(at):
        return 0
    signing.checkpoint_now(by=SYSTEM, at=at)
    return 1


def sweep_files(at: datetime.datetime) -> int:
    """Sealed files whose action was undone or killed, once a night."""
    return files.sweep_files(at) if (at.hour, at.minute) == (NIGHT, 10) else 0


def make_waiting_reports(at: datetime.datetime) -> int:
    """Reports whose task was lost between the commit and the queue."""
    lost = Job.objects.waiting().filter(asked_at__lt=at - STUCK)
    for job in lost:
        make_report.enqueue(str(job.pk))
    return len(lost)


def take_up_stuck_tasks(at: datetime.datetime) -> int:
    """A killed worker leaves its task "running" for ever: put it back, as all tasks may run twice."""
    stuck = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=at - STUCK)
    return stuck.update(status=TaskResultStatus.READY, started_at=None)


def end_roles(at: datetime.datetime) -> int:
    """Roles given until a moment, such as an auditor's."""
    if not RoleGrant.objects.run_out(at).exists():
        return 0
    return end_roles_run_out(by=SYSTEM, at=at)


def inspect_records(at: datetime.datetime) -> int:
    """Documents and tables beside the log, in the night of a week."""
    if (at.hour, at.minute) != (NIGHT, 50) or not inspecting.is_due(at):
        return 0
    return len(inspecting.inspect(by=SYSTEM, at=at).problems)


def make_waiting_archives(at: datetime.datetime) -> int:
    """Archives whose task was lost between the commit and the queue."""
    lost = Archive.objects.waiting().filter(asked_at__lt=at - STUCK)
    for archive in lost:
        make_archive.enqueue(str(archive.pk))
    return len(lost)


JOBS: dict[str, Chore] = {
    "hints followed": follow_hints,
    "payments looked at": look_after_payments,
    "gifts looked after": look_after_gifts,
    "mails sent": send_mails,
    "broken money laws": check_books,
    "next hearings differing": check_next_hearings,
    "batches closed": close_batches,
    "gifts doubled": double_gifts,
    "offers lapsed": lapse_offers,
    "colleagues reminded": remind_colleagues,
    "retention applied": apply_retention,
    "erasures ended": end_erasures,
    "kept answers forgotten": forget_answers,
    "checkpoints signed": sign_checkpoint_due,
    "lost reports queued again": make_waiting_reports,
    "lost archives queued again": make_waiting_archives,
    "records inspected": inspect_records,
    "roles ended": end_roles,
    "files without a row swept": sweep_files,
    "tasks taken up again": take_up_stuck_tasks,
}


def run_due(jobs: dict[str, Chore], *, at: datetime.datetime | None = None) -> Iterator[tuple[str, int]]:
    """Run each job; one that fails is logged and does not keep the others from running."""
    for name, job in jobs.items():
        try:
            yield name, job(at or timezone.now())
        except Exception:
            log.exception("%s failed", name)
            yield name, 0
