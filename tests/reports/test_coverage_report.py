"""Coverage: what the desk sees, and that nothing can be subtracted from what the public sees."""

import datetime
import itertools
from collections.abc import Iterator

import pytest

from audit.actions import action
from audit.actors import Actor
from cases.kinds import DefendedBy
from cases.models import Court, KnownTrial
from donations import published
from reports import exclusion
from reports.build import build
from reports.scope import Position, Scope, position_at, position_now
from reports.types import coverage
from tests import people
from tests.reports.organisation import Organisation
from treasury.actions.payments import book_running_cost
from treasury.kinds import Category, VoucherKind
from treasury.models import Batch

pytestmark = pytest.mark.django_db
UTC = datetime.UTC
Q1 = (datetime.date(2026, 1, 1), datetime.date(2026, 3, 31))
LEAST = exclusion.ROUND_TO


@action("test.trials")
def add(*, days: list[datetime.date], who: str, by: Actor, at: datetime.datetime) -> list[KnownTrial]:
    court, _made = Court.objects.get_or_create(
        code="by-minsk-1", defaults={"name_en": "A court", "region": "minsk"}
    )
    return [
        KnownTrial.objects.create(court=court, starts_on=day, defended_by=who, source="a list")
        for day in days
    ]


@action("test.defended")
def change(*, trial: KnownTrial, who: str, by: Actor, at: datetime.datetime) -> None:
    trial.defended_by = who
    trial.save()


def moment(month: int, day: int = 1) -> datetime.datetime:
    return datetime.datetime(2026, month, day, 9, tzinfo=UTC)


def quarter_of_trials(first: datetime.date, count: int, at: datetime.datetime) -> None:
    who = itertools.cycle([DefendedBy.PANEL, DefendedBy.APPOINTED, DefendedBy.NONE])
    for code in (next(who), next(who), next(who)):
        days = [first + datetime.timedelta(days=number * 4) for number in range(count // 3)]
        add(days=days, who=code, by=people.SETUP, at=at)


def public(position: Position, starts_on: datetime.date, ends_on: datetime.date) -> tuple[object, ...]:
    scope = Scope("coverage-public", starts_on, ends_on)
    return tuple(build(scope, position, language="en").sections[0].rows)


def near(day: datetime.date, reach: int = 2) -> Iterator[datetime.date]:
    return (day + datetime.timedelta(days=shift) for shift in range(-reach, reach + 1))


def test_nothing_can_be_subtracted_from_what_the_public_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    quarter_of_trials(Q1[0], 66, moment(2))
    quarter_of_trials(datetime.date(2026, 4, 1), 12, moment(5))
    add(days=[], who="none", by=people.SETUP, at=moment(7, 2))
    before = position_now()
    # One more trial becomes known, and of another we learn who defended: both a day after publication.
    add(days=[datetime.date(2026, 2, 2)], who=DefendedBy.PANEL, by=people.SETUP, at=moment(7, 3))
    change(trial=KnownTrial.objects.first(), who=DefendedBy.OWN, by=people.SETUP, at=moment(7, 3))
    after = position_now()
    seen = {
        public(position, first, last)
        for position in (before, after)
        for first in near(Q1[0])
        for last in near(Q1[1])
    }
    # Whatever is asked, whenever: the quarter whole and the same, or nothing.
    assert len(seen) == 2
    [row] = next(rows for rows in seen if rows)
    assert row == (Q1[0], 60, 20, 0, 20, 20, None)
    assert () in seen
    # A year shows the large quarter alone: what is left out is in no total either.
    whole = build(Scope("coverage-public", Q1[0], datetime.date(2026, 12, 31)), after, language="en")
    assert [each[0] for each in whole.sections[0].rows] == [Q1[0]]
    assert whole.sections[0].totals == (None, 60, 20, 0, 20, 20, None)
    # The day before it is due there is nothing yet.
    assert public(position_at(2), *Q1) == ()
    # Each rule is needed: without the frozen view the two reports differ by one trial's answer.
    monkeypatch.setattr(exclusion, "_size_on", lambda _day, log_size: log_size)
    monkeypatch.setattr(exclusion, "_tens", lambda count: count)
    assert public(before, *Q1) != public(after, *Q1)


def test_the_desk_sees_months_regions_and_hours() -> None:
    quarter_of_trials(Q1[0], 66, moment(2))
    position = position_now()
    add(days=[datetime.date(2026, 2, 2)], who=DefendedBy.PANEL, by=people.SETUP, at=moment(7))
    document = build(Scope("coverage", *Q1), position, language="be")
    months, regions, hours = document.sections
    assert sum(int(str(row[1])) for row in months.rows) == 66
    assert [row[0] for row in months.rows] == ["2026-01", "2026-02", "2026-03"]
    assert [months.columns[0].labels[str(row[0])] for row in months.rows] == [
        "Студзень\N{NO-BREAK SPACE}2026",
        "Люты\N{NO-BREAK SPACE}2026",
        "Сакавік\N{NO-BREAK SPACE}2026",
    ]
    assert list(regions.rows) == [("minsk", *(months.totals or ())[1:])]
    assert list(hours.rows) == []
    assert coverage.trials(*Q1, position_now().log_size) != coverage.trials(*Q1, position.log_size)


def test_givers_are_told_what_their_batches_did(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Organisation.made()
    monkeypatch.setattr(published, "ROUND_TO_MINOR", 100)
    monkeypatch.setattr(published, "ROUND_GIFTS_TO", 1)
    book_running_cost(
        source_id="paper-1",
        category=Category.OFFICE,
        amount_minor=2_000,
        voucher_kind=VoucherKind.BANK_NOTE,
        on=people.START.date(),
        by=made.world.treasurer,
        at=people.START,
    )
    batch = made.world.general.batches.get()
    scope = Scope("donor-letter", *Q1, "general")
    assert list(build(scope, position_now(), language="en").sections[0].rows) == []
    close(batch=batch, by=people.SETUP, at=moment(3, 30))
    early = position_now()
    add(days=[], who="none", by=people.SETUP, at=moment(8))
    letter = build(scope, position_now(), language="en")
    [came] = letter.sections[0].rows
    told = published.batch_use(batch, datetime.date(2026, 8, 1))
    assert told is not None
    assert came[1:] == (told.gifts, told.total_minor)
    used = {row[2]: row[3] for row in letter.sections[1].rows}
    assert used == {
        group: minor for group, minor in zip(published.GROUPS, told.quarters[0].amounts, strict=True) if minor
    }
    # The quarter had not been over for three months when the batch was closed.
    assert list(build(scope, early, language="en").sections[1].rows) == []


@action("test.batch_closed")
def close(*, batch: Batch, by: Actor, at: datetime.datetime) -> None:
    batch.closed_on = at.date()
    batch.save()
