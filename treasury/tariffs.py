"""What one person may decide alone: approved tariffs and standing authorities."""

import calendar
import datetime

from django.db.models import Max, Q, Sum
from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError
from treasury import chart
from treasury.currencies import amount_text
from treasury.models import Commitment, StandingAuthority, Tariff, TariffLine


class OutsideAuthority(DomainError):
    """The standing authority does not cover this: ended, above tariff, or the month is used up."""

    code = "outside-authority"
    message = _("The standing authority leaves %(left)s for this. Above that a second officer has to decide.")


def most_in(tariff: Tariff, category: str) -> int:
    """The highest fee of a tariff for this category; 0 where it has none."""
    lines = tariff.lines.filter(category=category)
    return int(lines.aggregate(most=Max("amount_minor"))["most"] or 0)


def total_in(tariff: Tariff, category: str) -> int:
    """All stages of a category together: the most a budget line may be by tariff."""
    return int(tariff.lines.filter(category=category).aggregate(total=Sum("amount_minor"))["total"] or 0)


def is_valid(tariff: Tariff, on: datetime.date) -> bool:
    """Whether the tariff is in force on this day."""
    return tariff.valid_from <= on and (tariff.valid_until is None or on <= tariff.valid_until)


def covered(category: str, amount_minor: int, on: datetime.date) -> bool:
    """Whether any tariff in force lets one person agree to this amount."""
    in_force = Q(tariff__valid_from__lte=on) & (
        Q(tariff__valid_until__isnull=True) | Q(tariff__valid_until__gte=on)
    )
    return TariffLine.objects.filter(in_force, category=category, amount_minor__gte=amount_minor).exists()


def refuse_outside(authority: StandingAuthority, category: str, amount_minor: int, on: datetime.date) -> None:
    """Raise OutsideAuthority unless the authority covers the amount this month."""
    left = min(most_in(authority.tariff, category), authority.monthly_minor - used_in_month(authority, on))
    ended = authority.ended_on is not None and authority.ended_on <= on
    in_force = authority.valid_from <= on <= authority.valid_until and is_valid(authority.tariff, on)
    if ended or not in_force:
        left = 0
    if amount_minor > left:
        raise OutsideAuthority(left=amount_text(max(left, 0), chart.base_currency()), left_minor=max(left, 0))


def used_in_month(authority: StandingAuthority, on: datetime.date) -> int:
    """What was committed under the authority in the month of this day, releases taken off."""
    last = calendar.monthrange(on.year, on.month)[1]
    within = (on.replace(day=1), on.replace(day=last))
    made = Commitment.objects.filter(authority=authority, committed_on__range=within)
    return int(made.aggregate(total=Sum("amount_minor"))["total"] or 0)
