"""Pages of the desk with few cases and with 36,000: queries, and time beside a page with nothing on it.

A page whose time grows with all cases, and not with those that it shows, stands out in the column "grown".
"""

import datetime
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.bench import database, many_cases

TIMES = int(os.environ.get("BENCH_COPIES", "300"))
SHOW = int(os.environ.get("BENCH_SQL", "0"))  # so many letters of the slowest statement, where it weighs
ROUNDS = 9
Open = Callable[[Any], Any]


@dataclass(frozen=True)
class Cost:
    """Statements of one page to both databases, seconds of the best round, as a machine is shared."""

    queries: int
    seconds: float
    slowest: str
    slowest_seconds: float


def pages(run: Any, case: Any, lawyer: Any) -> dict[str, Open]:
    """Each page by its name, as a browser asks for it."""
    from django.urls import reverse

    def at(name: str, *ids: Any, **query: Any) -> Open:
        return lambda browser: browser.get(reverse(f"desk:{name}", args=ids), query, secure=True)

    def found(text: str) -> Open:
        return lambda browser: browser.post(reverse("desk:cases"), {"q": text}, secure=True)

    return {
        "nothing on it (yardstick)": at("calendar-feeds"),
        "worklist": at("worklist"),
        "cases: open": at("cases"),
        "cases: mine": at("cases", view="mine"),
        "cases: all, newest": at("cases", view="all", order="newest"),
        "cases: closed": at("cases", view="closed"),
        "cases: nobody defends": at("cases", counsel="none"),
        "search: half a surname": found("Мельн"),
        "search: a reference": found(case.reference),
        "case": at("case", case.pk),
        "case: court": at("case-court", case.pk),
        "case: counsel": at("case-counsel", case.pk),
        "case: costs": at("case-costs", case.pk),
        "intake, empty": at("case-new"),
        "calendar: week": at("calendar"),
        "calendar: four weeks": at("calendar", span="weeks"),
        "day sheet": at("day-sheet"),
        "known trials": at("trials"),
        "how soon counsel came": at("trials-counsel"),
        "match: runs": at("match"),
        "match: a plan": at("match-plan", run.pk),
        "lawyers": at("lawyers"),
        "a lawyer": at("lawyer", lawyer.pk),
        "requests for help": at("asked"),
    }


def measured(browser: Any, page: Open) -> Cost:
    """The statements of one opening, then the time of others."""
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    page(browser)  # templates, caches
    with (
        CaptureQueriesContext(connections["default"]) as one,
        CaptureQueriesContext(connections["keys"]) as two,
    ):
        answer = page(browser)
    assert answer.status_code == 200, answer.status_code
    asked = [row for row in [*one, *two] if "SAVEPOINT" not in row["sql"]]
    slowest = max(asked, key=lambda row: float(row["time"]))
    taken = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        page(browser)
        taken.append(time.perf_counter() - began)
    return Cost(len(asked), min(taken), slowest["sql"], float(slowest["time"]))


def main() -> None:
    database.prepare(as_owner=True)
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.utils import timezone

    from audit import guards
    from cases.actions.reference import load_reference
    from cases.models import Case
    from lawyers.models import Lawyer
    from tests import people

    settings.ALLOWED_HOSTS, settings.SECOND_FACTOR_REQUIRED = ["testserver"], False
    at = timezone.now().replace(microsecond=0) - datetime.timedelta(minutes=1)
    load_reference(by=people.SETUP, at=at)
    alder, hazel = people.coordinator(), people.coordinator("hazel")
    run, case = many_cases.first_cases(alder, hazel, at)
    browser = Client()
    browser.force_login(alder)
    opened = pages(run, case, Lawyer.objects.order_by("code_name").first())
    few_cases = Case.objects.count()
    few = {name: measured(browser, page) for name, page in opened.items()}
    many_cases.known_trials(alder, at)
    guards.remove(connection)
    many_cases.copy_cases(list(Case.objects.open_to(hazel, at)), TIMES)
    print(
        f"{'page':<28} {'queries':>9}  {few_cases:>7} cases {Case.objects.count():>7} cases   grown   ratio"
    )
    empty = next(iter(opened.values()))
    for name, page in opened.items():
        last = measured(browser, page)
        yardstick = measured(browser, empty).seconds  # beside it, as others use the machine too
        print(told(name, few[name], last, yardstick), flush=True)
        if SHOW and last.slowest_seconds > last.seconds / 4:
            print(f"    {last.slowest_seconds * 1000:.0f} ms of it: {last.slowest[:SHOW]}", flush=True)


def told(name: str, first: Cost, last: Cost, yardstick: float) -> str:
    """A line of the table; the last figure is beside the page with nothing on it, in the same run."""
    queries = str(last.queries) if first.queries == last.queries else f"{first.queries}->{last.queries}"
    return (
        f"{name:<28} {queries:>9}  {first.seconds * 1000:>10.1f} ms {last.seconds * 1000:>10.1f} ms"
        f" {last.seconds / first.seconds:>6.1f}x {last.seconds / yardstick:>6.1f}x"
    )


if __name__ == "__main__":
    main()
