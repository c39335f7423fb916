"""From a stored webhook to a booked gift, one worker, Stripe in another process; beside a plain insert.

``BENCH_PROFILE=FILE`` writes where the worker's time went.
"""

import cProfile
import os
import time
from typing import Any

from tests.bench import database
from tests.bench.stripe_apart import StripeApart

COUNT = int(os.environ.get("BENCH_GIFTS", "400"))


def main() -> None:
    database.prepare()
    stripe = StripeApart()
    try:
        _measure(stripe)
    finally:
        stripe.stop()


def _measure(stripe: Any) -> None:
    from donations import inbox
    from donations.models import Donation, Hint
    from donations.models.gifts import Status
    from donations.stripe_gateway import Gateway
    from tests.donations import gifts

    gateway = Gateway("sk_test_sandbox", stripe.base_url)
    _begin(stripe, gateway)
    heard = [gifts.hint_of(each) for each in stripe.events() if each["type"] == "checkout.session.completed"]
    inserting = _insert_plainly(Hint)
    for hint in heard:
        inbox.store(hint, at=gifts.AT)
    profile = cProfile.Profile() if os.environ.get("BENCH_PROFILE") else None
    began, worked = time.perf_counter(), time.process_time()
    if profile:
        profile.enable()
    inbox.drain(gateway, clock=lambda: gifts.AT)
    if profile:
        profile.disable()
        profile.dump_stats(os.environ["BENCH_PROFILE"])
    booking, working = time.perf_counter() - began, time.process_time() - worked
    assert Donation.objects.filter(status=Status.SETTLED).count() == COUNT
    database.row("plain insert (yardstick)", inserting, COUNT, inserting)
    database.row("hint -> fetched -> booked, one worker", booking, COUNT, inserting)
    database.row("the same, processor time of the worker", working, COUNT, inserting)
    gateway.close()


def _begin(stripe: Any, gateway: Any) -> None:
    from django.conf import settings

    from tests import people
    from tests.donations import gifts
    from treasury.actions.funds import open_fund
    from treasury.kinds import FundKind

    settings.DONATION_UNPAID_QUOTA = COUNT + 1  # all pages are opened before the first is heard of
    fund = open_fund(code="general", name="General", kind=FundKind.GENERAL, by=people.SETUP, at=people.START)
    for _ in range(COUNT):
        donation, _code = gifts.give(fund, gateway)
        stripe.pay(gifts.session_of(donation))


def _insert_plainly(model: Any) -> float:
    from django.db import transaction

    from tests.donations import gifts

    began = time.perf_counter()
    for number in range(COUNT):
        with transaction.atomic():
            model.objects.create(
                id=f"plain-{number}", type="x", object_id="x", received_at=gifts.AT, state="ignored"
            )
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
