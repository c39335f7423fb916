"""One row of a monitor's list of trials, checked: no person's data, only court, date, article, source."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from cases.intake.articles import ArticleNotUnderstood, ArticleRef, read_articles
from cases.intake.courts import CourtNames
from lawyers.intake.cells import PartialDate, read_whole_number
from lawyers.intake.checks import check_texts, check_width, date_cell
from lawyers.intake.problems import Problems, RowProblem
from lawyers.intake.table import Column, Row, Table

KNOWN_TRIAL_COLUMNS = (
    Column("source_key", ("id", "source id", "key", "номер", "нумар")),
    Column("court", ("суд", "court name"), required=True),
    Column(
        "starts_on", ("date", "trial date", "first hearing", "дата", "дата суда", "дата суду"), required=True
    ),
    Column("articles", ("article", "статья", "статьи", "артыкул", "артыкулы"), required=True),
    Column("defendants", ("number of defendants", "обвиняемых", "абвінавачаных")),
    Column("source", ("источник", "крыніца", "url", "link"), required=True),
)
LONGEST = {"source_key": 64, "court": 200, "starts_on": 32, "articles": 200, "defendants": 6, "source": 300}
_MOST_DEFENDANTS = 500
_YEARS_AHEAD = 2


@dataclass(frozen=True)
class KnownTrialRow:
    """A trial a monitor reported; `source_key` is the monitor's own number, empty when it has none."""

    row: int
    source_key: str
    court: str
    starts: PartialDate
    articles: tuple[ArticleRef, ...]
    defendants: int
    source: str


def check_known_trials(
    table: Table, *, courts: CourtNames, today: datetime.date
) -> Iterator[KnownTrialRow | list[RowProblem]]:
    """Each row of the table in order: the row, or everything that is wrong with it.

    Two rows repeat each other when source and key are the same; without a key nothing is a repeat, since
    one court can hear the same article twice in a day.
    """
    seen: set[tuple[str, str]] = set()
    for row in table.rows:
        yield _check(row, table, courts, today, seen)


def _check(
    row: Row, table: Table, courts: CourtNames, today: datetime.date, seen: set[tuple[str, str]]
) -> KnownTrialRow | list[RowProblem]:
    problems = Problems(row.number)
    if not check_width(row, table, problems):
        return problems.found
    check_texts(row, LONGEST, frozenset(), problems)
    if not row.text("source"):
        problems.add("source", "source-missing")
    court, articles = _court(row, courts, problems), _articles(row, problems)
    starts = _starts(row, today, problems)
    defendants = _defendants(row, problems)
    key = (row.text("source").casefold(), row.text("source_key").casefold())
    if not problems.found and key[1] and key in seen:
        problems.add("source_key", "duplicate-row")
    seen.add(key)
    if problems.found or starts is None:
        return problems.found
    source_key, source = row.text("source_key"), row.text("source")
    return KnownTrialRow(row.number, source_key, court, starts, articles, defendants, source)


def _court(row: Row, courts: CourtNames, problems: Problems) -> str:
    name = row.text("court")
    code = courts.find(name) if name else None
    if code is None:
        problems.add("court", "court-unknown" if name else "court-missing")
    return code or ""


def _articles(row: Row, problems: Problems) -> tuple[ArticleRef, ...]:
    try:
        found = read_articles(row.text("articles"))
    except ArticleNotUnderstood:
        problems.add("articles", "article-not-understood")
        return ()
    if not found:
        problems.add("articles", "article-missing")
    return found


def _starts(row: Row, today: datetime.date, problems: Problems) -> PartialDate | None:
    before = len(problems.found)
    starts = date_cell(row, "starts_on", problems)
    if len(problems.found) > before:
        return None
    if starts is None:
        problems.add("starts_on", "date-not-understood")
    elif starts.first > today.replace(year=today.year + _YEARS_AHEAD, day=1):
        problems.add("starts_on", "date-too-far-ahead")
    return starts


def _defendants(row: Row, problems: Problems) -> int:
    try:
        return read_whole_number(row.text("defendants"), least=1, most=_MOST_DEFENDANTS) or 1
    except ValueError:
        problems.add("defendants", "number-not-understood")
        return 1
