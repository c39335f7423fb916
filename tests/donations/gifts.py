"""Gifts as a donor would give them, through the real functions."""

import datetime
from typing import Any

from audit.actors import PUBLIC
from donations import checkout, inbox
from donations.actions.giving import begin_gift
from donations.models import Attempt, Donation, Fact
from donations.sandbox.server import Sandbox
from donations.stripe_answers import EventHint
from donations.stripe_gateway import Gateway
from treasury.models import Balance, Fund

# The sandbox keeps the real time, and a payment page must end after it, however long the run takes.
AT = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=3)


def give(
    fund: Fund, gateway: Gateway, *, amount_minor: int = 5_000, level: str = "quiet", **more: Any
) -> tuple[Donation, str]:
    """A gift whose payment page is open; with its code."""
    words = {"currency": "EUR", "language": "en", **more}
    donation, code = begin_gift(fund=fund, amount_minor=amount_minor, level=level, by=PUBLIC, at=AT, **words)
    checkout.open_payment_page(
        donation,
        gateway=gateway,
        thanks_url="http://127.0.0.1/thanks/",
        back_url="http://127.0.0.1/back/",
        at=AT,
        clock=lambda: AT,
    )
    return Donation.objects.get(pk=donation.pk), code


def paid(fund: Fund, gateway: Gateway, sandbox: Sandbox, card: str = "ok", **more: Any) -> Donation:
    """A gift that was paid and booked."""
    donation, _code = give(fund, gateway, **more)
    sandbox.pay(session_of(donation), card)
    hear(sandbox, gateway)
    return now(donation)


def now(donation: Donation) -> Donation:
    """The gift as it stands."""
    return Donation.objects.select_related("recurring", "fund").get(pk=donation.pk)


def session_of(donation: Donation) -> str:
    session_id = Attempt.objects.get(donation=donation).session_id
    assert session_id
    return session_id


def payment_of(donation: Donation) -> str:
    return Attempt.objects.get(donation=donation).payment_intent_id


def hints(sandbox: Sandbox) -> list[EventHint]:
    """Everything that happened at the sandbox, as webhooks would tell it."""
    return [hint_of(event) for event in sandbox.events()]


def hint_of(event: dict[str, Any]) -> EventHint:
    return EventHint(
        id=event["id"],
        type=event["type"],
        object_id=event["data"]["object"].get("id") or "",
        livemode=event["livemode"],
        created_at=datetime.datetime.fromtimestamp(event["created"], datetime.UTC),
    )


def hear(sandbox: Sandbox, gateway: Gateway, at: datetime.datetime = AT) -> None:
    """Store all hints and follow them."""
    for hint in hints(sandbox):
        inbox.store(hint, at=at)
    inbox.drain(gateway, clock=lambda: at)


def kinds(donation: Donation) -> set[str]:
    """The kinds of facts that are known about a gift."""
    return set(donation.facts.values_list("kind", flat=True))


def moved(donation: Donation, kind: str) -> list[int]:
    """What facts of a kind moved, gross, oldest first."""
    return list(Fact.objects.filter(donation=donation, kind=kind).values_list("gross_minor", flat=True))


def standing(code: str) -> int:
    """Debits less credits of an account: what lies there. 0 if it does not exist yet."""
    kept = Balance.objects.filter(account__code=code).first()
    return kept.debit_posted - kept.credit_posted if kept else 0
