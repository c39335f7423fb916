"""What a report is about, and from which state of the log it is taken."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from audit import log
from audit.actions import DomainError
from audit.actors import Actor
from audit.checkpoints import signing
from audit.models import Event
from treasury.models import Fund, Journal


class UnknownFund(DomainError):
    code = "unknown-fund"
    message = _("There is no fund with the code %(code)s. Look it up in the list of funds.")


class PeriodReversed(DomainError):
    code = "period-reversed"
    message = _("The period ends before it begins. Exchange the two dates.")


@dataclass(frozen=True)
class Reported:
    """What readers were last told: the size of the log then, and the last day of that report."""

    log_size: int
    ends_on: datetime.date


@dataclass(frozen=True)
class Scope:
    """The choices that make a report: its type, the days (both included), and one fund or all.

    ``compare`` sets the period before beside it. ``reported`` is the report whose past must not change
    silently; see :mod:`reports.restating`.
    """

    type: str
    starts_on: datetime.date
    ends_on: datetime.date
    fund_code: str = ""
    compare: bool = False
    reported: Reported | None = None

    def fund(self) -> Fund | None:
        """The fund that was chosen. Raises UnknownFund."""
        if not self.fund_code:
            return None
        found: Fund | None = Fund.objects.filter(code=self.fund_code).first()
        if found is None:
            raise UnknownFund(code=self.fund_code)
        return found

    @classmethod
    def of(cls, about: Any) -> "Scope":
        """The scope of a job, or of a snapshot with what it restates."""
        reported = None
        if (size := getattr(about, "reported_size", None)) is not None:
            reported = Reported(size, about.reported_to)
        return cls(about.type, about.starts_on, about.ends_on, about.fund_code, about.compare, reported)

    def check(self) -> None:
        """Raises UnknownFund, PeriodReversed."""
        if self.ends_on < self.starts_on:
            raise PeriodReversed()
        self.fund()


@dataclass(frozen=True)
class Position:
    """A state of the log: its size and root, and the last journal that was in it."""

    log_size: int
    root_hex: str
    journal_number: int


def position_now() -> Position:
    """The log as committed now."""
    size, root = log.head()
    return Position(size, root.hex(), _last_journal(size))


def position_signed(*, by: Actor, at: datetime.datetime) -> Position:
    """The log as a checkpoint signs it now, so that the root a report names is one that outsiders hold.

    Raises what :func:`audit.checkpoints.signing.checkpoint_now` raises.
    """
    return position_at(signing.checkpoint_now(by=by, at=at).size)


def position_at(log_size: int) -> Position:
    """The log as it was at an earlier size. Raises LookupError for a size it never had."""
    return Position(log_size, log.root_at(log_size).hex(), _last_journal(log_size))


def _last_journal(log_size: int) -> int:
    written = Event.objects.filter(action_id=OuterRef("action_id"), seq__lt=log_size)
    known = Journal.objects.filter(Exists(written)).order_by("-number")
    return known.values_list("number", flat=True).first() or 0
