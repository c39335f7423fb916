"""From the sandbox's events to the books: once, in any order, with nothing lost."""

import itertools
import random

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from audit.actors import PUBLIC
from donations import codes, inbox, status
from donations.actions import giving
from donations.models import Attempt, Donation, Fact, Hint
from donations.models.gifts import Status
from donations.sandbox.server import Sandbox
from donations.stripe_gateway import Gateway, GatewayUnavailable
from tests.donations import gifts
from tests.donations.gifts import AT
from treasury.models import Fund, Journal

pytestmark = pytest.mark.django_db


def balance(fund: Fund) -> int:
    from treasury import chart

    account = chart.fund(fund)
    account.balance.refresh_from_db()
    return account.balance.posted_minor


def test_a_card_gift_is_booked_net_with_its_fee(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> None:
    donation, _ = gifts.give(fund, gateway)
    assert donation.status == Status.OPEN
    sandbox.pay(gifts.session_of(donation))
    gifts.hear(sandbox, gateway)
    donation.refresh_from_db()
    settled = donation.facts.get(kind=Fact.Kind.SETTLED)
    assert donation.status == Status.SETTLED
    assert settled.gross_minor == 5_000
    assert settled.gross_minor - settled.fee_minor == settled.net_minor == balance(fund)
    assert settled.fee_minor > 0
    assert settled.batch.fund == fund


def test_every_order_and_doubling_of_hints_ends_the_same(
    sandbox: Sandbox, gateway: Gateway, fund: Fund
) -> None:
    donation, _ = gifts.give(fund, gateway)
    sandbox.pay(gifts.session_of(donation))
    heard = gifts.hints(sandbox)
    orders = (
        list(itertools.permutations(heard))
        if len(heard) < 5
        else random.sample(list(itertools.permutations(heard)), 24)
    )
    for order in orders:
        Hint.objects.all().delete()
        for hint in (*order, *order):
            inbox.store(hint, at=AT)
            inbox.drain(gateway, clock=lambda: AT)
    assert Journal.objects.filter(kind="gift").count() == 1
    assert Donation.objects.get(pk=donation.pk).status == Status.SETTLED
    assert donation.facts.filter(kind=Fact.Kind.SETTLED).count() == 1


def test_a_declined_card_leaves_the_page_open(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> None:
    donation, _ = gifts.give(fund, gateway)
    sandbox.pay(gifts.session_of(donation), "declined")
    gifts.hear(sandbox, gateway)
    assert Donation.objects.get(pk=donation.pk).status == Status.OPEN
    sandbox.pay(gifts.session_of(donation))
    gifts.hear(sandbox, gateway)
    assert Donation.objects.get(pk=donation.pk).status == Status.SETTLED


@pytest.mark.parametrize(("card", "end"), [("sepa", Status.SETTLED), ("sepa_fails", Status.FAILED)])
def test_a_direct_debit_is_not_paid_before_the_bank_says_so(
    sandbox: Sandbox, gateway: Gateway, fund: Fund, card: str, end: Status
) -> None:
    donation, _ = gifts.give(fund, gateway)
    sandbox.pay(gifts.session_of(donation), card)
    gifts.hear(sandbox, gateway)
    assert Donation.objects.get(pk=donation.pk).status == Status.PROCESSING
    assert balance(fund) == 0
    sandbox.settle()
    gifts.hear(sandbox, gateway)
    assert Donation.objects.get(pk=donation.pk).status == end
    assert (balance(fund) > 0) == (end == Status.SETTLED)


def test_an_expired_page_ends_the_gift(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> None:
    donation, _ = gifts.give(fund, gateway)
    gateway.expire_checkout(gifts.session_of(donation))
    gifts.hear(sandbox, gateway)
    assert Donation.objects.get(pk=donation.pk).status == Status.EXPIRED


def test_a_card_of_a_risk_country_goes_to_a_human(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> None:
    donation, _ = gifts.give(fund, gateway)
    sandbox.pay(gifts.session_of(donation), "risk_by")
    gifts.hear(sandbox, gateway)
    assert list(Donation.objects.held()) == [donation]
    assert Donation.objects.get(pk=donation.pk).status == Status.SETTLED


def test_what_differs_is_held_and_what_arrived_is_booked(
    sandbox: Sandbox, gateway: Gateway, fund: Fund
) -> None:
    donation, _ = giving.begin_gift(
        fund=fund, amount_minor=9_900, currency="EUR", level="quiet", language="en", by=PUBLIC, at=AT
    )
    attempt = giving.begin_attempt(donation=donation, by=PUBLIC, at=AT)
    session = gateway.create_checkout(
        amount_minor=700, currency="EUR", product_name="x", success_url="http://a/", cancel_url="http://a/",
        client_reference=str(donation.pk), idempotency_key="k", expires_at=attempt.expires_at,
    )  # fmt: skip
    giving.record_opened(attempt=attempt, session=session, by=PUBLIC, at=AT)
    sandbox.pay(session.id)
    gifts.hear(sandbox, gateway)
    assert list(Donation.objects.held()) == [donation]
    assert 0 < balance(fund) < 700


def test_a_crash_before_the_answer_was_stored_loses_nothing(
    sandbox: Sandbox, gateway: Gateway, fund: Fund
) -> None:
    donation, _ = giving.begin_gift(
        fund=fund, amount_minor=5_000, currency="EUR", level="quiet", language="en", by=PUBLIC, at=AT
    )
    attempt = giving.begin_attempt(donation=donation, by=PUBLIC, at=AT)
    from donations import checkout

    opened = checkout.ask(attempt, gateway=gateway, thanks_url="http://a/", back_url="http://a/")
    sandbox.pay(opened.id)
    gifts.hear(sandbox, gateway)
    assert Donation.objects.get(pk=donation.pk).status == Status.SETTLED
    assert Attempt.objects.get().session_id == opened.id


def test_stripe_out_of_reach_leaves_the_hint_waiting(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> None:
    donation, _ = gifts.give(fund, gateway)
    sandbox.pay(gifts.session_of(donation))
    for hint in gifts.hints(sandbox):
        inbox.store(hint, at=AT)
    nowhere = Gateway("sk_test_sandbox", "http://127.0.0.1:9", timeout=1, max_network_retries=0)
    assert inbox.drain(nowhere, clock=lambda: AT) == 0
    nowhere.close()
    assert set(Hint.objects.waiting().values_list("tries", "last_error")) == {
        (1, GatewayUnavailable.__name__)
    }
    inbox.drain(gateway, clock=lambda: AT)
    assert not Hint.objects.waiting().exists()
    assert Donation.objects.get(pk=donation.pk).status == Status.SETTLED


def test_strange_hints_are_kept_and_ignored(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> None:
    from donations.stripe_answers import EventHint

    odd = EventHint("evt_odd", "customer.created", "cus_1", False, timezone.now())
    assert inbox.store(odd, at=AT)
    assert not inbox.store(odd, at=AT)
    assert Hint.objects.get().state == Hint.State.IGNORED
    session = gateway.create_checkout(
        amount_minor=700, currency="EUR", product_name="x", success_url="http://a/", cancel_url="http://a/",
        client_reference="no uuid", idempotency_key="k", expires_at=timezone.now() + giving.PAGE_LASTS,
    )  # fmt: skip
    sandbox.pay(session.id)
    gifts.hear(sandbox, gateway)
    assert not Journal.objects.exists()


def test_amounts_funds_and_currencies_are_bounded(fund: Fund) -> None:
    from treasury.actions.funds import close_fund

    def begin(**changed: object) -> None:
        values = {"fund": fund, "amount_minor": 5_000, "currency": "EUR", "level": "quiet", "language": "en"}
        giving.begin_gift(**{**values, **changed}, by=PUBLIC, at=AT)  # type: ignore[arg-type]

    for wrong in (giving.LEAST_MINOR - 1, giving.MOST_MINOR + 1):
        with pytest.raises(giving.AmountOutside):
            begin(amount_minor=wrong)
    with pytest.raises(ValueError, match="RUB"):
        begin(currency="RUB")
    close_fund(fund=fund, by=PUBLIC, at=AT)
    with pytest.raises(giving.FundClosed):
        begin(fund=Fund.objects.get(pk=fund.pk))


def test_codes_are_kept_as_digests_and_read_as_typed(fund: Fund, gateway: Gateway, sandbox: Sandbox) -> None:
    donation, code = gifts.give(fund, gateway, level="code")
    assert donation.code_digest == codes.digest(code.lower().replace("-", " "))
    assert code not in str(Donation.objects.values().get())
    assert Donation.objects.get(code_digest=codes.digest(code)) == donation
    quiet, none = gifts.give(fund, gateway)
    assert (quiet.code_digest, none) == ("", "")


def test_the_database_records_a_fact_once(fund: Fund, gateway: Gateway, sandbox: Sandbox) -> None:
    donation, _ = gifts.give(fund, gateway)
    fact = donation.facts.get()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "insert into donations_fact"
            "(id, donation_id, kind, object_id, recorded_at, currency, action_id, record)"
            f" select '{'a' * 32}', donation_id, kind, object_id, recorded_at, currency, action_id, record"
            " from donations_fact"
        )
    assert list(donation.facts.all()) == [fact]


def test_the_projection_does_not_depend_on_order() -> None:
    facts = [
        ("opened", "cs_1"),
        ("expired", "cs_1"),
        ("opened", "cs_2"),
        ("processing", "cs_2"),
        ("paid", "cs_2"),
    ]
    for order in itertools.permutations(facts):
        assert status.project(order) == Status.PAID
    assert status.project([]) == Status.DRAFT
    assert status.project([("opened", "a"), ("expired", "a")]) == Status.EXPIRED
    assert status.project([("opened", "a"), ("failed", "a"), ("opened", "b")]) == Status.OPEN
    assert status.project([("processing", "a"), ("failed", "a")]) == Status.FAILED


def test_a_webhook_that_never_came_is_made_up_for(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> None:
    import datetime

    from donations import sweeps

    donation, _ = gifts.give(fund, gateway)
    sandbox.pay(gifts.session_of(donation))
    assert sweeps.observe_open_attempts(gateway, at=AT) == 0
    nowhere = Gateway("sk_test_sandbox", "http://127.0.0.1:9", timeout=1, max_network_retries=0)
    later = AT + datetime.timedelta(minutes=10)
    assert sweeps.observe_open_attempts(nowhere, at=later) == 0
    nowhere.close()
    assert sweeps.observe_open_attempts(gateway, at=later) == 1
    assert Donation.objects.get(pk=donation.pk).status == Status.SETTLED
    assert sweeps.observe_open_attempts(gateway, at=later) == 0


@pytest.mark.broken_books(reason="the law is broken on purpose")
def test_a_gift_called_settled_without_a_booking_breaks_a_law(fund: Fund) -> None:
    from audit.actions import action
    from donations import laws
    from treasury import batches

    @action("test.forged")
    def forge(*, by: object, at: object) -> None:
        donation = Donation.objects.create(
            fund=fund,
            amount_minor=1_000,
            currency="EUR",
            level="quiet",
            language="en",
            fallback="x",
            given_on=AT.date(),
        )
        batch = batches.gifts_batch(fund, on=AT.date())
        Fact(
            donation=donation, kind=Fact.Kind.SETTLED, object_id="txn_never", recorded_at=AT,
            gross_minor=1_000, fee_minor=0, net_minor=1_000, currency="EUR", batch=batch,
        ).save()  # fmt: skip

    forge(by=PUBLIC, at=AT)
    assert laws.settled_gifts_are_booked() == 1
    assert laws.booked_gifts_are_settled() == 1


def test_gifts_of_an_earlier_system_are_taken_over_once(fund: Fund) -> None:
    from donations.actions.past import PastGift, record_past_gifts
    from treasury.books import AlreadyBooked

    rows = [PastGift(f"old-{number}", 2_000, 50) for number in range(3)]
    assert record_past_gifts(fund=fund, gifts=[], on=AT.date(), by=PUBLIC, at=AT) == 0
    assert record_past_gifts(fund=fund, gifts=rows, on=AT.date(), by=PUBLIC, at=AT) == 3
    with pytest.raises(AlreadyBooked):
        record_past_gifts(fund=fund, gifts=rows, on=AT.date(), by=PUBLIC, at=AT)
    assert Donation.objects.settled().count() == 3
    assert balance(fund) == 3 * 1_950
