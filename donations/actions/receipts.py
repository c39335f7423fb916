"""Receipts, and the letters that tell of them."""

import datetime

from django.db import IntegrityError, transaction

from accounts.outbox import posting
from audit.actions import action, fact, touch
from audit.actors import Actor
from donations import donors, receipts
from donations.models import Donation, Donor, Receipt

LETTER = "donor-receipt"


@action("receipt.kept_up")
def keep_receipt(*, donation: Donation, by: Actor, at: datetime.datetime) -> Receipt | None:
    """The valid receipt of a gift, made or replaced if what it says is no longer so; None if nothing is left.

    The giver's letter about it, if one waits, is let go in the same transaction.
    """
    gift = Donation.objects.select_for_update(of=("self",)).select_related("donor").get(pk=donation.pk)
    touch(gift.pk)
    due = receipts.due(gift)
    held = Receipt.objects.filter(donation=gift, state=Receipt.State.VALID).first()
    if held is not None and due is not None and held.amount_minor == due.amount_minor:
        return held
    if held is not None:
        held.state = Receipt.State.REPLACED if due else Receipt.State.VOID
        held.ended_at = at
        held.save()
    made = _make(gift, due, at) if due else None
    fact(replaced=held is not None, valid=made is not None)
    _tell(gift, at)
    return made


def _make(gift: Donation, due: receipts.Due, at: datetime.datetime) -> Receipt:
    for _again in range(3):  # two equal numbers are next to impossible, and refused by the database
        try:
            with transaction.atomic():
                made: Receipt = Receipt.objects.create(
                    donation=gift,
                    number=receipts.new_number(),
                    amount_minor=due.amount_minor,
                    currency=due.currency,
                    given_on=gift.given_on,
                    issued_at=at,
                )
                return made
        except IntegrityError:
            continue
    raise RuntimeError("no free number for a receipt")


def _tell(gift: Donation, at: datetime.datetime) -> None:
    """The one letter that was promised; later ones only to those who stay in touch."""
    if posting.release(occasion_id=gift.pk, at=at) or gift.donor is None:
        return
    if gift.donor.level == Donor.Level.IN_TOUCH:
        posting.post(
            letter=LETTER,
            language=gift.donor.language,
            recipient=donors.RECIPIENT,
            about_id=gift.donor_id,
            at=at,
        )
