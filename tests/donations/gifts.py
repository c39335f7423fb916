"""Gifts as a donor would give them, through the real functions."""

import datetime

from audit.actors import PUBLIC
from donations import checkout, inbox
from donations.actions.giving import begin_gift
from donations.models import Attempt, Donation
from donations.sandbox.server import Sandbox
from donations.stripe_answers import EventHint
from donations.stripe_gateway import Gateway
from treasury.models import Fund

# The sandbox keeps the real time, and a payment page must end after it.
AT = datetime.datetime.now(datetime.UTC)


def give(
    fund: Fund, gateway: Gateway, *, amount_minor: int = 5_000, level: str = "quiet"
) -> tuple[Donation, str]:
    """A gift whose payment page is open; with its code."""
    donation, code = begin_gift(
        fund=fund, amount_minor=amount_minor, currency="EUR", level=level, language="en", by=PUBLIC, at=AT
    )
    checkout.open_payment_page(
        donation,
        gateway=gateway,
        thanks_url="http://127.0.0.1/thanks/",
        back_url="http://127.0.0.1/back/",
        at=AT,
        clock=lambda: AT,
    )
    return Donation.objects.get(pk=donation.pk), code


def session_of(donation: Donation) -> str:
    session_id = Attempt.objects.get(donation=donation).session_id
    assert session_id
    return session_id


def hints(sandbox: Sandbox) -> list[EventHint]:
    """Everything that happened at the sandbox, as webhooks would tell it."""
    return [
        EventHint(
            id=event["id"],
            type=event["type"],
            object_id=event["data"]["object"]["id"],
            livemode=event["livemode"],
            created_at=datetime.datetime.fromtimestamp(event["created"], datetime.UTC),
        )
        for event in sandbox.events()
    ]


def hear(sandbox: Sandbox, gateway: Gateway) -> None:
    """Store all hints and follow them."""
    for hint in hints(sandbox):
        inbox.store(hint, at=AT)
    inbox.drain(gateway, clock=lambda: AT)
