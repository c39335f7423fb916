"""From a stored webhook to a booked gift, one worker; beside a plain insert."""

import time

from tests.bench import database

COUNT = 300


def main() -> None:
    database.prepare()
    from django.db import transaction

    from donations import inbox
    from donations.models import Donation, Hint
    from donations.models.gifts import Status
    from donations.sandbox.server import Sandbox
    from donations.stripe_gateway import Gateway
    from tests import people
    from tests.donations import gifts
    from treasury.actions.funds import open_fund
    from treasury.kinds import FundKind

    with Sandbox() as sandbox:
        gateway = Gateway("sk_test_sandbox", sandbox.base_url)
        fund = open_fund(
            code="general", name="General", kind=FundKind.GENERAL, by=people.SETUP, at=people.START
        )
        for _ in range(COUNT):
            donation, _code = gifts.give(fund, gateway)
            sandbox.pay(gifts.session_of(donation))
        heard = [hint for hint in gifts.hints(sandbox) if hint.type == "checkout.session.completed"]

        began = time.perf_counter()
        for number in range(COUNT):
            with transaction.atomic():
                Hint.objects.create(
                    id=f"plain-{number}", type="x", object_id="x", received_at=gifts.AT, state="ignored"
                )
        inserting = time.perf_counter() - began

        for hint in heard:
            inbox.store(hint, at=gifts.AT)
        began, worked = time.perf_counter(), time.thread_time()
        inbox.drain(gateway, clock=lambda: gifts.AT)
        booking, working = time.perf_counter() - began, time.thread_time() - worked
        assert Donation.objects.filter(status=Status.SETTLED).count() == COUNT
        database.row("plain insert (yardstick)", inserting, COUNT, inserting)
        database.row("hint -> fetched -> booked, one worker", booking, COUNT, inserting)
        # The sandbox answers in threads of this process; Stripe would not take our processor's time.
        database.row("the same, processor time of the worker alone", working, COUNT, inserting)
        gateway.close()


if __name__ == "__main__":
    main()
