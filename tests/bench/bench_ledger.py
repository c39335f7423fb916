"""A ledger extract of 100,000 transfers in 14 columns: from the database to the file, and what it takes.

Run ``python -m tests.bench.bench_ledger``. Each format has a process of its own, started as a worker is.
Memory is told twice: what the work took above the program that was there before it, and the most in all.
"""

import datetime
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench import bulk, database
from tests.bench.bench_tracing import _ID, _JOURNALS, _SERIES, _TRANSFERS

JOURNALS = int(os.environ.get("BENCH_ROWS", "100000")) // 2
DAYS = 300
TARGETS = {"pdf": "15 s, 150 MB", "xlsx": "6 s", "csv": "1 s", "json": "-"}


def main() -> None:
    database.prepare(as_owner=True)
    from treasury.models import Journal

    _write_transfers()
    last = Journal.objects.order_by("-number").values_list("number", flat=True)[0]
    heads = ("build s", "write s", "MB more", "MB in all", "MB file")
    print(f"{JOURNALS * 2:,} transfers, 14 columns, from the database; seconds of the processor")
    print("format  " + "".join(f"{head:>10}" for head in heads) + "  target")
    for name, target in TARGETS.items():
        command = [sys.executable, "-m", "tests.bench.bench_ledger", name, str(last)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        figures: list[float] = json.loads(done.stdout)
        print(f"{name:8}" + "".join(f"{figure:10.2f}" for figure in figures) + f"  {target}", flush=True)


def measure(name: str, last: int) -> list[float]:
    """Build, write, memory above the start, memory in all, size of the file, in this process."""
    import django

    django.setup()
    from reports.build import build
    from reports.render import RENDERERS
    from reports.scope import Position, Scope

    scope = Scope("ledger-extract", datetime.date(2026, 1, 1), datetime.date(2027, 12, 31))
    before, began = _most(), time.process_time()
    document = build(scope, Position(9, "ab" * 32, last), language="en")
    built = time.process_time()
    with TemporaryDirectory() as place, Path(place, "report").open("wb") as out:
        RENDERERS[name](document, out)
        written = out.tell() / 1e6
    return [built - began, time.process_time() - built, _most() - before, _most(), written]


def _most() -> float:
    """Megabytes. What ``getrusage`` tells goes on from the process that started this one."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found[1]) / 1024 if found else 0.0


def _write_transfers() -> None:
    """Gifts as rows behind the program: only the report is measured."""
    from django.db import connection, transaction

    from audit import guards
    from tests.treasury.world import AT, World, key
    from treasury import chart
    from treasury.models import Account, Journal

    world, vendor = World.made(), connection.vendor
    world.gift(1_000, fee_minor=30)
    batch = key(world.general.batches.first().pk)
    names = {"stripe": chart.clearing(), "control": chart.funds_control(), "fund": chart.fund(world.general)}
    accounts: dict[str, Any] = {name: key(row.id) for name, row in names.items()}
    accounts["income"] = key(Account.objects.get(code="income:gifts").id)
    common = {
        "batches": DAYS, "at": AT.isoformat(sep=" "), "first": Journal.objects.count(), "key": "gift:bench-",
        "kind": "gift", "category": "gift", "amount": "s.n % 9000 + 1",
        "series": _SERIES[vendor].format(most=JOURNALS), "id": _ID[vendor].format(number="s.n"),
    }  # fmt: skip
    guards.remove(connection)
    with (
        bulk.lighter(connection, "treasury_journal", "treasury_transfer"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("create temporary table bench_batches (place integer primary key, day date)")
        days = [(place, AT.date() + datetime.timedelta(days=place)) for place in range(DAYS)]
        cursor.executemany("insert into bench_batches values (%s, %s)", days)
        cursor.execute(_JOURNALS.format(**common))
        sides = {"fund": f"'{key(world.general.id)}'", "batch": f"'{batch}'"}
        for line, (debit, credit) in enumerate((("stripe", "income"), ("control", "fund")), start=1):
            named = {"debit": accounts[debit], "credit": accounts[credit], "line": line, **sides}
            cursor.execute(_TRANSFERS.format(**common, **named))


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
    else:
        main()
