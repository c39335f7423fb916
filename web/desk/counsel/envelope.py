"""What one person may agree to now: standing authorities with what is left of the month, and ways out."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from audit.actions import DomainError
from cases.actions.fees import CATEGORY
from cases.kinds import Role
from cases.models import Case
from treasury import tariffs
from treasury.models import StandingAuthority, TariffLine

# Which page helps with which way out, and who may open it; "" is a place on the page itself.
_PLACES = {
    "raise-ceiling": ("desk:case-costs", "cases.work"),
    "approve-more": ("desk:case-costs", "cases.work"),
    "allocate": ("desk:allocate", "money.book"),
    "await-instalment": ("desk:funds", "money.see"),
    "ask-donors": ("desk:campaigns", "campaigns.work"),
}


@dataclass(frozen=True)
class Envelope:
    """A standing authority in force: the month's amount, what is left of it, and its tariff's lines."""

    authority: StandingAuthority
    left_minor: int
    lines: tuple[TariffLine, ...]

    def most_minor(self, role: Role) -> int:
        """The most one person may agree to for this role now."""
        fees = [line.amount_minor for line in self.lines if line.category == CATEGORY[role]]
        return min(max(fees, default=0), self.left_minor)


@dataclass(frozen=True)
class WayOut:
    """What can be done; ``url`` is "" where the reader has no page for it."""

    text: str
    url: str


def envelopes(on: datetime.date) -> list[Envelope]:
    """Authorities in force on this day, the one with most left first."""
    standing = Q(ended_on=None) | Q(ended_on__gt=on)
    running = StandingAuthority.objects.filter(standing, valid_from__lte=on, valid_until__gte=on)
    rows = [row for row in running.select_related("tariff") if tariffs.is_valid(row.tariff, on)]
    found = [
        Envelope(
            row,
            max(row.monthly_minor - tariffs.used_in_month(row, on), 0),
            tuple(row.tariff.lines.order_by("category", "amount_minor")),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: -one.left_minor)


def ways_out(refusal: DomainError | None, case: Case, user: User) -> list[WayOut]:
    """The ways out that a refusal for want of money names, as links where the reader has a page for them."""
    rows: list[dict[str, Any]] = refusal.params.get("ways_out", []) if refusal is not None else []
    return [WayOut(row["text"], _place(row["code"], case, user)) for row in rows]


def _place(code: str, case: Case, user: User) -> str:
    name, permission = _PLACES.get(code, ("", ""))
    if not name or not user.has(permission):
        return ""
    try:
        return reverse(name, args=[case.pk] if name == "desk:case-costs" else [])
    except NoReverseMatch:
        return ""
