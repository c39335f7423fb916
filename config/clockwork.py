"""What time itself sets off; each job decides what is due and may run at any moment, twice too."""

import datetime
import logging
from collections.abc import Callable, Iterator

from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from api.idempotency import forget_old
from audit.actors import SYSTEM
from cases.actions import counsel, matching
from cases.models import Representation
from donations import inbox, sweeps
from donations.tasks import gateway
from reports.models import Job
from reports.tasks import make_report
from treasury.actions.gifts import close_batches_due
from treasury.batches import is_due, open_gift_batches

log = logging.getLogger("tick")
Chore = Callable[[datetime.datetime], int]
# No task of ours runs that long: whoever had it was killed.
STUCK = datetime.timedelta(minutes=30)


def follow_hints(at: datetime.datetime) -> int:
    """Hints whose task was lost."""
    return inbox.drain(gateway(), clock=lambda: at, by=SYSTEM)


def look_after_payments(at: datetime.datetime) -> int:
    """Open payments, every five minutes."""
    return sweeps.observe_open_attempts(gateway(), at=at) if at.minute % 5 == 0 else 0


def close_batches(at: datetime.datetime) -> int:
    """Batches that are large and old enough, once there are any: no event for nothing."""
    if not any(is_due(batch, at.date()) for batch in open_gift_batches()):
        return 0
    return close_batches_due(by=SYSTEM, at=at)


def lapse_offers(at: datetime.datetime) -> int:
    """Offers whose time is over."""
    if not Representation.objects.offered().filter(offered_until__lte=at).exists():
        return 0
    return counsel.lapse_offers(by=SYSTEM, at=at)


def drop_old_scores(at: datetime.datetime) -> int:
    """Scored pairs of match runs, after thirty days; once a day is enough."""
    return matching.drop_old_results(by=SYSTEM, at=at) if (at.hour, at.minute) == (3, 0) else 0


def forget_answers(at: datetime.datetime) -> int:
    """What the API keeps to answer a repeated request alike."""
    return forget_old(at)


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


JOBS: dict[str, Chore] = {
    "hints followed": follow_hints,
    "payments looked at": look_after_payments,
    "batches closed": close_batches,
    "offers lapsed": lapse_offers,
    "old scores dropped": drop_old_scores,
    "kept answers forgotten": forget_answers,
    "lost reports queued again": make_waiting_reports,
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
