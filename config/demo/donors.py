"""Donors who left an address: in touch and monthly, with a receipt, and one large gift."""

import dataclasses
import datetime
import secrets

from audit.actors import PUBLIC, WORKER
from config.demo.giving import answers
from config.demo.processor import give_half_back
from config.demo.world import World
from donations import aftercare
from donations.actions.donors import choose_yearly
from donations.actions.giving import begin_attempt, begin_gift, record_opened
from donations.actions.payments import observe_payment
from donations.actions.recurring import observe_subscription
from donations.models import Donation
from donations.stripe_answers import Subscription

# Sign in at /en/my/ with one of these; on a developer's machine the letter lies under DATA_DIR/mail.
IN_TOUCH, RECEIPT, LARGE = "heron@example.org", "swift@example.org", "crane@example.org"


def donors(world: World) -> None:
    """Gifts over some months, their receipts, one in dollars, and a large one that waits for a check."""
    for days_ago, amount in ((200, 2_500), (95, 5_000)):
        changed = _gift(world, IN_TOUCH, "in-touch", amount, days_ago)
    give_half_back(changed, world.moment(90))
    kept = _gift(world, IN_TOUCH, "in-touch", 4_000, 20)
    _gift(world, RECEIPT, "receipt", 3_000, 30)
    _gift(world, LARGE, "in-touch", 250_000, 3)
    if kept.donor is None:
        raise RuntimeError("a gift that lost its donor")
    choose_yearly(donor=kept.donor, yearly=True, by=kept.donor, at=world.moment(19))
    _monthly(world)
    _in_dollars(world)
    aftercare.look_after(at=world.now, by=WORKER, all_of_it=True)


def _gift(world: World, address: str, level: str, amount_minor: int, days_ago: int) -> Donation:
    at = world.moment(days_ago)
    gift, _code = begin_gift(
        fund=world.funds["general"], amount_minor=amount_minor, currency="EUR", level=level, language="en",
        address=address, by=PUBLIC, at=at,
    )  # fmt: skip
    attempt = begin_attempt(donation=gift, by=PUBLIC, at=at)
    session, payment, _entry = answers(str(gift.pk), amount_minor, at)
    record_opened(attempt=attempt, session=session, by=PUBLIC, at=at)
    observe_payment(attempt=attempt, session=session, payment=payment, by=WORKER, at=at)
    return gift


def _in_dollars(world: World) -> None:
    """A gift that the payment company converted."""
    at, asked, came = world.moment(6), 6_000, 5_502
    gift, _code = begin_gift(
        fund=world.funds["general"], amount_minor=asked, currency="USD", level="quiet", language="en",
        by=PUBLIC, at=at,
    )  # fmt: skip
    attempt = begin_attempt(donation=gift, by=PUBLIC, at=at)
    session, payment, _entry = answers(str(gift.pk), came, at)
    session = dataclasses.replace(session, amount_total_minor=asked, currency="USD")
    payment = dataclasses.replace(payment, amount_minor=asked, received_minor=asked, currency="USD")
    record_opened(attempt=attempt, session=session, by=PUBLIC, at=at)
    observe_payment(attempt=attempt, session=session, payment=payment, by=WORKER, at=at)


def _monthly(world: World) -> None:
    at = world.moment(10)
    gift, _code = begin_gift(
        fund=world.funds["general"], amount_minor=1_500, currency="EUR", level="in-touch", language="en",
        monthly=True, address=IN_TOUCH, by=PUBLIC, at=at,
    )  # fmt: skip
    mandate = gift.recurring
    if mandate is None:
        raise RuntimeError("a monthly gift without its mandate")
    attempt = begin_attempt(donation=gift, by=PUBLIC, at=at)
    key = f"sub_{secrets.token_hex(8)}"
    session, payment, _entry = answers(str(gift.pk), 1_500, at)
    session = dataclasses.replace(session, subscription_id=key)
    record_opened(attempt=attempt, session=session, by=PUBLIC, at=at)
    observe_payment(attempt=attempt, session=session, payment=payment, by=WORKER, at=at)
    next_on = (at + datetime.timedelta(days=30)).date()
    seen = Subscription(
        key, "active", 1_500, "EUR", False, None, next_on, None, str(mandate.pk), "si_1", "prod_1"
    )
    observe_subscription(mandate=mandate, seen=seen, fetched_at=world.now, by=WORKER, at=world.now)
