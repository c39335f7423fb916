"""Reading, keys, scores and search, beside the labelled pairs."""

import datetime
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.names import PersonFacts, candidate_keys, score_candidates, search_names, search_score, similarity
from cases.names.candidates import birth_factor, place_factor
from cases.names.letters import mixed_script, readings, skeleton
from cases.names.parts import read_name
from config.demo.people import DemoPerson, People

TODAY = datetime.date(2026, 6, 1)


def facts(ref: str, *names: str, born: str = "", place: str = "") -> PersonFacts:
    """`born`: 1987, 1987-05 or 1987-05-21."""
    precision = {0: "day", 4: "year", 7: "month", 10: "day"}[len(born)]
    day = datetime.date.fromisoformat(born + "1900-01-01"[len(born) :]) if born else None
    return PersonFacts(ref, names, day, precision, place)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("spellings", "fold"),
    [
        ("Хадкевіч Ходкевич Khadkevich Chadkievič", "gAdkAvIč"),
        ("Дзям'янаў Демьянов Dziamyanau Dziamjanaŭ", "dAmAnAv"),
        ("Шчасны Счастный Shchasny Ščasny", "ščAsnI"),
        ("Чарноўская Черновская Charnouskaya Čarnoŭskaja", "čArnAvskA"),
    ],
)
def test_one_fold_for_all_spellings(spellings: str, fold: str) -> None:
    assert {readings(word)[0] for word in spellings.split()} == {fold}


def test_a_bare_ch_is_read_both_ways() -> None:
    assert set(readings("Chadkevic")) == {"čAdkAvIt", "gAdkAvIt"}


def test_a_skeleton_keeps_the_opening_vowel_only() -> None:
    assert skeleton("AvsAnkA") == "Avsnk"


def test_lookalike_letters_are_noticed_and_read_as_meant() -> None:
    assert mixed_script("Kаvaliou")
    assert not mixed_script("Kavaliou")
    assert not mixed_script("Кавалёў")
    assert readings("Kаvaliou") == readings("Kavaliou")


@pytest.mark.parametrize(
    ("written", "surname", "given", "patronymic"),
    [
        ("Гулевіч Мікалай Віктаравіч", "Гулевіч", "Мікалай", "Віктаравіч"),
        ("Мікалай Віктаравіч Гулевіч", "Гулевіч", "Мікалай", "Віктаравіч"),
        ("Мікалай Гулевіч", "Гулевіч", "Мікалай", None),
        ("Гулевич Н. В.", "Гулевич", "Н", "В"),
        ("Ганна Іванаўна Кавалёва-Лугавая", "Кавалёва-Лугавая", "Ганна", "Іванаўна"),
    ],
)
def test_reading_a_full_name(written: str, surname: str, given: str, patronymic: str | None) -> None:
    first = read_name(written)[0]
    assert " ".join(word.text for word in first.surname) == surname
    assert first.given
    assert first.given.text == given
    assert (first.patronymic.text if first.patronymic else None) == patronymic


def test_two_given_names_are_read_both_ways() -> None:
    assert {reading.surname[0].text for reading in read_name("Максім Раман")} == {"Максім", "Раман"}


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_is_compared_without_an_error(a: str, b: str) -> None:
    assert 0.0 <= similarity(a, b) <= 1.0
    assert 0.0 <= search_score(a, b) <= 1.0
    assert all(len(key) < 40 for key in candidate_keys(a))


def test_keys_hold_no_name_in_the_clear() -> None:
    keys = candidate_keys("Кавалёў Аляксандр")
    assert keys
    assert not any("кавал" in key.lower() or "kaval" in key.lower() for key in keys)


def _spellings(person: DemoPerson) -> list[str]:
    return [person.name_be, person.name_ru, person.name_latin, person.list_name]


def _typo(name: str, chance: random.Random) -> str:
    """One letter left out, doubled or swapped inside the longest word."""
    words = name.split()
    longest = max(range(len(words)), key=lambda index: len(words[index]))
    word, at = words[longest], chance.randint(1, len(words[longest]) - 3)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    words[longest] = chance.choice((word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:], swapped))
    return " ".join(words)


def test_invented_people_are_found_by_key_and_score_through_spelling_and_typo() -> None:
    """Not the pairs the thresholds were chosen on: 60 of 200 people, in another spelling, with a typo."""
    people, chance = People(seed=11, today=TODAY), random.Random(11)
    pool = [people.person() for _ in range(200)]
    stored = [facts(str(index), person.name_be) for index, person in enumerate(pool)]
    keys = [candidate_keys(person.name_be) for person in pool]
    by_key = first = 0
    for index, person in enumerate(pool[:60]):
        asked = _typo(chance.choice(_spellings(person)[1:]), chance)
        by_key += bool(candidate_keys(asked) & keys[index])
        found = score_candidates(facts("asked", asked), stored)
        first += bool(found) and found[0].person.ref == str(index)
    assert by_key >= 57
    assert first >= 54


def test_unrelated_people_rarely_share_a_key() -> None:
    people = People(seed=5, today=TODAY)
    keys = [candidate_keys(people.person().name_be) for _ in range(200)]
    shared = sum(bool(a & b) for index, a in enumerate(keys) for b in keys[:index])
    assert shared / (200 * 199 / 2) < 0.03


def test_a_birth_date_that_agrees_comes_before_one_that_contradicts() -> None:
    query = facts("q", "Юрый Хадкевіч", born="1987-05-21")
    pool = [
        facts("other", "Юрий Ходкевич", born="1961-11-02"),
        facts("same", "Юрий Ходкевич", born="1987"),
        facts("slip", "Юрий Ходкевич", born="1987-05-12"),
        facts("unknown", "Юрий Ходкевич"),
    ]
    assert [one.person.ref for one in score_candidates(query, pool)] == ["same", "unknown", "slip", "other"]


@pytest.mark.parametrize(
    ("a", "b", "factor"),
    [
        ("1987-05-21", "1987-05-21", 1.0),
        ("1987-05-21", "1987-05", 1.0),
        ("1987-05-21", "1987", 1.0),
        ("1987-05-21", "", 0.92),
        ("1987-05-04", "1987-04-05", 0.88),
        ("1987", "1988", 0.88),
        ("1987-05-21", "1977-05-21", 0.88),
        ("1987-05-21", "1961-11-02", 0.6),
        ("1987", "1961", 0.6),
        ("1987-05", "1987-12", 0.6),
    ],
)
def test_birth_dates_are_compared_at_the_coarser_precision(a: str, b: str, factor: float) -> None:
    assert birth_factor(facts("a", born=a), facts("b", born=b)) == factor


@pytest.mark.parametrize(
    ("a", "b", "factor"),
    [
        ("г. Мінск", "Minsk", 1.0),
        ("Гродна", "Гродно, область", 1.0),
        ("Брэсцкая вобласць", "Минская область", 0.94),
        ("", "Minsk", 0.98),
    ],
)
def test_places_are_compared_over_spellings(a: str, b: str, factor: float) -> None:
    assert place_factor(a, b) == factor


def test_a_person_is_no_candidate_for_themself_and_any_known_spelling_counts() -> None:
    me = facts("me", "Volha Zaitsava", "Вольга Зайцава")
    found = score_candidates(me, [me, facts("she", "Рыбалка", "Ольга Зайцева"), facts("he", "Ігар Пятрэнка")])
    assert [one.person.ref for one in found] == ["she"]
    assert found[0].score == pytest.approx(found[0].name * found[0].birth * found[0].place)


@pytest.mark.parametrize("typed", ["хадк", "Khadkev", "ходкевчи", "юрий ходк", "Хоткевич"])
def test_half_a_misspelt_surname_finds(typed: str) -> None:
    names = [("1", "Юрый Хадкевіч"), ("2", "Вольга Зайцава"), ("3", "Рыгор Карпук"), ("4", "Арцём Жук")]
    assert [ref for ref, _ in search_names(typed, names)] == ["1"]


def test_search_finds_nothing_for_nothing() -> None:
    assert search_names("  ", [("1", "Юрый Хадкевіч")]) == []
