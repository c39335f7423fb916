"""A list of lawyers into the panel: every row is checked first, then one action for each good one.

It stands here and not with the lawyers, because the keys under which names are found are made by cases.names.
"""

import datetime
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from audit.actors import Actor
from cases.importing import Report, quietly
from cases.names import candidate_keys
from lawyers.actions.panel import IMPORTED, Practice, add_lawyer, free_code_name
from lawyers.intake.lawyer_rows import LAWYER_COLUMNS, LawyerRow, check_lawyers
from lawyers.intake.problems import RowProblem
from lawyers.intake.tables import read_table_file
from lawyers.models import Lawyer, Licence
from vault import indexes

# A list says which families of articles somebody takes, not how grave a case.
_ANY_SEVERITY = 5


def import_lawyers(
    path: Path,
    *,
    dry_run: bool = False,
    progress: Callable[[Sequence[LawyerRow]], Iterable[LawyerRow]] = quietly,
    by: Actor,
    at: datetime.datetime,
) -> Report:
    """Lawyers from a list. Raises OSError, TableRefused.

    Rows taken in before change nothing, so a killed import is continued by running it again.
    """
    table = read_table_file(path, LAWYER_COLUMNS)
    good: list[LawyerRow] = []
    problems: list[RowProblem] = []
    for row in check_lawyers(table, today=at.date()):
        if isinstance(row, LawyerRow):
            good.append(row)
        else:
            problems += row
    known = indexes.known(IMPORTED, [digest(row) for row in good])
    new = [row for row in good if digest(row) not in known]
    if not dry_run:
        for row in progress(new):
            _take_in(row, by=by, at=at)
    return Report(len(table.rows), len(new), len(good) - len(new), tuple(problems))


def digest(row: LawyerRow) -> str:
    """Finds the same person of a list again: the name as written, and the bar."""
    said = f"{row.name}|{row.bar}"
    return indexes.exact_index(IMPORTED, " ".join(said.split()))


def practice(row: LawyerRow, on: datetime.date) -> Practice:
    """What the row says; a licence without its first day counts from the day we learned of it.

    Dates known to the month or year are read in the widest way: what is not known is asked, not refused.
    """
    since = row.licence_from.first if row.licence_from else on
    status = row.licence_status or (Licence.Status.ACTIVE if row.licence_from else "")
    until = row.licence_until.last if row.licence_until else None
    if until is not None and until < since:
        since = until  # only the end is known, and it is past
    return Practice(
        bar=row.bar,
        licence_status=status,
        licence_from_on=since,
        licence_until_on=until,
        source=row.licence_source,
        competences=tuple((family, _ANY_SEVERITY, "") for family in row.families),
        coverage=tuple((region, "", False) for region in row.regions),
        max_open=row.most_open,
        new_per_week=row.new_per_week,
    )


def _take_in(row: LawyerRow, *, by: Actor, at: datetime.datetime) -> None:
    spellings = [text for text in (row.name, row.name_latin) if text]
    add_lawyer(
        code_name=free_code_name(),
        name=row.name,
        latin_name=row.name_latin,
        contact=row.office,
        name_keys={key for text in spellings for key in candidate_keys(text)},
        import_digest=digest(row),
        channel=_channel(row),
        languages=" ".join(row.languages),
        practice=practice(row, at.date()),
        by=by,
        at=at,
    )


def _channel(row: LawyerRow) -> str:
    """A portal is never opened by a list: that takes two people."""
    return Lawyer.Channel.NONE if row.channel == Lawyer.Channel.NONE else Lawyer.Channel.RELAY
