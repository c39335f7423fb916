"""Approval in advance: tariffs, and who may commit under them each month."""

import datetime
from collections.abc import Sequence

from audit.actions import action, fact, touch
from audit.actors import Actor
from treasury import chart
from treasury.kinds import CASE_COSTS, RUNNING_COSTS, Category
from treasury.models import StandingAuthority, Tariff, TariffLine
from treasury.second import second_person
from vault.keys import ORGANISATION

# (category, stage or "", most in minor units)
Fee = tuple[Category, str, int]


def tariff_terms(*, name: str, fees: Sequence[Fee], valid_from: datetime.date) -> dict[str, object]:
    """The payload a second officer approves (kind "standing-authority", object: the organisation)."""
    return {
        "name": name,
        "fees": [[Category(category).value, stage, most] for category, stage, most in fees],
        "valid_from": valid_from.isoformat(),
    }


@action("tariff.approved")
def approve_tariff(
    *,
    name: str,
    fees: Sequence[Fee],
    valid_from: datetime.date,
    valid_until: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Tariff:
    """Put fees in force that one person may then agree to. Raises NeedsSecondPerson, ValueError."""
    if any(most <= 0 or category not in CASE_COSTS + RUNNING_COSTS for category, _stage, most in fees):
        raise ValueError("a tariff line needs a cost category and a positive amount")
    terms = tariff_terms(name=name, fees=fees, valid_from=valid_from)
    second = second_person("standing-authority", ORGANISATION, terms, by=by, at=at)
    tariff = Tariff(
        name=name,
        currency=chart.base_currency(),
        valid_from=valid_from,
        valid_until=valid_until,
        proposed_by=by.actor_id,
        approved_by=second,
    )
    tariff.save()
    TariffLine.objects.insert_many(
        [TariffLine(tariff=tariff, category=c, stage=stage, amount_minor=most) for c, stage, most in fees]
    )
    touch(tariff.id)
    fact(lines=len(fees))
    return tariff


def authority_terms(
    *, monthly_minor: int, valid_from: datetime.date, valid_until: datetime.date
) -> dict[str, object]:
    """The payload a second officer approves (kind "standing-authority", object: the tariff)."""
    return {
        "monthly_minor": monthly_minor,
        "valid_from": valid_from.isoformat(),
        "valid_until": valid_until.isoformat(),
    }


@action("authority.granted")
def grant_standing_authority(
    *,
    tariff: Tariff,
    monthly_minor: int,
    valid_from: datetime.date,
    valid_until: datetime.date,
    by: Actor,
    at: datetime.datetime,
) -> StandingAuthority:
    """Let one person commit under the tariff up to an amount each month. Raises NeedsSecondPerson."""
    terms = authority_terms(monthly_minor=monthly_minor, valid_from=valid_from, valid_until=valid_until)
    second = second_person("standing-authority", tariff.id, terms, by=by, at=at)
    authority = StandingAuthority(
        tariff=tariff,
        monthly_minor=monthly_minor,
        valid_from=valid_from,
        valid_until=valid_until,
        proposed_by=by.actor_id,
        approved_by=second,
    )
    authority.save()
    touch(authority.id, tariff.id)
    fact(monthly_minor=monthly_minor)
    return authority


@action("authority.ended")
def end_standing_authority(
    *, authority: StandingAuthority, by: Actor, at: datetime.datetime
) -> StandingAuthority:
    """Withdraw it from today."""
    authority.ended_on = at.date()
    authority.save()
    touch(authority.id)
    return authority
