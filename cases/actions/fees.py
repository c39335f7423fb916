"""The fee behind a representation: reserved with the acceptance, given back with the end."""

import datetime

from audit.actors import Actor
from cases import kinds
from cases.models import Case, Representation
from treasury import commitments
from treasury.actions.ceilings import approve_ceiling
from treasury.actions.commitments import commit, release_commitment
from treasury.kinds import Category
from treasury.models import Ceiling, Commitment, StandingAuthority, Tariff

CATEGORY = {
    kinds.Role.LEAD: Category.FEE,
    kinds.Role.SECOND: Category.FEE,
    kinds.Role.VISIT: Category.VISIT,
    kinds.Role.APPEAL: Category.APPEAL,
}


def commit_fee(
    *,
    case: Case,
    role: kinds.Role,
    amount_minor: int,
    authority: StandingAuthority | None,
    tariff: Tariff | None,
    agreed_minor: int | None,
    agreed_currency: str | None,
    by: Actor,
    at: datetime.datetime,
) -> Commitment:
    """Reserve a fee; a case without a ceiling gets its first one by the tariff, for this fee.

    Raises AboveTariff, OutsideAuthority, CeilingShort, NotEnoughMoney.
    """
    category = CATEGORY[role]
    by_tariff = tariff or (authority.tariff if authority is not None else None)
    if by_tariff is not None and not Ceiling.objects.filter(case_id=case.id).exists():
        approve_ceiling(case_id=case.id, lines={category: amount_minor}, tariff=by_tariff, by=by, at=at)
    return commit(
        category=category,
        amount_minor=amount_minor,
        case_id=case.id,
        agreed_minor=agreed_minor,
        agreed_currency=agreed_currency,
        authority=authority,
        by=by,
        at=at,
    )


def release_fee(representation: Representation, *, by: Actor, at: datetime.datetime) -> None:
    """Give back what the episode's commitment still holds, if anything."""
    commitment = representation.commitment
    if commitment is not None and commitments.releasable_minor(commitment):
        release_commitment(commitment=commitment, by=by, at=at)
