"""What a report is about, and from which state of the log it is taken."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef
from django.utils.translation import gettext_lazy as _

from audit import log
from audit.actions import DomainError
from audit.models import Event
from treasury.models import Fund, Journal


class UnknownFund(DomainError):
    code = "unknown-fund"
    message = _("There is no fund with the code %(code)s. Look it up in the list of funds.")


class PeriodReversed(DomainError):
    code = "period-reversed"
    message = _("The period ends before it begins. Exchange the two dates.")


@dataclass(frozen=True)
class Scope:
    """The choices that make a report: its type, the days (both included), and one fund or all."""

    type: str
    starts_on: datetime.date
    ends_on: datetime.date
    fund_code: str = ""

    def fund(self) -> Fund | None:
        """The fund that was chosen. Raises UnknownFund."""
        if not self.fund_code:
            return None
        found: Fund | None = Fund.objects.filter(code=self.fund_code).first()
        if found is None:
            raise UnknownFund(code=self.fund_code)
        return found

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


def position_at(log_size: int) -> Position:
    """The log as it was at an earlier size. Raises LookupError for a size it never had."""
    return Position(log_size, log.root_at(log_size).hex(), _last_journal(log_size))


def _last_journal(log_size: int) -> int:
    written = Event.objects.filter(action_id=OuterRef("action_id"), seq__lt=log_size)
    found = Journal.objects.filter(Exists(written)).aggregate(last=Max("number"))["last"]
    return found or 0
