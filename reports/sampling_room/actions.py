"""Drawing a sample; asking for a voucher of it, opening it to one auditor, closing it again."""

import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts import approvals
from accounts.models import User
from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from audit.checkpoints.models import Checkpoint
from audit.sampling import draw
from cases import counters
from reports.sampling_room.models import Sample, SampleItem, Unsealing
from reports.sampling_room.population import payments
from reports.scope import PeriodReversed, position_at
from treasury.models import Claim

KIND = "voucher.unseal"
HOURS = (4, 24, 72)
LEAST_NONCE, MOST_ITEMS = 8, 400


class NonceTooShort(DomainError):
    code = "nonce-too-short"
    message = _("Choose at least eight signs that nobody could have guessed, such as a line of dice.")


class SampleTooLarge(DomainError):
    code = "sample-too-large"
    message = _("A sample has between 1 and 400 items. For more, take the ledger extract: it has all.")


class NothingToDraw(DomainError):
    code = "nothing-to-draw"
    message = _("No payment of this period is under that checkpoint. Choose a longer period or a later one.")


class DrawnBefore(DomainError):
    code = "drawn-before"
    message = _("This very sample was drawn before; it is in the list.")


class AskedBefore(DomainError):
    code = "asked-before"
    message = _("You asked for this voucher already. It opens on this page when two colleagues have agreed.")


class NoVoucher(DomainError):
    code = "no-voucher"
    message = _("This is a running cost that the bank took: it has no claim, and its evidence is the bank's.")


class OwnVoucher(DomainError):
    code = "own-voucher"
    message = _("It was asked for by one of you two. Both who open a voucher are other people.")


class NotWaiting(DomainError):
    code = "not-waiting"
    message = _("This voucher was opened or closed already. Look at the list again.")


class WrongHours(DomainError):
    code = "wrong-hours"
    message = _("A voucher opens for 4, 24 or 72 hours.")


@action("sample.drawn")
def draw_sample(
    *,
    checkpoint: Checkpoint,
    starts_on: datetime.date,
    ends_on: datetime.date,
    nonce: str,
    size: int,
    by: Actor,
    at: datetime.datetime,
) -> Sample:
    """Draw from the payments of a period that the checkpoint covers, and keep what was drawn.

    The nonce is the auditor's own, chosen after the checkpoint was signed. Every drawing stays in the
    list, so nobody can draw until they like it. Raises NonceTooShort, SampleTooLarge, PeriodReversed,
    NothingToDraw, DrawnBefore.
    """
    nonce = nonce.strip()
    if len(nonce) < LEAST_NONCE:
        raise NonceTooShort()
    if not 1 <= size <= MOST_ITEMS:
        raise SampleTooLarge()
    if ends_on < starts_on:
        raise PeriodReversed()
    chosen = {"checkpoint": checkpoint, "starts_on": starts_on, "ends_on": ends_on, "size": size}
    if Sample.objects.filter(nonce=nonce, **chosen).exists():
        raise DrawnBefore()
    found = payments(starts_on, ends_on, position_at(checkpoint.size).journal_number)
    total = sum(payment.amount_minor for payment in found)
    if not total:
        raise NothingToDraw()
    root = bytes.fromhex(checkpoint.root_hash)
    drawn = draw([(p.key, p.amount_minor) for p in found], root=root, nonce=nonce, size=size)
    sample = Sample(
        number=counters.take("audit-sample")[0],
        nonce=nonce,
        items=len(found),
        total_minor=total,
        currency=settings.BASE_CURRENCY,
        drawn_by=by.actor_id,
        drawn_at=at,
        **chosen,
    )
    sample.save()
    claims = dict(
        Claim.objects.filter(paid_in__in=[item.id for item in drawn]).values_list("paid_in_id", "pk")
    )
    items = [
        SampleItem(sample=sample, journal_id=item.id, amount_minor=item.amount_minor, hits=len(item.units))
        for item in drawn
    ]
    for item in items:
        item.claim_id = {str(journal): claim for journal, claim in claims.items()}.get(str(item.journal_id))
    SampleItem.insert_many(items)
    touch(sample.pk)
    fact(
        sample=sample.number, checkpoint=checkpoint.size, nonce=nonce, size=size,
        starts_on=starts_on.isoformat(), ends_on=ends_on.isoformat(),
    )  # fmt: skip
    return sample


@action("voucher.asked")
def ask_voucher(*, item: SampleItem, by: Actor, at: datetime.datetime) -> Unsealing:
    """Ask to see what proves one payment of a sample. Raises NoVoucher, AskedBefore."""
    if item.claim_id is None:
        raise NoVoucher()
    for older in Unsealing.objects.filter(item=item, asked_by=by.actor_id, ended_at=None):
        if older.until is None or older.is_open(at):
            raise AskedBefore()
        older.ended_at = older.until
        older.save()
    touch(item.pk, item.claim_id)
    return Unsealing.objects.create(item=item, asked_by=by.actor_id, asked_at=at)


def unsealing_terms(unsealing: Unsealing, hours: int) -> dict[str, Any]:
    """The payload a second person approves (kind "voucher.unseal", object: the request)."""
    return {"item": str(unsealing.item_id), "for": unsealing.asked_by, "hours": hours}


@action("voucher.unsealed")
def unseal_voucher(*, unsealing: Unsealing, hours: int, by: User, at: datetime.datetime) -> Unsealing:
    """Open one voucher to the auditor who asked, to be looked at until so many hours from now.

    Takes two people, neither of them the auditor. Raises WrongHours, NotWaiting, OwnVoucher,
    approvals.NeedsSecondPerson.
    """
    if hours not in HOURS:
        raise WrongHours()
    unsealing.refresh_from_db()
    if unsealing.opened_at is not None or unsealing.ended_at is not None:
        raise NotWaiting()
    if unsealing.asked_by == by.actor_id:
        raise OwnVoucher()
    terms = unsealing_terms(unsealing, hours)
    used = approvals.use_approval(kind=KIND, object_id=unsealing.pk, payload=terms, by=by, at=at)
    second = used.decided_by
    if second is None or second.actor_id == unsealing.asked_by:
        raise OwnVoucher()
    unsealing.opened_by, unsealing.second_by = by.actor_id, second.actor_id
    unsealing.opened_at, unsealing.until = at, at + datetime.timedelta(hours=hours)
    unsealing.save()
    touch(unsealing.item_id, *([unsealing.item.claim_id] if unsealing.item.claim_id else []))
    fact(hours=hours)
    return unsealing


@action("voucher.closed")
def close_voucher(*, unsealing: Unsealing, by: Actor, at: datetime.datetime) -> Unsealing:
    """Close it again before its time, or turn the request down. Raises NotWaiting."""
    unsealing.refresh_from_db()
    if unsealing.ended_at is not None or (unsealing.until is not None and unsealing.until <= at):
        raise NotWaiting()
    unsealing.ended_at = at
    unsealing.save()
    touch(unsealing.item_id)
    return unsealing
