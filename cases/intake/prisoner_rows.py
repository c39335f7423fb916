"""One row of a public list of political prisoners, checked; nothing is looked up or stored here."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field

from cases.intake.articles import ArticleNotUnderstood, ArticleRef, read_articles
from cases.intake.courts import CourtNames
from cases.intake.sentences import Sentence, SentenceNotUnderstood, read_sentence
from cases.intake.statuses import read_status
from lawyers.intake.cells import PartialDate
from lawyers.intake.checks import birth_cell, check_texts, check_width, date_cell
from lawyers.intake.problems import Problems, RowProblem
from lawyers.intake.table import Column, Row, Table

PRISONER_COLUMNS = (
    Column("name", ("name", "full name", "имя", "фио", "ф.и.о.", "фамилия имя отчество", "імя",
                    "прозвішча імя")),
    Column("name_latin", ("name latin", "latin name", "name in latin", "имя латиницей", "імя лацінкай")),
    Column("alias", ("alias", "nickname", "псевдоним", "прозвище", "мянушка", "псеўданім")),
    Column("born_on", ("birth date", "date of birth", "born", "дата рождения", "год рождения",
                       "дата нараджэння")),
    Column("articles", ("article", "статья", "статьи", "статьи ук", "артыкул", "артыкулы", "charges")),
    Column("court", ("суд", "court name")),
    Column("judge", ("судья", "суддзя", "judge name")),
    Column("sentence", ("приговор", "срок", "наказание", "прысуд", "тэрмін", "пакаранне")),
    Column("place_of_detention", ("place", "prison", "facility", "место содержания", "место лишения свободы",
                                  "месца ўтрымання", "месца зняволення")),
    Column("detained_on", ("detention date", "date of detention", "detained", "дата задержания",
                           "дата затрымання")),
    Column("first_hearing_on", ("first hearing", "first hearing date", "trial date",
                                "дата суда", "начало суда", "первое заседание",
                                "дата суду", "пачатак суду", "першае пасяджэнне")),
    Column("status", ("статус", "состояние", "стан")),
)  # fmt: skip

LONGEST = {
    "name": 200, "name_latin": 200, "alias": 100, "born_on": 32, "articles": 200, "court": 200, "judge": 100,
    "sentence": 300, "place_of_detention": 200, "detained_on": 32, "first_hearing_on": 32, "status": 60,
}  # fmt: skip
_ONE_SCRIPT = frozenset({"name", "name_latin", "alias", "judge"})


@dataclass(frozen=True)
class PrisonerRow:
    """A row that can be taken in. `court` is a code of the reference list, empty when the list names none."""

    row: int
    name: str
    name_latin: str
    alias: str
    born: PartialDate | None
    articles: tuple[ArticleRef, ...]
    court: str
    judge: str
    sentence: Sentence | None
    place_of_detention: str
    detained: PartialDate | None
    first_hearing: PartialDate | None
    status: str


@dataclass
class Earlier:
    """The people of the rows above, so that a repeated one is noticed; kept only while a file is read."""

    seen: set[tuple[str, ...]] = field(default_factory=set)

    def repeats(self, row: Row, born: PartialDate | None) -> bool:
        """True when an earlier row wrote the same name and birth date, whatever its case and spacing."""
        name = row.text("name") or row.text("name_latin") or row.text("alias")
        person = (" ".join(name.casefold().replace("ё", "е").split()), str(born or ""))
        known = person in self.seen
        self.seen.add(person)
        return known


def check_prisoners(
    table: Table, *, courts: CourtNames, today: datetime.date
) -> Iterator[PrisonerRow | list[RowProblem]]:
    """Each row of the table in order: the row, or everything that is wrong with it."""
    earlier = Earlier()
    for row in table.rows:
        yield check_prisoner(row, table, courts=courts, today=today, earlier=earlier)


def check_prisoner(
    row: Row, table: Table, *, courts: CourtNames, today: datetime.date, earlier: Earlier
) -> PrisonerRow | list[RowProblem]:
    """The row, or everything that is wrong with it; `earlier` learns this row."""
    problems = Problems(row.number)
    if not check_width(row, table, problems):
        return problems.found
    check_texts(row, LONGEST, _ONE_SCRIPT, problems)
    if not (row.text("name") or row.text("name_latin") or row.text("alias")):
        problems.add("name", "name-missing")
    taken = PrisonerRow(
        row=row.number,
        name=row.text("name"),
        name_latin=row.text("name_latin"),
        alias=row.text("alias"),
        born=birth_cell(row, "born_on", today, problems),
        articles=_articles(row, problems),
        court=_court(row, courts, problems),
        judge=row.text("judge"),
        sentence=_sentence(row, problems),
        place_of_detention=row.text("place_of_detention"),
        detained=date_cell(row, "detained_on", problems),
        first_hearing=date_cell(row, "first_hearing_on", problems),
        status=_status(row, problems),
    )
    _check_order(taken, problems)
    if not problems.found and earlier.repeats(row, taken.born):
        problems.add("name", "duplicate-row")
    return problems.found or taken


def _articles(row: Row, problems: Problems) -> tuple[ArticleRef, ...]:
    try:
        return read_articles(row.text("articles"))
    except ArticleNotUnderstood:
        problems.add("articles", "article-not-understood")
        return ()


def _court(row: Row, courts: CourtNames, problems: Problems) -> str:
    name = row.text("court")
    code = courts.find(name) if name else ""
    if code is None:
        problems.add("court", "court-unknown")
    return code or ""


def _sentence(row: Row, problems: Problems) -> Sentence | None:
    try:
        return read_sentence(row.text("sentence"))
    except SentenceNotUnderstood:
        problems.add("sentence", "sentence-not-understood")
        return None


def _status(row: Row, problems: Problems) -> str:
    status = read_status(row.text("status"))
    if status is None:
        problems.add("status", "status-unknown")
    return status or ""


def _check_order(taken: PrisonerRow, problems: Problems) -> None:
    """Born, then detained, then heard in court; a partial date is given the benefit of the doubt."""
    ordered = (
        ("detained_on", taken.born, taken.detained),
        ("first_hearing_on", taken.detained, taken.first_hearing),
    )
    for column, first, then in ordered:
        if first and then and first.surely_after(then):
            problems.add(column, "dates-out-of-order")
