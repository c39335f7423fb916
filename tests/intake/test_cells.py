"""Dates, articles, sentences, courts, statuses: what lists really write, and what is refused."""

from datetime import date

import pytest

from cases.intake.articles import ArticleNotUnderstood, ArticleRef, read_articles
from cases.intake.courts import CourtNames
from cases.intake.sentences import Sentence, SentenceNotUnderstood, read_sentence
from cases.intake.statuses import read_status
from cases.reference.load import articles, court_names, courts, places_of_detention
from lawyers.intake.cells import ImpossibleDate, NotADate, PartialDate, broken_text, mixed_scripts, read_date


@pytest.mark.parametrize(
    ("text", "first", "precision"),
    [
        ("1987-05-21", date(1987, 5, 21), "day"),
        ("21.05.1987", date(1987, 5, 21), "day"),
        ("5/3/1987", date(1987, 3, 5), "day"),
        ("1987-05", date(1987, 5, 1), "month"),
        ("05.1987", date(1987, 5, 1), "month"),
        ("1987", date(1987, 1, 1), "year"),
        ("1987 г.", date(1987, 1, 1), "year"),
        ("1987-05-21T00:00:00", date(1987, 5, 21), "day"),
    ],
)
def test_dates(text: str, first: date, precision: str) -> None:
    found = read_date(text)
    assert found is not None
    assert (found.first, found.precision) == (first, precision)


@pytest.mark.parametrize("text", ["1987-02-29", "31.04.1990", "13.1990", "0987", "00.01.1990"])
def test_impossible_dates(text: str) -> None:
    with pytest.raises(ImpossibleDate):
        read_date(text)


@pytest.mark.parametrize("text", ["87", "May 1987", "1987-05-21-01", "21.05.87", "x"])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(NotADate):
        read_date(text)


def test_partial_dates_are_given_the_benefit_of_the_doubt() -> None:
    day = PartialDate(date(2024, 5, 21))
    month = PartialDate(date(2024, 5, 1), "month")
    year = PartialDate(date(2024, 1, 1), "year")
    assert (str(day), str(month), str(year)) == ("2024-05-21", "2024-05", "2024")
    assert month.last == date(2024, 5, 31)
    assert year.last == date(2024, 12, 31)
    assert not day.surely_after(month)
    assert not day.surely_after(year)
    assert day.surely_after(PartialDate(date(2024, 4, 1), "month"))


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("342 ч. 1, 361-2", ["342/1", "361-2/"]),
        ("ч. 1 ст. 342 УК РБ", ["342/1"]),
        ("ст. 342 ч. 1, 2", ["342/1", "342/2"]),
        ("арт. 361¹ частка 3; 361–4", ["361-1/3", "361-4/"]),
        ("24.23 ч.1 КоАП", ["24.23/1"]),
        ("342 part 1 and 368", ["342/1", "368/"]),
        ("130, 130", ["130/"]),
        ("342 і 369", ["342/", "369/"]),
        ("", []),
    ],
)
def test_articles(text: str, refs: list[str]) -> None:
    assert [f"{ref.number}/{ref.part}" for ref in read_articles(text)] == refs


@pytest.mark.parametrize("text", ["extremism", "3421", "342 ч.", "ст.", "342 1", "12", "342, x"])
def test_what_is_no_article(text: str) -> None:
    with pytest.raises(ArticleNotUnderstood):
        read_articles(text)


def test_an_administrative_article_has_a_point() -> None:
    assert ArticleRef("24.23").is_administrative
    assert not ArticleRef("342").is_administrative


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("5 лет колонии", Sentence("prison", 60)),
        ("5 years", Sentence("prison", 60)),
        ("2 гады 6 месяцаў калоніі агульнага рэжыму", Sentence("prison", 30, regime="general")),
        ("2,5 года лишения свободы", Sentence("prison", 30)),
        ("12 лет колонии строгого режима", Sentence("prison", 144, regime="strict")),
        ("3 года химии", Sentence("open-facility", 36)),
        ("2 года домашней химии", Sentence("home-restriction", 24)),
        ("3 года ограничения свободы без направления", Sentence("home-restriction", 36)),
        ("15 сутак", Sentence("arrest", days=15)),
        ("3 месяца ареста", Sentence("arrest", 3)),
        ("штраф 100 базовых величин", Sentence("fine", base_units=100)),
        ("пожизненное лишение свободы", Sentence("prison", life=True)),
        ("принудительное лечение", Sentence("treatment")),
        ("240 часов общественных работ, 1 год", Sentence("community-work", 12)),
    ],
)
def test_sentences(text: str, sentence: Sentence) -> None:
    assert read_sentence(text) == sentence


@pytest.mark.parametrize("text", ["много", "колония", "99 лет", "5", "2 года 14 месяцев", "см. приговор"])
def test_what_is_no_sentence(text: str) -> None:
    with pytest.raises(SentenceNotUnderstood):
        read_sentence(text)


@pytest.mark.parametrize(
    "text", ["Ив\ufffdн", "Ð\u0098Ð²Ð°Ð½", "Пётр".encode().decode("cp1251"), "Ив??", "a\x07b"]
)
def test_broken_texts_are_noticed(text: str) -> None:
    assert broken_text(text)


@pytest.mark.parametrize("text", ["Пётр Шчасны", "Ščasny Piotr", "Дар'я", "Дар’я № 1", "РС-1", "(?)"])
def test_whole_texts_are_left_in_peace(text: str) -> None:
    assert not broken_text(text)
    assert not mixed_scripts(text)


def test_lookalikes_are_noticed_by_word() -> None:
    assert mixed_scripts("Кoваль Иван")
    assert not mixed_scripts("Ivan Каваль")


def test_every_name_of_every_court_finds_it() -> None:
    names = court_names()
    missed = [
        (court.code, name)
        for court in courts()
        for name in (court.code, court.name_be, court.name_ru, court.name_en, *court.also)
        if names.find(name) != court.code
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Суд Заводского р-на г.Минска", "by-minsk-city-zavodski"),
        ("Заводской районный суд Минска", "by-minsk-city-zavodski"),
        ("Zavodski district court of Minsk", "by-minsk-city-zavodski"),
        ("суд завадскога", None),
        ("", None),
    ],
)
def test_courts_as_people_write_them(written: str, expected: str | None) -> None:
    assert court_names().find(written) == expected


def test_a_name_two_courts_share_finds_neither() -> None:
    names = CourtNames({"a": ["суд Ленинского района"], "b": ["Суд Ленинского р-на", "b only"]})
    assert names.find("суд Ленинского района") is None
    assert names.find("b only") == "b"


def test_statuses() -> None:
    assert read_status("Осуждена") == "convicted"
    assert read_status("  вызвалены ") == "released"
    assert read_status("") == ""
    assert read_status("fine, thanks") is None


def test_reference_data_is_whole() -> None:
    assert len(courts()) >= 140
    assert len({court.code for court in courts()}) == len(courts())
    wanted = "130 293 342 361 361-1 361-2 361-4 364 367 368 369 391 407 411 19.11 24.15 24.23"
    assert " ".join(article.number for article in articles()) == wanted
    assert all(1 <= article.severity <= 5 for article in articles())
    assert all(("." in article.number) == (article.code == "administrative") for article in articles())
    assert len({place.code for place in places_of_detention()}) == len(places_of_detention()) >= 25
    for rows in (courts(), articles(), places_of_detention()):
        assert all(row.citation and not row.checked_by_counsel for row in rows)
