"""Rules about accounts, the log of readings, approvals, sessions and background tasks."""

import datetime
import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts.models import Approval, Erasure, User
from accounts.retention.registry import Moment, Rule, Then, erases, register
from audit.checkpoints import reads
from audit.models import Event, ReadRecord, SpentKey
from vault import keys

YEAR = 365
_ACCOUNTABLE = _("GDPR 5(2) and 32: to be able to show who read what about whom")
_SECURE = _("GDPR 6(1)(f): secure and orderly running of the service")


def register_rules() -> None:
    """Called from ``AppConfig.ready``."""
    register(_read_log(), _approval_words(), _spent_keys(), _tasks(), _sessions(), _accounts())


def _read_log() -> Rule:
    return Rule(
        name="read-log",
        records=_("Who opened which sealed field of whom"),
        basis=_ACCOUNTABLE,
        days=2 * YEAR,
        since=_("the reading; in whole ranges that a checkpoint has sealed, the seals stay"),
        then=Then.DELETE,
        due=lambda moment: sum(seal.count for seal in reads.expirable(_unheld(moment))),
        remove=lambda moment: reads.expire_reads(before=_unheld(moment), by=moment.by, at=moment.at),
    )


def _unheld(moment: Moment) -> datetime.datetime:
    """The border, or the oldest reading about somebody under legal hold."""
    about = ReadRecord.objects.filter(at__lt=moment.before, subjects__subject_id__in=moment.held)
    oldest = about.order_by("at").values_list("at", flat=True).first()
    return min(moment.before, oldest) if oldest else moment.before


def _approval_words() -> Rule:
    return Rule(
        name="approval-words",
        records=_("What colleagues wrote when they asked each other for approval"),
        basis=_ACCOUNTABLE,
        days=2 * YEAR,
        since=_("the day on which the request ran out"),
        then=Then.FORGET_WORDS,
        due=lambda moment: len(_old_words(moment)),
        remove=_forget_words,
    )


def _old_words(moment: Moment) -> list[uuid.UUID]:
    old = Approval.objects.filter(until__lt=moment.before).exclude(object_id__in=moment.held)
    return keys.existing(
        key for key in old.values_list("summary_subject_id", flat=True) if key != keys.ORGANISATION
    )


def _forget_words(moment: Moment) -> int:
    old = _old_words(moment)
    for key in old:
        keys.destroy_key(key)
    return len(old)


def _spent_keys() -> Rule:
    def old(moment: Moment) -> "QuerySet[SpentKey]":
        return SpentKey.objects.filter(at__lt=moment.before)

    return Rule(
        name="spent-keys",
        records=_("Digests that say which form or request took effect already"),
        basis=_SECURE,
        days=30,
        since=_("their use; sessions and repeated requests end long before"),
        then=Then.DELETE,
        due=lambda moment: old(moment).count(),
        remove=lambda moment: old(moment).delete()[0],
    )


def _tasks() -> Rule:
    over = (TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED)

    def old(moment: Moment) -> "QuerySet[Any]":
        return DBTaskResult.objects.filter(status__in=over, finished_at__lt=moment.before)

    return Rule(
        name="tasks",
        records=_("Finished background tasks: a name and opaque ids"),
        basis=_SECURE,
        days=14,
        since=_("their end"),
        then=Then.DELETE,
        due=lambda moment: old(moment).count(),
        remove=lambda moment: int(old(moment).delete()[0]),
    )


def _sessions() -> Rule:
    def old(moment: Moment) -> "QuerySet[Session]":
        return Session.objects.filter(expire_date__lt=moment.before)

    return Rule(
        name="sessions",
        records=_("Sessions that have ended"),
        basis=_SECURE,
        days=1,
        since=_("their end"),
        then=Then.DELETE,
        due=lambda moment: old(moment).count(),
        remove=lambda moment: old(moment).delete()[0],
    )


def _accounts() -> Rule:
    return erases(
        "accounts",
        people=closed_accounts,
        records=_("Names of people who worked here"),
        basis=_("GDPR 6(1)(f): to answer for what was done; claims from work lapse in three years"),
        days=3 * YEAR,
        since=_("the day on which the account was closed"),
    )


def closed_accounts(moment: Moment) -> Iterable[uuid.UUID]:
    """Accounts whose last closing lies before the border, that are closed, not held and not erased."""
    closed = set(User.objects.filter(is_active=False).values_list("id", flat=True))
    closed -= moment.held | set(Erasure.objects.values_list("subject_id", flat=True))
    ending = Event.objects.filter(kind__in=["user.closed", "person.cut_off"])
    for user_id in sorted(closed):
        last = ending.filter(subjects__subject_id=str(user_id)).order_by("-seq").first()
        if last is not None and last.at < moment.before:
            yield user_id
