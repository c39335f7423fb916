"""Tens of thousands of cases for a bench: a few made by the real actions, and copies of them as rows.

Copies have ids, code names and references of their own. Nobody holds a grant on them, so that no seal of
theirs is ever opened: it would be refused, as it is bound to the row it was copied from.
"""

import datetime
import uuid
from collections.abc import Iterator
from typing import Any

from tests.bench import bulk

MINE, PAST, OPEN = 60, 116, 4
LAWYERS, KNOWN = 40, 12_000
COURT = "by-homel-city-tsentralny"
# In the order in which one refers to another.
TABLES = (
    "cases_client", "cases_case", "cases_nexthearing", "cases_trial", "cases_defendant", "cases_hearing",
    "cases_stageevent", "cases_deadline", "cases_representation",
)  # fmt: skip
_APART = 10_000  # between the numbers of two copies
_SPREAD = 150  # days over which the hearings of copies lie


def first_cases(alder: Any, hazel: Any, at: datetime.datetime) -> Any:
    """Sixty open cases of one coordinator, some past ones of another, a panel, a match run, known trials."""
    from cases.actions import counsel, matching
    from cases.models import Case
    from lawyers.actions.panel import Practice, add_lawyer

    practice = Practice(licence_status="active", licence_from_on=datetime.date(2020, 1, 1), max_open=60)
    panel = [
        add_lawyer(code_name=f"Heron-{number:03}", practice=practice, by=alder, at=at)
        for number in range(LAWYERS)
    ]
    for number in range(MINE):
        case = _received(alder, at, number, days=1 + number % 20)
        if number % 3 == 0:
            counsel.offer_case(case=case, lawyer=panel[number % LAWYERS], by=alder, at=at)
    for number in range(OPEN):
        _received(hazel, at, 1_000 + number, days=2 + number)
    for number in range(PAST):
        _closed(_received(hazel, at, 2_000 + number, days=None), hazel, at)
    run = matching.run_match(by=alder, at=at)
    return run, Case.objects.open_to(alder, at).order_by("number").first()


def _received(by: Any, at: datetime.datetime, number: int, days: int | None) -> Any:
    from cases.actions.intake import receive_case
    from cases.actions.status import change_status
    from cases.intake.articles import ArticleRef
    from cases.intake.facts import HearingFact, Intake
    from cases.kinds import CaseStatus
    from tests.names.heldout import stock

    surname, given = stock("surname")[number % 40], stock("given")[number % 28]
    intake = Intake(
        name=f"{surname.be} {given.be}",
        contacts="sister",
        articles=(ArticleRef("342", "1"),),
        court=COURT,
        hearing=HearingFact(at + datetime.timedelta(days=days)) if days is not None else None,
    )
    case = receive_case(intake=intake, by=by, at=at)
    for step in (CaseStatus.ELIGIBLE, CaseStatus.SEEKING):
        change_status(case=case, to=step, by=by, at=at)
    return case


def _closed(case: Any, by: Any, at: datetime.datetime) -> None:
    from cases.actions.status import close_case
    from cases.kinds import ClosingReason

    close_case(case=case, reason=ClosingReason.choices[0][0], by=by, at=at)


def known_trials(by: Any, at: datetime.datetime) -> None:
    """Twelve thousand trials known from monitors, over five years."""
    from cases.actions.reference import KnownTrialFact, add_known_trials
    from lawyers.intake.cells import PartialDate

    for batch in range(KNOWN // 1_000):
        trials = [
            KnownTrialFact(
                COURT,
                PartialDate(at.date() - datetime.timedelta(days=(batch * 1_000 + number) % 1_800)),
                "342",
                f"a monitor, {batch}-{number}",
            )
            for number in range(1_000)
        ]
        add_known_trials(trials=trials, by=by, at=at)


def copy_cases(of: Any, times: int) -> None:
    """So many copies of each of these cases, with all that hangs on it. As the tables' owner, guards down."""
    from django.db import connection, transaction

    cases = [_key(connection, row.pk) for row in of]
    with (
        bulk.lighter(connection, *TABLES),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        found = {table: _rows(cursor, table, cases) for table in TABLES}
        ids = {row["id"] for rows in found.values() for row in rows if "id" in row}
        for table, rows in found.items():
            if rows:
                names = list(rows[0])
                marks = ", ".join(["%s"] * len(names))
                statement = f"insert into {table} ({', '.join(names)}) values ({marks})"
                cursor.executemany(statement, list(_copies(table, rows, ids, times)))


def _rows(cursor: Any, table: str, cases: list[Any]) -> list[dict[str, Any]]:
    """The rows of a table that belong to these cases."""
    among = ", ".join(["%s"] * len(cases))
    joined = {
        "cases_client": f"id in (select client_id from cases_case where id in ({among}))",
        "cases_case": f"id in ({among})",
        "cases_trial": f"id in (select trial_id from cases_defendant where case_id in ({among}))",
        "cases_hearing": f"trial_id in (select trial_id from cases_defendant where case_id in ({among}))",
    }
    cursor.execute(f"select * from {table} where {joined.get(table, f'case_id in ({among})')}", cases)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _copies(table: str, rows: list[dict[str, Any]], ids: set[Any], times: int) -> Iterator[list[Any]]:
    for time in range(1, times + 1):
        for row in rows:
            new = {name: _moved(value, ids, time) for name, value in row.items()}
            if table == "cases_client":
                new["code_name"] = f"{row['code_name']}-{time}"
            if table == "cases_case":
                new["number"] = row["number"] + time * _APART
                new["reference"] = f"BY-{row['year']}-{new['number']:04}"
            if "starts_at" in new:
                new["starts_at"] = _later(row["starts_at"], time % _SPREAD)
            yield list(new.values())


def _moved(value: Any, ids: set[Any], time: int) -> Any:
    """An id of something that is copied, as its copy has it; everything else stays."""
    if not isinstance(value, uuid.UUID | str) or value not in ids:
        return value
    moved = uuid.UUID(int=uuid.UUID(str(value)).int ^ (time << 100))
    return moved if isinstance(value, uuid.UUID) else moved.hex


def _later(moment: Any, days: int) -> Any:
    """A moment as the engine's driver gives it, so many days later; the end of time stays."""
    if isinstance(moment, str):
        read = datetime.datetime.fromisoformat(moment)
        return moment if read.year == datetime.MAXYEAR else str(read + datetime.timedelta(days=days))
    return moment if moment.year == datetime.MAXYEAR else moment + datetime.timedelta(days=days)


def _key(connection: Any, value: uuid.UUID) -> Any:
    return value if connection.vendor == "postgresql" else value.hex
