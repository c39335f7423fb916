"""What paid a claim, what became of a batch, at a million gifts; beside a lookup by key.

The gifts are written as rows behind the program, by a few statements: only the lookups are measured.
"""

import datetime
import os
import time
import uuid
from collections.abc import Callable
from typing import Any

from tests.bench import bulk, database

GIFTS = int(os.environ.get("BENCH_GIFTS", "1000000"))
BATCHES = 1_000
CLAIMS = 2_000
ROUNDS = 200

# Numbers from 1 on, and an id of each, as each engine says it.
_SERIES = {
    "sqlite": "(with recursive c(n) as (select 1 union all select n + 1 from c where n < {most})"
    " select n from c)",
    "postgresql": "(select n from generate_series(1, {most}) n)",
}
_ID = {"sqlite": "printf('%032x', {number})", "postgresql": "lpad(to_hex({number}), 32, '0')::uuid"}
_JOURNALS = (
    "insert into treasury_journal (id, action_id, record, number, key, kind, booked_on, booked_at, booked_by,"
    " reason_code, note) select {id}, {id}, '', {first} + s.n, '{key}' || s.n, '{kind}', b.day, '{at}',"
    " 'bench', '', '' from {series} s join bench_batches b on b.place = s.n % {batches}"
)
_TRANSFERS = (
    "insert into treasury_transfer (id, action_id, record, journal_id, line, kind, debit_id, credit_id,"
    " amount_minor, currency, fund_id, batch_id, category) select '{key}' || s.n || ':{line}', {id}, '',"
    " {id}, {line}, 'post', '{debit}', '{credit}', {amount}, 'EUR', {fund}, {batch}, '{category}'"
    " from {series} s join bench_batches b on b.place = s.n % {batches}"
)


def timed(what: str, call: Callable[[int], object], yardstick: float | None = None) -> float:
    """Milliseconds of the middle round and of the slowest, beside the yardstick."""
    taken = []
    for number in range(ROUNDS):
        began = time.perf_counter()
        call(number)
        taken.append(time.perf_counter() - began)
    taken.sort()
    middle = taken[ROUNDS // 2]
    ratio = f"{middle / yardstick:6.1f} x" if yardstick else "        "
    print(f"{what:<44} {middle * 1000:7.2f} ms  (slowest {taken[-1] * 1000:.1f})  {ratio}", flush=True)
    return middle


def main() -> None:
    database.prepare(as_owner=True)
    from django.db import connection, transaction

    from audit import guards
    from tests.treasury.world import AT, World, key
    from treasury import batches, chart, tracing
    from treasury.kinds import AccountKind, BatchKind
    from treasury.models import Account, Batch, Claim, Journal, Transfer

    world = World.made()
    world.ceiling(fee=90_000)
    paid = _paid_claim(world)
    made = _batches(world, AT)
    guards.remove(connection)
    accounts = {
        "stripe": key(chart.clearing().id),
        "income": key(Account.objects.get(code="income:gifts").id),
        "control": key(chart.funds_control().id),
        "fund": key(chart.fund(world.general).id),
        "bank": key(chart.bank().id),
        "cost": key(Account.objects.get(kind=AccountKind.PROGRAMME).id),
    }
    began = time.perf_counter()
    known = Journal.objects.count()
    with (
        bulk.lighter(connection, "treasury_journal", "treasury_transfer"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        _write(cursor, connection.vendor, accounts, key(world.general.id), made, known, key, AT)
    count = Transfer.objects.count()
    print(f"{GIFTS} gifts in {len(made)} batches, {count} transfers, {time.perf_counter() - began:.0f} s")
    claims = _claims(paid)
    ids = list(Transfer.objects.values_list("pk", flat=True)[:ROUNDS])
    rows = list(Batch.objects.filter(kind=BatchKind.GIFTS, pk__in=[batch.pk for batch in made])[:ROUNDS])
    yardstick = timed("by primary key (yardstick)", lambda n: Transfer.objects.get(pk=ids[n % len(ids)]))
    timed("what paid this claim", lambda n: _some(tracing.what_paid(claims[n % len(claims)])), yardstick)
    timed("what became of this batch", lambda n: _some(tracing.what_became(rows[n % len(rows)])), yardstick)
    assert batches.gifts_in(rows[0]) == GIFTS // BATCHES
    assert isinstance(claims[0], Claim)


def _paid_claim(world: Any) -> Any:
    from tests.treasury.world import AT
    from treasury.actions.payments import pay_claim

    claim = world.approved(world.claim(5_000, world.commit(5_000)))
    pay_claim(claim=claim, by=world.treasurer, at=AT)
    claim.refresh_from_db()
    return claim


def _batches(world: Any, at: datetime.datetime) -> list[Any]:
    from audit.actions import action
    from audit.actors import Actor
    from treasury import batches
    from treasury.kinds import BatchKind

    @action("bench.batches")
    def make(*, by: Actor, at: datetime.datetime) -> list[Any]:
        made = []
        for batch in batches.open_gift_batches():
            batches.close(batch, on=at.date())
        for number in range(BATCHES):
            batch = batches.open_batch(world.general, BatchKind.GIFTS, on=at.date())
            batches.close(batch, on=at.date() + datetime.timedelta(days=number % 7))
            made.append(batch)
        return made

    return make(by=world.treasurer, at=at)


def _write(
    cursor: Any,
    vendor: str,
    accounts: dict[str, Any],
    fund: Any,
    made: list[Any],
    first: int,
    key: Callable[[uuid.UUID], Any],
    at: datetime.datetime,
) -> None:
    """A million gifts and two thousand payments out of them, with the lots they leave."""
    kind = "uuid" if vendor == "postgresql" else "text"
    cursor.execute(f"create temporary table bench_batches (place integer primary key, id {kind}, day date)")
    rows = [
        (place, key(batch.id), at.date() + datetime.timedelta(days=place % 300))
        for place, batch in enumerate(made)
    ]
    cursor.executemany("insert into bench_batches values (%s, %s, %s)", rows)
    common = {"batches": len(made), "at": at.isoformat(sep=" "), "first": first}
    gift = {"key": "gift:bench-", "kind": "gift", "category": "gift", "amount": 5_000}
    paid = {"key": "claim:bench-", "kind": "payment", "category": "fee", "amount": 4_000}
    fund_side = {"fund": f"'{fund}'", "batch": "b.id"}
    no_fund = {"fund": "null", "batch": "null"}
    for most, offset, what, sides in (
        (GIFTS, 0, gift, (("stripe", "income", fund_side), ("control", "fund", fund_side))),
        (CLAIMS, GIFTS, paid, (("cost", "bank", no_fund), ("fund", "control", fund_side))),
    ):
        values: dict[str, Any] = {
            **common,
            **what,
            "first": first + offset,
            "series": _SERIES[vendor].format(most=most),
            "id": _ID[vendor].format(number=f"(s.n + {offset})"),
        }
        cursor.execute(_JOURNALS.format(**values))
        for line, (debit, credit, side) in enumerate(sides, start=1):
            named = {"debit": accounts[debit], "credit": accounts[credit], "line": line, **side}
            cursor.execute(_TRANSFERS.format(**values, **named))
    cursor.execute(
        "insert into treasury_lot (account_id, batch_id, remaining_minor, transfer_id)"
        f" select '{accounts['fund']}', id, 1, '' from bench_batches"
    )


def _claims(paid: Any) -> list[Any]:
    """Copies in memory of a paid claim, each pointing to one of the payments."""
    from treasury.models import Claim, Journal

    found = Journal.objects.filter(key__startswith="claim:bench-").values_list("pk", flat=True)[:ROUNDS]
    claims = []
    for journal_id in found:
        claim = Claim.objects.get(pk=paid.pk)
        claim.paid_in_id = journal_id
        claims.append(claim)
    return claims


def _some(found: list[Any]) -> list[Any]:
    assert found
    return found


if __name__ == "__main__":
    main()
