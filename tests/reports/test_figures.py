"""Every figure of every report is the sum of the transfers behind it."""

from collections.abc import Iterator

import pytest

from reports.build import sections
from reports.figures import is_traced, parts_of
from reports.measures import total
from reports.render.document import Row, Section
from reports.scope import Position, Scope, position_now
from reports.types import TYPES
from tests.reports.organisation import Q1, Q2, YEAR, Organisation

pytestmark = pytest.mark.django_db


def figures(section: Section) -> Iterator[tuple[Row | None, str, int]]:
    """Every amount of a section: its row (None for totals and facts), its key, its minor units."""
    for row in section.rows:
        yield from ((row, column.key, value) for column, value in _money(section, row))
    if section.totals is not None:
        yield from ((None, column.key, value) for column, value in _money(section, section.totals))
    for fact in section.facts:
        if fact.kind == "money" and isinstance(fact.value, int):
            yield None, fact.key, fact.value


def _money(section: Section, row: Row) -> Iterator[tuple[object, int]]:
    for column, value in zip(section.columns, row, strict=True):
        if column.kind == "money" and isinstance(value, int):
            yield column, value


def traced(scope: Scope, position: Position) -> dict[str, int]:
    """How many figures of each section have transfers behind them; each of those is compared."""
    counted: dict[str, int] = {}
    for section in sections(TYPES[scope.type], scope, position):
        for row, key, value in figures(section):
            parts = parts_of(scope, position, section, row, key)
            fact = row is None and key not in {column.key for column in section.columns}
            whole = row is None and not fact
            named = is_traced(TYPES[scope.type], section, key, fact=fact, total=whole)
            assert named is bool(parts), (scope.type, section.key, row, key)
            if parts:
                near = TYPES[scope.type].rounds_to
                assert total(parts) // near * near == value, (scope.type, section.key, row, key)
                counted[section.key] = counted.get(section.key, 0) + 1
    return counted


def test_every_figure_is_the_sum_of_what_is_behind_it() -> None:
    made = Organisation.made()
    early = position_now()
    made.second_quarter()
    made.undo()
    made.late_gift()
    position = position_now()
    counted = {}
    for kind, fund, period in (
        ("funding-statement", "north", Q1),
        ("funding-statement", "", Q2),
        ("trial-balance", "", Q2),
        ("grant-report", "north", Q1),
        ("grant-report", "north", Q2),
        ("case-costs", "", YEAR),
        ("ledger-extract", "general", Q2),
    ):
        counted[kind] = traced(Scope(kind, *period, fund), position)
    traced(Scope("case-costs", *Q1), early)
    assert counted["funding-statement"]["funds"] > 5
    assert set(counted["trial-balance"]) == {"classes", "accounts"}
    assert counted["grant-report"]["lines"] >= 15
    assert {"supplementary", "eligibility"} <= set(counted["grant-report"])
    assert set(counted["case-costs"]) == {"cases", "running", "together"}
