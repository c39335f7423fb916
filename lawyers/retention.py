"""Lawyers as people who can be erased, and how long those who left the panel are kept."""

import datetime
import uuid
from collections.abc import Callable, Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.erasing import registry
from accounts.erasing.registry import Obstacle
from accounts.models import Erasure
from accounts.retention.registry import Moment, erases
from accounts.retention.registry import register as register_rules
from lawyers.models import Lawyer

YEAR = 365
KIND = "lawyer"
# Rooms above say what else binds a lawyer: the cases they defend.
_bound_by: list[Callable[[uuid.UUID], Iterable[Obstacle]]] = []


def register() -> None:
    """Called from ``AppConfig.ready``."""
    registry.register_kind(
        registry.Kind(
            name=KIND,
            title=_("Lawyer"),
            model=Lawyer,
            called=_called,
            stays=_("The code name stays beside the cases they defended and the fees that were agreed."),
            paths=("lawyer_id",),
            obstacles=obstacles,
        )
    )
    register_rules(
        erases(
            "lawyers",
            people=left_long_ago,
            records=_("Names, contacts and licences of lawyers who left the panel"),
            basis=_("GDPR 6(1)(f): questions about a defence that was paid for can be answered so long"),
            days=6 * YEAR,
            since=_("the last change to a lawyer who is no longer on the panel"),
        )
    )


def bound_by(check: Callable[[uuid.UUID], Iterable[Obstacle]]) -> None:
    """Let a room above name what keeps a lawyer from being erased; from ``AppConfig.ready``."""
    _bound_by.append(check)


def _called(row: models.Model) -> str:
    return str(row)


def obstacles(lawyer_id: uuid.UUID, at: datetime.datetime) -> Iterable[Obstacle]:
    """What rooms above know of."""
    for check in _bound_by:
        yield from check(lawyer_id)


def left_long_ago(moment: Moment) -> Iterable[uuid.UUID]:
    """Lawyers off the panel whose record was last changed before the border."""
    gone = Erasure.objects.filter(kind=KIND).values("subject_id")
    off = Lawyer.objects.filter(is_active=False).exclude(id__in=gone).exclude(id__in=moment.held)
    for lawyer in off.order_by("pk"):
        last = lawyer.history.order_by("-version").values_list("history_date", flat=True).first()
        if last is not None and last < moment.before:
            yield lawyer.pk
