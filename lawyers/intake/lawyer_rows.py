"""One row of a list of lawyers, checked. An empty cell means unknown, never "no"."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from lawyers.intake.cells import PartialDate, read_list, read_whole_number
from lawyers.intake.checks import check_texts, check_width, date_cell
from lawyers.intake.problems import Problems, RowProblem
from lawyers.intake.table import Column, Row, Table

LAWYER_COLUMNS = (
    Column("name", ("full name", "имя", "фио", "ф.и.о.", "імя", "прозвішча імя"), required=True),
    Column("name_latin", ("latin name", "имя латиницей", "імя лацінкай")),
    Column("bar", ("bar association", "college", "коллегия", "коллегия адвокатов", "калегія")),
    Column("office", ("legal office", "юридическая консультация", "кансультацыя", "консультация")),
    Column("licence_status", ("licence", "license", "license status", "лицензия", "ліцэнзія")),
    Column("licence_from", ("licence since", "лицензия с", "ліцэнзія з")),
    Column("licence_until", ("licence to", "лицензия до", "ліцэнзія да")),
    Column("licence_source", ("source", "источник", "крыніца")),
    Column("languages", ("language", "языки", "мовы")),
    Column("regions", ("region", "regions covered", "регионы", "рэгіёны", "области", "вобласці")),
    Column("families", ("article families", "competence", "competences", "специализация", "спецыялізацыя")),
    Column("most_open", ("capacity", "max open", "most open cases", "максимум дел", "максімум спраў")),
    Column("new_per_week", ("per week", "new cases per week", "новых в неделю", "новых на тыдзень")),
    Column("channel", ("канал", "contact channel", "связь", "сувязь")),
)
LONGEST = {
    "name": 200, "name_latin": 200, "bar": 80, "office": 120, "licence_status": 40, "licence_from": 32,
    "licence_until": 32, "licence_source": 300, "languages": 100, "regions": 200, "families": 200,
    "most_open": 4, "new_per_week": 4, "channel": 20,
}  # fmt: skip
_ONE_SCRIPT = frozenset({"name", "name_latin"})
_MOST_OPEN, _MOST_PER_WEEK = 200, 50

STATUSES = {
    "active": "active, действует, действующая, дзейнічае, дзейная",
    "suspended": "suspended, приостановлена, прыпынена, прыпыненая",
    "revoked": "revoked, прекращена, отозвана, disbarred, спынена, спыненая, адклікана",
    "attestation-refused": "attestation refused, не аттестован, не атэставаны, аттестация не пройдена",
}
LANGUAGES = {
    "be": "be, belarusian, белорусский, беларуская",
    "ru": "ru, russian, русский, руская",
    "en": "en, english, английский, англійская",
    "pl": "pl, polish, польский, польская",
    "uk": "uk, ukrainian, украинский, украінская",
}
REGIONS = {
    "minsk-city": "minsk city, minsk, минск, мінск, г. минск, г. мінск",
    "minsk": "minsk region, минская область, мінская вобласць, минская, мінская",
    "brest": "brest, brest region, брестская область, брэсцкая вобласць, брест, брэст",
    "vitsebsk": "vitebsk, vitebsk region, viciebsk, витебская область, віцебская вобласць, витебск, віцебск",
    "homel": "homel, gomel, homel region, гомельская область, гомельская вобласць, гомель",
    "hrodna": "hrodna, grodno, hrodna region, гродненская область, гродзенская вобласць, гродно, гродна",
    "mahilou": "mahilou, mogilev, mahilou region, могилёвская область, магілёўская вобласць, "
    "могилев, магілёў",
}
FAMILIES = {
    "protest": "protest, протесты, пратэсты",
    "speech": "speech, defamation, оскорбление, абраза, высказывания, выказванні",
    "extremism": "extremism, экстремизм, экстрэмізм",
    "security": "security, state security, госбезопасность, дзяржбяспека, терроризм",
    "administrative": "administrative, административные, адміністрацыйныя",
    "prison-regime": "prison regime, режим, рэжым",
}
CHANNELS = {
    "relay": "relay, через координатора, праз каардынатара",
    "portal": "portal, портал, партал",
    "none": "none, нет, няма",
}


@dataclass(frozen=True)
class LawyerRow:
    """A row that can be taken in; None and empty tuples mean: not known, ask."""

    row: int
    name: str
    name_latin: str
    bar: str
    office: str
    licence_status: str
    licence_from: PartialDate | None
    licence_until: PartialDate | None
    licence_source: str
    languages: tuple[str, ...]
    regions: tuple[str, ...]
    families: tuple[str, ...]
    most_open: int | None
    new_per_week: int | None
    channel: str


def check_lawyers(table: Table, *, today: datetime.date) -> Iterator[LawyerRow | list[RowProblem]]:
    """Each row of the table in order: the row, or everything that is wrong with it.

    A licence that starts after `today` is a mistake; one that ended is data.
    """
    seen: set[tuple[str, str]] = set()
    for row in table.rows:
        yield _check(row, table, today, seen)


def _check(
    row: Row, table: Table, today: datetime.date, seen: set[tuple[str, str]]
) -> LawyerRow | list[RowProblem]:
    problems = Problems(row.number)
    if not check_width(row, table, problems):
        return problems.found
    check_texts(row, LONGEST, _ONE_SCRIPT, problems)
    if not row.text("name"):
        problems.add("name", "name-missing")
    since, until = date_cell(row, "licence_from", problems), date_cell(row, "licence_until", problems)
    if since and (since.first > today or (until and since.surely_after(until))):
        problems.add("licence_from", "dates-out-of-order")
    taken = _taken(row, since, until, problems)
    person = (" ".join(row.text("name").casefold().split()), row.text("bar").casefold())
    if not problems.found and person in seen:
        problems.add("name", "duplicate-row")
    seen.add(person)
    return problems.found or taken


def _taken(row: Row, since: PartialDate | None, until: PartialDate | None, problems: Problems) -> LawyerRow:
    return LawyerRow(
        row=row.number,
        name=row.text("name"),
        name_latin=row.text("name_latin"),
        bar=row.text("bar"),
        office=row.text("office"),
        licence_status=_one(row, "licence_status", STATUSES, problems),
        licence_from=since,
        licence_until=until,
        licence_source=row.text("licence_source"),
        languages=_many(row, "languages", LANGUAGES, problems),
        regions=_many(row, "regions", REGIONS, problems),
        families=_many(row, "families", FAMILIES, problems),
        most_open=_number(row, "most_open", _MOST_OPEN, problems),
        new_per_week=_number(row, "new_per_week", _MOST_PER_WEEK, problems),
        channel=_one(row, "channel", CHANNELS, problems),
    )


def _one(row: Row, column: str, words: dict[str, str], problems: Problems) -> str:
    text = row.text(column)
    code = _code(text, words) if text else ""
    if code is None:
        problems.add(column, "value-unknown")
    return code or ""


def _many(row: Row, column: str, words: dict[str, str], problems: Problems) -> tuple[str, ...]:
    codes = [_code(item, words) for item in read_list(row.text(column))]
    if None in codes:
        problems.add(column, "value-unknown")
    return tuple(dict.fromkeys(code for code in codes if code))


def _code(text: str, words: dict[str, str]) -> str | None:
    plain = " ".join(text.casefold().split())
    return next(
        (
            code
            for code, known in words.items()
            if plain == code or plain in (word.strip() for word in known.split(","))
        ),
        None,
    )


def _number(row: Row, column: str, most: int, problems: Problems) -> int | None:
    try:
        return read_whole_number(row.text(column), most=most)
    except ValueError:
        problems.add(column, "number-not-understood")
        return None
