"""Reserving money for what was agreed, raising it, and giving it back."""

import datetime
import uuid

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from treasury import books, chart, commitments, eligible, tariffs
from treasury.kinds import CASE_COSTS, RUNNING_COSTS, Category, JournalKind, VoucherKind
from treasury.models import Commitment, Journal, StandingAuthority

# Bank charges and exchange differences on an agreed fee, in basis points.
TOLERANCE = int(settings.COMMITMENT_TOLERANCE_BASIS_POINTS)


class WrongCategory(DomainError):
    """The category is not one of case costs (with a case) or running costs (without)."""

    code = "wrong-category"
    message = _("“%(category)s” does not fit: case costs need a case, running costs have none.")


class WrongAmount(DomainError):
    """The amount is not positive."""

    code = "wrong-amount"
    message = _("The amount must be more than nothing.")


class NothingHeld(DomainError):
    """The commitment holds less than is to be released; ``held_minor`` says how much it holds."""

    code = "nothing-held"
    message = _("Only what is still held can be released.")


@action("commitment.made")
def commit(
    *,
    category: Category,
    amount_minor: int,
    case_id: uuid.UUID | None = None,
    agreed_minor: int | None = None,
    agreed_currency: str | None = None,
    authority: StandingAuthority | None = None,
    voucher_kind: VoucherKind | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Commitment:
    """Reserve money for something agreed, on the case's ceiling and in eligible funds.

    ``amount_minor`` is in the currency of the books; ``agreed_*`` what was agreed, if in another one. With
    ``voucher_kind`` only where the funder accepts that evidence. What no fund has may rest on a signed
    instalment, within the limit that the board has set.
    Raises WrongCategory, WrongAmount, tariffs.OutsideAuthority, eligible.CeilingShort and
    eligible.NotEnoughMoney (with ``missing_minor`` and ``ways_out``).
    """
    refuse_wrong(category, amount_minor, case_id)
    books.lock()
    if authority is not None:
        tariffs.refuse_outside(authority, category, amount_minor, at.date())
    commitment = Commitment(
        case_id=case_id,
        category=category,
        agreed_minor=agreed_minor or amount_minor,
        agreed_currency=agreed_currency or chart.base_currency(),
        amount_minor=amount_minor,
        currency=chart.base_currency(),
        tolerance_basis_points=TOLERANCE,
        authority=authority,
        committed_on=at.date(),
        committed_by=by.actor_id,
    )
    _hold(commitment, amount_minor, voucher_kind, by=by, at=at)
    return commitment


@action("commitment.raised")
def raise_commitment(
    *, commitment: Commitment, by_minor: int, by: Actor, at: datetime.datetime
) -> Commitment:
    """Reserve more for the same thing. Raises what :func:`commit` raises."""
    refuse_wrong(Category(commitment.category), by_minor, commitment.case_id)
    books.lock()
    commitment.refresh_from_db()
    if commitment.authority is not None:
        tariffs.refuse_outside(commitment.authority, commitment.category, by_minor, at.date())
    commitment.amount_minor += by_minor
    commitment.agreed_minor += by_minor if commitment.agreed_currency == commitment.currency else 0
    _hold(commitment, by_minor, None, by=by, at=at)
    return commitment


@action("commitment.released")
def release_commitment(
    *, commitment: Commitment, amount_minor: int | None = None, by: Actor, at: datetime.datetime
) -> Journal:
    """Give back what is held, all of it unless an amount is given; what is out as an advance stays held.

    Raises NothingHeld.
    """
    books.lock()
    commitment.refresh_from_db()
    held = commitments.releasable_minor(commitment)
    amount = held if amount_minor is None else amount_minor
    if not 0 < amount <= held:
        raise NothingHeld(held_minor=held)
    entries = commitments.release_entries(commitment, amount)
    key = next_key(commitment)
    touch(commitment.id)
    fact(released_minor=amount)
    return books.write(JournalKind.RELEASE, key, entries, by=by, at=at)


def refuse_wrong(category: Category, amount_minor: int, case_id: uuid.UUID | None) -> None:
    """Raise WrongCategory or WrongAmount."""
    if category not in (RUNNING_COSTS if case_id is None else CASE_COSTS):
        raise WrongCategory(category=category.label)
    if amount_minor <= 0:
        raise WrongAmount()


def next_key(commitment: Commitment) -> str:
    """Count one more journal of this commitment, save it, and return the journal's key."""
    commitment.steps += 1
    commitment.save()
    return f"commitment:{commitment.id}:{commitment.steps}"


def _hold(
    commitment: Commitment,
    amount_minor: int,
    voucher_kind: VoucherKind | None,
    *,
    by: Actor,
    at: datetime.datetime,
) -> None:
    if commitment.case_id is not None:
        eligible.refuse_above_ceiling(commitment.case_id, amount_minor)
        touch(commitment.case_id)
    category = Category(commitment.category)
    draws = eligible.draw(
        amount_minor, category, commitment.case_id, at.date(), ahead=True, voucher_kind=voucher_kind
    )
    key = next_key(commitment)
    books.write(JournalKind.COMMITMENT, key, commitments.hold_entries(commitment, draws), by=by, at=at)
    touch(commitment.id)
    fact(amount_minor=amount_minor, category=category.value)
    if waits := sum(draw.amount_minor for draw in draws if draw.ahead):
        fact(ahead_minor=waits)
