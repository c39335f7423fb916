"""Lists into cases and known trials: every row is checked first, then the good ones are taken in.

A list may be read again at any time: rows that were taken in before change nothing. A killed import is
continued by running it again.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from accounts.models import User
from audit.actors import Actor
from cases import kinds, prisoner_cases
from cases.actions.intake import receive_rows, refuse_idle
from cases.actions.intake_rows import IMPORTED
from cases.actions.reference import KnownTrialFact, add_known_trials, load_reference
from cases.intake.known_trial_rows import KNOWN_TRIAL_COLUMNS, KnownTrialRow, check_known_trials
from cases.intake.prisoner_rows import PRISONER_COLUMNS, PrisonerRow, check_prisoners
from cases.models import KnownTrial
from cases.reference import load
from lawyers.intake.problems import RowProblem
from lawyers.intake.tables import read_table_file
from vault import indexes
from vault.reading import reading

T = TypeVar("T")
Progress = Callable[[Iterable[T]], Iterable[T]]

# Rows of one action: enough to be quick, few enough that nobody waits for the lock (some 50 ms).
TOGETHER = 25


@dataclass(frozen=True)
class Report:
    """What became of a list. ``problems`` name row, column, code and message, never a cell."""

    rows: int
    new: int
    known_before: int
    problems: tuple[RowProblem, ...]

    @property
    def bad_rows(self) -> int:
        return len({problem.row for problem in self.problems})


def quietly(rows: Iterable[T]) -> Iterable[T]:
    """No progress shown."""
    return rows


def import_cases(
    path: Path,
    *,
    responsible: User | None = None,
    dry_run: bool = False,
    progress: Callable[[Sequence[PrisonerRow]], Iterable[PrisonerRow]] = quietly,
    by: Actor,
    at: datetime.datetime,
) -> Report:
    """Cases from a public list of prisoners. Raises OSError, TableRefused, NotACoordinator.

    ``responsible`` gets a grant on each; without one nobody may open the names until somebody is given one.
    """
    refuse_idle(responsible)
    table = read_table_file(path, PRISONER_COLUMNS)
    good, problems = _sorted(check_prisoners(table, courts=load.court_names(), today=at.date()))
    if dry_run:
        digests = [prisoner_cases.digest(row) for row in good]
        known = len(indexes.known(IMPORTED, digests))
        return Report(len(table.rows), len(good) - known, known, problems)
    load_reference(by=by, at=at)
    new = 0
    for some in _together(progress(good)):
        # One reading for each portion: its keys are fetched together and forgotten together.
        with reading(by.actor_id, "import"):
            cases = receive_rows(
                intakes=[prisoner_cases.intake(row, at) for row in some],
                responsible=responsible,
                by=by,
                at=at,
            )
        new += sum(case is not None for case in cases)
    return Report(len(table.rows), new, len(good) - new, problems)


def import_known_trials(
    path: Path,
    *,
    dry_run: bool = False,
    progress: Callable[[Sequence[KnownTrialRow]], Iterable[KnownTrialRow]] = quietly,
    by: Actor,
    at: datetime.datetime,
) -> Report:
    """Trials that monitors know of, from their list. Raises OSError, TableRefused."""
    table = read_table_file(path, KNOWN_TRIAL_COLUMNS)
    good, problems = _sorted(check_known_trials(table, courts=load.court_names(), today=at.date()))
    facts = known_trial_facts(good)
    if dry_run:
        stored = KnownTrial.objects.filter(import_digest__isnull=False)
        there = set(stored.values_list("import_digest", flat=True))
        known = sum(fact.import_digest in there for fact in facts)
        return Report(len(table.rows), len(good) - known, known, problems)
    load_reference(by=by, at=at)
    new = 0
    taken = iter(facts)
    for some in _together(progress(good)):
        rows = add_known_trials(trials=list(islice(taken, len(some))), by=by, at=at)
        new += sum(row is not None for row in rows)
    return Report(len(table.rows), new, len(good) - new, problems)


def known_trial_facts(rows: Sequence[KnownTrialRow]) -> list[KnownTrialFact]:
    """Each row with the digest that finds it again: the monitor's own key, else what the row says.

    Two rows that say the same, without a key, are two trials; the second is counted in its digest.
    """
    seen: dict[str, int] = {}
    facts = []
    for row in rows:
        articles = ", ".join(
            f"{ref.number} part {ref.part}" if ref.part else ref.number for ref in row.articles
        )
        said = f"{row.source}|{row.court}|{row.starts}|{articles}|{row.defendants}".casefold()
        seen[said] = seen.get(said, 0) + 1
        key = f"{row.source}|{row.source_key}".casefold() if row.source_key else f"{said}|{seen[said]}"
        facts.append(
            KnownTrialFact(
                court=row.court,
                starts=row.starts,
                articles=articles[:200],
                source=row.source,
                defendants=row.defendants,
                defended_by=kinds.DefendedBy.UNKNOWN,
                import_digest=indexes.exact_index("trial.import", key),
            )
        )
    return facts


def _sorted(checked: Iterator[T | list[RowProblem]]) -> tuple[list[T], tuple[RowProblem, ...]]:
    good: list[T] = []
    problems: list[RowProblem] = []
    for row in checked:
        if isinstance(row, list):
            problems += row
        else:
            good.append(row)
    return good, tuple(problems)


def _together(rows: Iterable[T]) -> Iterator[list[T]]:
    source = iter(rows)
    while some := list(islice(source, TOGETHER)):
        yield some
