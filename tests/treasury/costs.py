"""Short ways to a grant, a paid claim, and what undoes them."""

import datetime
from typing import Any

from tests.treasury.world import AT, TODAY, World
from treasury import chart
from treasury.actions import authorities, grants, payments
from treasury.actions.commitments import release_commitment
from treasury.actions.corrections import reverse_journal
from treasury.kinds import Category, ReasonCode
from treasury.models import Claim, Commitment, Journal, StandingAuthority


def free_ceiling(world: World) -> int:
    """What may still be committed under the ceiling of the case."""
    return chart.ceiling(world.case_id).balance.free_minor


def grant(
    world: World, paid_minor: int = 0, due_minor: int = 0, categories: tuple[str, ...] = ("fee",)
) -> None:
    """A grant of which a part has come."""
    amount = paid_minor + due_minor
    made = grants.open_grant(
        code="grant",
        name="A grant",
        funder="Example Foundation",
        agreement_ref="EF-1",
        amount_minor=amount,
        starts_on=TODAY,
        ends_on=TODAY + datetime.timedelta(days=365),
        lines=[grants.Line("All", amount, categories)],
        instalments=[(TODAY, amount)],
        by=world.treasurer,
        at=AT,
    )
    if paid_minor:
        grants.receive_instalment(
            instalment=made.instalments.get(),
            amount_minor=paid_minor,
            received_on=TODAY,
            by=world.treasurer,
            at=AT,
        )


def paid(world: World, agreed: int, claimed: int) -> tuple[Claim, Commitment, Journal]:
    """A claim that was paid out of its commitment."""
    world.ceiling(fee=50_000)
    commitment = world.commit(agreed)
    claim = world.approved(world.claim(claimed, commitment))
    journal = payments.pay_claim(claim=claim, by=world.treasurer, at=AT)
    claim.refresh_from_db()
    return claim, commitment, journal


def release(world: World, commitment: Commitment, amount_minor: int | None = None) -> None:
    """Let go what the commitment holds, or a part of it."""
    release_commitment(commitment=commitment, amount_minor=amount_minor, by=world.treasurer, at=AT)


def reverse(world: World, journal: Journal, reason: ReasonCode = ReasonCode.OTHER, note: str = "") -> Journal:
    """Take a journal back."""
    return reverse_journal(journal=journal, reason_code=reason, note=note, by=world.treasurer, at=AT)


def standing_authority(world: World, monthly_minor: int) -> StandingAuthority:
    """One for thirty days under a tariff of its own, agreed by two people."""
    tariff = world.tariff((Category.FEE, "", 10_000))
    term: dict[str, Any] = {"valid_from": TODAY, "valid_until": TODAY + datetime.timedelta(days=30)}
    world.approve(
        "standing-authority", tariff.id, authorities.authority_terms(monthly_minor=monthly_minor, **term)
    )
    return authorities.grant_standing_authority(
        tariff=tariff, monthly_minor=monthly_minor, by=world.treasurer, at=AT, **term
    )
