"""A made-up list in the form of the public lists of political prisoners, with known faults.

`python -m tests.generators.prisoner_list --rows 1200 --bad 30 --seed 7 OUT.csv` writes the list and prints
the row, column and code of every fault in it.
"""

import argparse
import csv
import datetime
import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cases.reference.load import courts, places_of_detention
from config.demo.people import People

HEADER = (
    "ФИО", "Name (Latin)", "Псевдоним", "Дата рождения", "Статья", "Суд", "Судья", "Приговор",
    "Место содержания", "Дата задержания", "Дата суда", "Статус",
)  # fmt: skip
NAME, LATIN, ALIAS, BORN, ARTICLES, COURT, JUDGE, SENTENCE, PLACE, DETAINED, HEARING, STATUS = range(12)

TODAY = datetime.date(2026, 6, 1)
_ARTICLES = (
    "342 ч. 1", "342 ч. 1, 361-2", "ст. 368 ч. 1", "ч. 1 ст. 130 УК РБ", "361-1 ч. 3; 361-4 ч. 1", "369",
    "293 ч. 2", "364", "367 ч. 2, 368, 369", "411 ч. 2", "24.23 КоАП", "19.11 ч. 2", "342 part 1",
)  # fmt: skip
_SENTENCES = (
    "5 лет колонии", "5 years", "2 года 6 месяцев колонии общего режима", "3 года химии с направлением",
    "2 года домашней химии", "15 суток", "штраф 100 базовых величин", "12 лет колонии усиленного режима", "",
)  # fmt: skip
_STATUSES = ("задержан", "в СИЗО", "осуждён", "отбывает наказание", "на свободе", "")


@dataclass(frozen=True)
class Fault:
    """A fault the reader has to find; `row` counts with the header as row 1."""

    row: int
    column: str
    code: str


@dataclass(frozen=True)
class PrisonerList:
    """The generated list; `lines` starts with the header."""

    lines: list[list[str]]
    faults: list[Fault]

    def csv_bytes(self, *, encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
        """The list as a file; characters the encoding lacks become question marks."""
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(self.lines)
        return text.getvalue().encode(encoding, errors="replace")


def make_list(
    *, rows: int = 1200, bad: int = 30, seed: int = 7, today: datetime.date = TODAY
) -> PrisonerList:
    """`bad` of the `rows` carry one fault each, the ten kinds in turn. Raises ValueError when bad >= rows."""
    if not 0 <= bad < rows:
        raise ValueError("fewer bad rows than rows, please")
    chance, people = random.Random(seed), People(seed=seed, today=today)
    body = [_good_line(people, chance, today) for _ in range(rows)]
    faults = []
    # The first row stays good, so that a repeated row always has a good one above it.
    for turn, index in enumerate(sorted(chance.sample(range(1, rows), bad))):
        spoil, column, code = _KINDS[turn % len(_KINDS)]
        body[index] = spoil(body, index, chance, today)
        faults.append(Fault(index + 2, column, code))
    return PrisonerList([list(HEADER), *body], faults)


def _good_line(people: People, chance: random.Random, today: datetime.date) -> list[str]:
    person = people.person()
    detained = today - datetime.timedelta(days=chance.randint(200, 2000))
    hearing = detained + datetime.timedelta(days=chance.randint(1, 180))
    born = person.born_on.isoformat()
    court = chance.choice(courts())
    place = chance.choice(places_of_detention())
    return [
        chance.choice((person.list_name, person.name_be)),
        chance.choice((person.name_latin, "")),
        "",
        chance.choice((born, born[:7], born[:4], person.born_on.strftime("%d.%m.%Y"))),
        chance.choice(_ARTICLES),
        chance.choice((court.name_be, court.name_ru, court.name_en, court.code)),
        people.judge(),
        chance.choice(_SENTENCES),
        chance.choice((place.name_be, place.name_ru)),
        chance.choice((detained.isoformat(), detained.strftime("%d.%m.%Y"))),
        hearing.isoformat(),
        chance.choice(_STATUSES),
    ]


Body = list[list[str]]
Spoil = Callable[[Body, int, random.Random, datetime.date], list[str]]


def _with(line: list[str], **cells: str) -> list[str]:
    changed = list(line)
    for name, text in cells.items():
        changed[globals()[name.upper()]] = text
    return changed


def _no_name(body: Body, index: int, chance: random.Random, today: datetime.date) -> list[str]:
    return _with(body[index], name="", latin="", alias="")


def _impossible_birth(body: Body, index: int, chance: random.Random, today: datetime.date) -> list[str]:
    return _with(body[index], born=chance.choice(("1987-02-30", "31.04.1990", "1979-13-01", "00.05.1981")))


def _future_birth(body: Body, index: int, chance: random.Random, today: datetime.date) -> list[str]:
    return _with(body[index], born=(today + datetime.timedelta(days=chance.randint(1, 9000))).isoformat())


def _odd_article(body: Body, index: int, chance: random.Random, today: datetime.date) -> list[str]:
    return _with(body[index], articles=chance.choice(("триста сорок вторая", "342 ч.", "3421, 5", "ст. ст.")))


def _odd_court(body: Body, index: int, chance: random.Random, today: datetime.date) -> list[str]:
    return _with(body[index], court=chance.choice(("суд Заречного района", "Atlantis District Court", "суд")))


def _odd_sentence(body: Body, index: int, chance: random.Random, today: datetime.date) -> list[str]:
    return _with(
        body[index], sentence=chance.choice(("много", "see the verdict", "99 лет колонии", "колония"))
    )


def _repeated(body: Body, index: int, chance: random.Random, today: datetime.date) -> list[str]:
    return _with(body[0], judge=body[index][JUDGE], sentence="")


def _wrong_order(body: Body, index: int, chance: random.Random, today: datetime.date) -> list[str]:
    return _with(body[index], detained="2024-05-21", hearing=chance.choice(("2024-05-20", "2024-04", "2023")))


def _too_long(body: Body, index: int, chance: random.Random, today: datetime.date) -> list[str]:
    return _with(body[index], place="Мінск, " * 60)


def _broken(body: Body, index: int, chance: random.Random, today: datetime.date) -> list[str]:
    name = body[index][NAME]
    lookalike = name.replace("о", "o").replace("а", "a").replace("е", "e")
    doubly_decoded = name.encode().decode("cp1251", errors="replace")
    return _with(body[index], name=chance.choice((lookalike, doubly_decoded, name[:3] + "\ufffd" + name[4:])))


def _wide(body: Body, index: int, chance: random.Random, today: datetime.date) -> list[str]:
    return chance.choice((body[index] + ["лишнее"], body[index][:-2]))


_KINDS: tuple[tuple[Spoil, str, str], ...] = (
    (_no_name, "name", "name-missing"),
    (_impossible_birth, "born_on", "birth-date-impossible"),
    (_future_birth, "born_on", "birth-date-in-future"),
    (_odd_article, "articles", "article-not-understood"),
    (_odd_court, "court", "court-unknown"),
    (_odd_sentence, "sentence", "sentence-not-understood"),
    (_repeated, "name", "duplicate-row"),
    (_wrong_order, "first_hearing_on", "dates-out-of-order"),
    (_too_long, "place_of_detention", "too-long"),
    (_broken, "name", "broken-text"),
    (_wide, "", "column-count"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a made-up list of prisoners with known faults.")
    parser.add_argument("--rows", type=int, default=1200)
    parser.add_argument("--bad", type=int, default=30)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    made = make_list(rows=asked.rows, bad=asked.bad, seed=asked.seed)
    asked.out.write_bytes(made.csv_bytes())
    for fault in made.faults:
        print(f"{fault.row}\t{fault.column or '(row)'}\t{fault.code}")


if __name__ == "__main__":
    main()
