"""What the database refuses, whatever writes to it: raw SQL on both engines."""

import datetime
import uuid
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from audit import guards
from audit.actions import action
from audit.actors import Actor
from tests.treasury.world import AT, TODAY, WORKER, World, key, raw, totals
from treasury import books, chart, laws
from treasury.actions import periods
from treasury.books import Entry
from treasury.kinds import AccountKind, Category, FundKind, JournalKind
from treasury.models import Account, Balance, Batch, Counter, Hold, Journal, Lot, Transfer

_INSERT = (
    "insert {how} into treasury_transfer (id, action_id, record, journal_id, line, kind, debit_id, credit_id,"
    " amount_minor, currency, pending_id, fund_id, batch_id, category)"
    " values (%s, %s, '', %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'fee')"
)


def insert(
    kind: str,
    debit: Account,
    credit: Account,
    amount: int,
    batch: Batch | None = None,
    *,
    fund: uuid.UUID | None = None,
    pending: str | None = None,
    currency: str = "EUR",
    journal: Journal | None = None,
    how: str = "",
    row_id: str | None = None,
    line: int | None = None,
) -> None:
    """Write one transfer behind the program's back, into the newest journal."""
    journal = journal or Journal.objects.latest("number")
    owner = debit.subject_id if fund is None else fund
    with transaction.atomic():
        raw(
            _INSERT.format(how=how),
            row_id or uuid.uuid4().hex,
            key(uuid.uuid4()),
            key(journal.id),
            line or 900 + Transfer.objects.count(),
            kind,
            key(debit.id),
            key(credit.id),
            amount,
            currency,
            pending,
            key(owner) if owner else None,
            key(batch.id) if batch else None,
        )


@pytest.fixture
def general(world: World) -> Account:
    return chart.fund(world.general)


@pytest.fixture
def control(world: World) -> Account:
    return Account.objects.get(kind=AccountKind.FUNDS_CONTROL)


@pytest.fixture
def batch(world: World) -> Batch:
    return world.general.batches.get()


def test_every_guard_stands(world: World) -> None:
    assert guards.missing(connection) == []


@pytest.mark.parametrize("kind", ["post", "pend"])
@pytest.mark.parametrize("how", ["", "or ignore", "or replace"])
def test_a_fund_cannot_be_overdrawn(
    world: World, general: Account, control: Account, batch: Batch, kind: str, how: str
) -> None:
    if how and connection.vendor == "postgresql":
        pytest.skip("this form is SQLite's own")
    with pytest.raises(IntegrityError, match=r"overdrawn|batch used up"):
        insert(kind, general, control, 100_001, batch if kind == "post" else None, how=how)
    assert totals("fund:general") == (0, 0, 100_000, 0)


def test_commitments_count_against_the_fund(
    world: World, general: Account, control: Account, batch: Batch
) -> None:
    world.ceiling(fee=60_000)
    world.commit(60_000)
    with pytest.raises(IntegrityError, match="overdrawn"):
        insert("post", general, control, 40_001, batch)


def test_a_reserve_cannot_be_overdrawn(world: World, control: Account) -> None:
    reserve = chart.fund(world.fund("reserve", FundKind.RESERVE, 500))
    with pytest.raises(IntegrityError, match="overdrawn"):
        insert("pend", reserve, control, 501)


def test_a_ceiling_cannot_be_overdrawn(world: World) -> None:
    world.ceiling(fee=60_000)
    world.commit(50_000)
    ceiling, other = chart.ceiling(world.case_id), chart.ceilings_control()
    for kind in ("post", "pend"):
        with pytest.raises(IntegrityError, match="overdrawn"):
            insert(kind, ceiling, other, 10_001)


def test_the_last_check_stands_behind_the_trigger(world: World, general: Account) -> None:
    """The CHECK alone refuses what a broken trigger would let through."""
    refused = pytest.raises(IntegrityError, match="balance_not_overdrawn")
    with guards.lifted(connection, {"treasury_balance"}), refused, transaction.atomic():
        raw("update treasury_balance set debit_posted = 100001 where guard = 'C'")


def test_currencies_do_not_mix(world: World, general: Account, control: Account, batch: Batch) -> None:
    with pytest.raises(IntegrityError, match="currency mismatch"):
        insert("post", control, general, 5, batch, fund=world.general.id, currency="USD")


def test_money_into_or_out_of_a_fund_names_its_batch(
    world: World, general: Account, control: Account, batch: Batch
) -> None:
    with pytest.raises(IntegrityError, match="no batch"):
        insert("post", general, control, 5)
    with pytest.raises(IntegrityError, match="no batch"):
        insert("post", control, general, 5, fund=world.general.id)
    empty = world.fund("other", FundKind.GROUP, 10).batches.get()
    with pytest.raises(IntegrityError, match="batch used up"):
        insert("post", general, control, 5, empty)


def test_a_transfer_names_its_own_fund(
    world: World, general: Account, control: Account, batch: Batch
) -> None:
    other = world.fund("other", FundKind.GROUP)
    for debit, credit in ((general, control), (control, general)):
        with pytest.raises(IntegrityError, match="wrong fund"):
            insert("post", debit, credit, 5, batch, fund=other.id)


def hold(world: World) -> Transfer:
    world.ceiling(fee=60_000)
    return world.commit(1_000).transfers.get(debit__kind=AccountKind.FUND)


@pytest.mark.parametrize("kind", ["post_pend", "void_pend"])
def test_a_hold_is_used_once_and_as_it_was_made(
    world: World, general: Account, control: Account, batch: Batch, kind: str
) -> None:
    held = hold(world)
    posted = batch if kind == "post_pend" else None
    losses = world.fund("other", FundKind.GROUP, 1_000)
    wrong: list[Callable[[], None]] = [
        lambda: insert(kind, general, control, 1_001, posted, pending=held.id),
        lambda: insert(kind, chart.fund(losses), control, 5, posted, pending=held.id),
        lambda: insert(kind, general, chart.fund(losses), 5, posted, pending=held.id),
        lambda: insert(kind, general, control, 5, posted, pending=Transfer.objects.filter(kind="post")[0].id),
    ]
    for attempt in wrong:
        with pytest.raises(IntegrityError, match="no such hold"):
            attempt()
    insert(kind, general, control, 1_000, posted, pending=held.id)
    with pytest.raises(IntegrityError, match="no such hold"):
        insert(kind, general, control, 1, posted, pending=held.id)


test_a_hold_is_used_once_and_as_it_was_made = pytest.mark.broken_books("a transfer nobody decided on")(
    test_a_hold_is_used_once_and_as_it_was_made
)


@pytest.mark.parametrize(("kind", "named"), [("post", True), ("pend", True), ("post_pend", False)])
def test_only_the_use_of_a_hold_names_one(
    world: World, general: Account, control: Account, batch: Batch, kind: str, named: bool
) -> None:
    held = hold(world)
    with pytest.raises(IntegrityError):
        insert(kind, general, control, 5, batch, pending=held.id if named else None)


@pytest.mark.parametrize("amount", [0, -5])
def test_amounts_are_positive(world: World, general: Account, control: Account, amount: int) -> None:
    with pytest.raises(IntegrityError):
        insert("pend", general, control, amount)


def test_an_account_is_never_on_both_sides(world: World, control: Account) -> None:
    with pytest.raises(IntegrityError):
        insert("post", control, control, 5)


def test_an_older_journal_takes_no_more_transfers(world: World, general: Account, control: Account) -> None:
    first = Journal.objects.get(number=1)
    world.gift(5)
    with pytest.raises(IntegrityError, match="journal is closed"):
        insert("pend", general, control, 5, journal=first)


def test_a_transfer_is_written_once(world: World, general: Account, control: Account) -> None:
    same = Transfer.objects.all()[0].id
    for how in ["", *(["or replace"] if connection.vendor == "sqlite" else [])]:
        with pytest.raises(IntegrityError):
            insert("pend", general, control, 5, row_id=same, how=how)
    assert totals("fund:general") == (0, 0, 100_000, 0)


def test_a_closed_period_refuses_its_dates(world: World) -> None:
    later = AT.replace(day=20)
    period = periods.close_period(ends_on=TODAY, by=WORKER, at=later)
    with pytest.raises(books.PeriodClosed):
        world.gift(5)
    with pytest.raises(IntegrityError, match="period is closed"):
        # The check in Python is skipped: what is left is the trigger.
        _write_unchecked(period.ends_on)
    with pytest.raises(IntegrityError, match="period is closed"):
        insert("pend", chart.fund(world.general), chart.funds_control(), 5)
    world.gift(5, at=later)


@action("test.backdated")
def _backdated(*, on: datetime.date, by: Actor, at: datetime.datetime) -> None:
    entry = Entry(chart.bank(), chart.clearing(), 5, Category.PAYOUT)
    books.write(JournalKind.PAYOUT, "payout:x", [entry], by=by, at=at, on=on)


def _write_unchecked(on: datetime.date) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(books, "refuse_closed", lambda _on: None)
        _backdated(on=on, by=WORKER, at=AT)


def test_closed_periods_do_not_overlap(world: World) -> None:
    later = AT.replace(day=20)
    first = periods.close_period(ends_on=TODAY, by=WORKER, at=later)
    with pytest.raises(IntegrityError, match="period overlaps"), transaction.atomic():
        raw(
            "insert into treasury_period (id, action_id, record, starts_on, ends_on, closed_at, closed_by,"
            " journals, posted_minor) values (%s, %s, '', %s, %s, %s, '', 0, 0)",
            key(uuid.uuid4()),
            key(uuid.uuid4()),
            first.ends_on.isoformat(),
            "2026-12-31",
            AT.isoformat(),
        )


_DERIVED = {
    "raise a balance": "update treasury_balance set credit_posted = credit_posted + 5",
    "repeat a balance": "update treasury_balance set debit_posted = debit_posted",
    "lift a guard": "update treasury_balance set guard = ''",
    "drop a balance": "delete from treasury_balance",
    "raise a lot": "update treasury_lot set remaining_minor = remaining_minor + 5",
    "drop a lot": "delete from treasury_lot",
    "raise a hold": "update treasury_hold set remaining_minor = 1",
    "drop a hold": "delete from treasury_hold",
    "turn back the counter": "update treasury_counter set last_number = 1",
    "drop the counter": "delete from treasury_counter",
    "another counter": "insert into treasury_counter (id, last_number) values (2, 0)",
}


@pytest.mark.parametrize("sql", _DERIVED.values(), ids=_DERIVED)
def test_what_triggers_keep_nobody_else_writes(world: World, sql: str) -> None:
    hold(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        raw(sql)


def test_derived_rows_are_not_slipped_in(world: World, general: Account) -> None:
    held = hold(world)
    other = world.fund("other", FundKind.GROUP, 10).batches.get()
    account, foreign = key(general.id), key(other.id)
    for sql, values in (
        (
            "insert into treasury_lot (account_id, batch_id, remaining_minor, transfer_id)"
            " values (%s, %s, 99, 'x')",
            (account, foreign),
        ),
        (
            "insert into treasury_hold (transfer_id, remaining_minor, last_transfer_id) values (%s, 9, 'x')",
            ("x",),
        ),
        (
            "insert into treasury_balance (account_id, guard, debit_posted, debit_pending, credit_posted,"
            " credit_pending, transfer_id) values (%s, '', 0, 0, 5, 0, '')",
            (key(uuid.uuid4()),),
        ),
    ):
        with pytest.raises(IntegrityError, match="kept by triggers"), transaction.atomic():
            raw(sql, *values)
    assert Hold.objects.get(pk=held.pk).remaining_minor == 1_000


@pytest.mark.parametrize("table", ["transfer", "journal", "account", "period", "ceiling"])
def test_rows_of_the_books_are_not_changed(world: World, table: str) -> None:
    world.ceiling(fee=5)
    periods.close_period(ends_on=TODAY, by=WORKER, at=AT.replace(day=20))
    for sql in (f"update treasury_{table} set record = 'x'", f"delete from treasury_{table}"):
        with pytest.raises(IntegrityError), transaction.atomic():
            raw(sql)


def test_an_account_keeps_its_guard_whatever_it_says(world: World) -> None:
    assert set(Balance.objects.filter(guard="C").values_list("account__kind", flat=True)) == {"fund"}
    world.ceiling(fee=5)
    world.fund("reserve", FundKind.RESERVE)
    guarded = Balance.objects.filter(guard="C").values_list("account__kind", flat=True)
    assert set(guarded) == {"fund", "ceiling", "reserve"}


def test_a_gap_in_numbers_is_refused(world: World) -> None:
    journal = Journal.objects.get(number=1)
    with pytest.raises(IntegrityError, match="gap"), transaction.atomic():
        raw(
            "insert into treasury_journal (id, action_id, record, number, key, kind, booked_on, booked_at,"
            " booked_by, reason_code, note) values (%s, %s, '', 7, 'k', 'gift', %s, %s, '', '', '')",
            key(uuid.uuid4()),
            key(uuid.uuid4()),
            journal.booked_on.isoformat(),
            AT.isoformat(),
        )


@pytest.mark.broken_books("a mutant: the guards are down")
def test_without_its_guards_the_database_would_take_it(
    world: World, general: Account, control: Account, batch: Batch
) -> None:
    with guards.lifted(connection):
        insert("post", general, control, 100_001, batch)
    assert {law.name for law in laws.check() if not law.ok} >= {"totals-as-recomputed", "batches-add-up"}


def test_a_loss_free_day(world: World) -> None:
    """The counter, the lots and the holds follow what actions do."""
    held = hold(world)
    assert Counter.objects.get().last_number == Journal.objects.count()
    assert Hold.objects.get(pk=held.pk).remaining_minor == 1_000
    assert sum(Lot.objects.values_list("remaining_minor", flat=True)) == 100_000
