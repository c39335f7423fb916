"""Verifying a long log beside bare SHA-256 over its texts, and proofs from it. BENCH_EVENTS: how long."""

import hashlib
import os
import time

from tests.bench import bulk_events, database

EVENTS = int(os.environ.get("BENCH_EVENTS", "1000000"))


def main() -> None:
    database.prepare(as_owner=True)
    from audit import log
    from audit.proof import moment, paths, tree

    texts = bulk_events.fill(EVENTS)
    began = time.perf_counter()
    for text in texts:
        hashlib.sha256(b"\0" + text).digest()
    hashing = time.perf_counter() - began
    database.row("bare SHA-256 over the events (yardstick)", hashing, EVENTS, hashing)
    del texts
    began, worked = time.perf_counter(), time.process_time()
    with moment.one_moment():  # as the command reads it
        assert list(tree.problems()) == []
    proving, working = time.perf_counter() - began, time.process_time() - worked
    database.row(f"verify {EVENTS:,} events: {proving:.1f} s", proving, EVENTS, hashing)
    # On a busy machine this says more; what PostgreSQL's own process worked is not in it.
    print(f"{'  processor time of this process':<44} {working:9.1f} s")
    size, _root = log.head()
    began = time.perf_counter()
    for index in range(0, size, size // 200):
        path = paths.inclusion(index, size)
    database.row(f"inclusion proof, {len(path) * 32} bytes", time.perf_counter() - began, 200)
    began = time.perf_counter()
    for first in range(1, size, size // 200):
        path = paths.consistency(first, size)
    database.row(f"consistency proof, {len(path) * 32} bytes", time.perf_counter() - began, 200)


if __name__ == "__main__":
    main()
