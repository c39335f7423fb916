"""Two who spend the last money at once, from two connections."""

import threading
from collections import Counter as Tally
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, connections, models

from audit.actions import DomainError
from tests.plugins.roles import as_owner
from tests.treasury.test_guards import insert
from tests.treasury.world import AT, World, free, raw, totals
from treasury import chart
from treasury.actions import payments
from treasury.actions.commitments import commit
from treasury.kinds import Category, FundKind
from treasury.models import Account, Journal, Transfer


def at_once(*calls: Callable[[], object]) -> Tally[str]:
    """Run the calls in threads that start together; how each one ended."""
    outcomes: Tally[str] = Tally()
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> None:
        try:
            start.wait(timeout=30)
            call()
            outcomes["done"] += 1
        except (DomainError, DatabaseError) as refused:
            outcomes[getattr(refused, "code", None) or type(refused).__name__] += 1
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return outcomes


def test_the_last_hundred_of_a_fund_is_committed_once(shared_world: World) -> None:
    world = shared_world
    own = world.fund("own", FundKind.CASE, case_ids=[world.case_id])
    world.ceiling(fee=900_000)
    world.commit(90_000)

    def take() -> None:
        commit(category=Category.FEE, amount_minor=10_000, case_id=world.case_id, by=world.second, at=AT)

    assert at_once(take, take, take, take) == {"done": 1, "not-enough-money": 3}
    assert (free(world.general), free(own)) == (0, 0)
    assert [row.number for row in Journal.objects.all()] == list(range(1, Journal.objects.count() + 1))


def test_the_last_hundred_under_a_ceiling_is_committed_once(shared_world: World) -> None:
    world = shared_world
    world.ceiling(fee=20_000)
    world.commit(10_000)

    def take() -> None:
        commit(category=Category.FEE, amount_minor=10_000, case_id=world.case_id, by=world.second, at=AT)

    assert at_once(take, take, take) == {"done": 1, "ceiling-short": 2}
    assert totals(f"ceiling:{world.case_id}") == (0, 20_000, 20_000, 0)


@pytest.mark.broken_books("transfers nobody decided on")
def test_raw_sql_from_two_connections_cannot_overdraw(shared_world: World) -> None:
    """The database alone, without the lock of the books: 12 payments of 100 on 1,000."""
    batch = shared_world.general.batches.get()
    general = chart.fund(shared_world.general)
    control = Account.objects.get(kind="funds_control")
    calls = [
        lambda line=line: insert(
            "post", general, control, 10_000, batch, row_id=f"raw:{line}", line=900 + line
        )
        for line in range(12)
    ]
    outcomes = at_once(*calls)
    assert outcomes["done"] == 10
    assert sum(outcomes.values()) == 12
    assert free(shared_world.general) == 0


def test_a_claim_is_paid_once(shared_world: World) -> None:
    world = shared_world
    world.ceiling(fee=20_000)
    claim = world.approved(world.claim(10_000))
    person = world.treasurer

    def pay() -> None:
        payments.pay_claim(claim=type(claim).objects.get(pk=claim.pk), by=person, at=AT)

    assert at_once(pay, pay, pay) == {"done": 1, "claim-not-open": 2}
    assert totals("bank:main") == (0, 0, 10_000, 0)


def test_gifts_from_many_workers_are_all_booked(shared_world: World) -> None:
    calls = [lambda: [shared_world.gift(100) for _ in range(5)] for _ in range(4)]
    assert at_once(*calls) == {"done": 4}
    assert free(shared_world.general) == 102_000
    assert shared_world.general.batches.count() == 1


def test_guards_survive_a_rebuild_of_the_table(shared_world: World) -> None:
    """Django's alterations on SQLite build a table anew; its triggers must come back."""
    field = models.CharField(max_length=9, default="")
    field.set_attributes_from_name("extra")
    field.model = Transfer
    narrow = Transfer._meta.get_field("currency")
    wide = models.CharField(max_length=4)
    wide.set_attributes_from_name("currency")
    wide.model = Transfer
    with as_owner(connection), connection.schema_editor() as editor:
        editor.add_field(Transfer, field)
        editor.remove_field(Transfer, field)
        editor.alter_field(Transfer, narrow, wide)
        editor.alter_field(Transfer, wide, narrow)
    general, control = chart.fund(shared_world.general), Account.objects.get(kind="funds_control")
    with pytest.raises(DatabaseError, match="overdrawn"):
        insert("pend", general, control, 100_001)
    with pytest.raises(DatabaseError, match="append-only"):
        raw("update treasury_transfer set amount_minor = 1")


def test_tables_of_the_books_are_not_truncated(shared_world: World) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no TRUNCATE; its DELETE is refused in test_guards")
    for table in ("balance", "hold", "lot", "counter", "transfer", "journal", "account", "period"):
        with pytest.raises(DatabaseError, match=r"kept by triggers|append-only"):
            raw(f"truncate treasury_{table} cascade")
    assert totals("fund:general") == (0, 0, 100_000, 0)
