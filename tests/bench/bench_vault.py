"""Opening a list of people, as a page does: keys fetched at once, two fields each, the reading recorded."""

import time
import uuid
from collections.abc import Callable

from tests.bench import database

PEOPLE, TURNS = 200, 7


def best(call: Callable[[], object]) -> float:
    """The best of some turns, each cold: no key is remembered from one reading to the next."""
    return min(_turns(call, time.perf_counter))


def _turns(call: Callable[[], object], clock: Callable[[], float]) -> list[float]:
    taken = []
    for _ in range(TURNS):
        began = clock()
        call()
        taken.append(clock() - began)
    return taken


def main() -> None:
    database.prepare()
    from tests import people
    from treasury.actions.payees import add_payee
    from treasury.kinds import PayeeKind
    from treasury.models import Payee
    from vault import fields, reading, sealing

    for number in range(PEOPLE):
        add_payee(
            kind=PayeeKind.COUNSEL, name=f"Вынайдзены {number}", country="LT", address="Вільня, вул. Н",
            by=people.SETUP, at=people.START,
        )  # fmt: skip
    key = uuid.uuid4().bytes * 2
    tokens = [sealing.seal(key, f"Вынайдзены {number}", "here") for number in range(2 * PEOPLE)]

    def opened(prefetched: bool) -> None:
        with reading.reading("staff:bench", "bench"):
            rows = list(Payee.objects.all())
            if prefetched:
                fields.prefetch(rows, "name", "address")
            assert len([(row.name, row.address) for row in rows]) == PEOPLE

    plain = best(lambda: list(Payee.objects.values_list("name", "address")))
    bare = best(lambda: [sealing.open_token(key, token, "here") for token in tokens])
    ours = best(lambda: opened(True))
    database.row("read 200 × 2 columns, unopened", plain, 2 * PEOPLE)
    database.row("open 400 tokens with one key (yardstick)", bare, 2 * PEOPLE, bare)
    database.row("open 200 × 2 sealed fields", ours, 2 * PEOPLE, bare)
    database.row("  the same without fetching keys at once", best(lambda: opened(False)), 2 * PEOPLE, bare)
    print(f"{'  a whole list, cold, in milliseconds':<44} {ours * 1000:9.1f} ms  (target 50)")
    working = min(_turns(lambda: opened(True), time.process_time))
    print(f"{'  processor time of it':<44} {working * 1000:9.1f} ms")


if __name__ == "__main__":
    main()
