"""The invented people of the demonstration."""

import datetime
from pathlib import Path

import pytest

from cases.names.given import name_ids
from cases.names.letters import readings
from cases.names.similarity import similarity
from config.demo.latin import passport_latin
from config.demo.people import People
from config.demo.words import BIRDS, MEN, SURNAMES, TREES, WOMEN

TODAY = datetime.date(2026, 6, 1)

# Surnames of people known from the news of 2020-2026, jailed or in power: nobody invented may share one.
KNOWN_FROM_THE_NEWS = Path(__file__).with_name("known_surnames.txt").read_text(encoding="utf-8").split()


def test_no_invented_surname_is_known_from_the_news() -> None:
    assert len(KNOWN_FROM_THE_NEWS) > 60
    known = {fold for surname in KNOWN_FROM_THE_NEWS for fold in readings(surname)}
    invented = {fold for forms in SURNAMES for form in forms for fold in readings(form)}
    assert not known & invented


def test_the_same_seed_gives_the_same_people() -> None:
    first, second, third = (People(seed=seed, today=TODAY) for seed in (3, 3, 4))
    assert [first.person() for _ in range(50)] == [second.person() for _ in range(50)]
    assert first.person() != third.person()


def test_no_two_people_share_a_name_and_all_are_grown_up() -> None:
    people = People(seed=1, today=TODAY)
    many = [people.person() for _ in range(3000)]
    assert len({person.name_be for person in many}) == 3000
    assert all(17 < (TODAY - person.born_on).days / 365.25 < 75 for person in many)


def test_the_spellings_of_one_invented_person_agree() -> None:
    people = People(seed=2, today=TODAY)
    for person in (people.person() for _ in range(300)):
        assert similarity(person.name_be, person.name_ru) >= 0.8, person
        assert similarity(person.name_be, person.name_latin) >= 0.8, person


def test_women_and_men_have_their_own_forms() -> None:
    people = People(seed=2, today=TODAY)
    for _ in range(100):
        assert people.person("f").name_be.split()[1].endswith("на")
        assert people.person("m").name_be.split()[1].endswith("іч")


@pytest.mark.parametrize(
    ("written", "latin"),
    [
        ("Сяргей Дзям'янаў", "Siarhei Dziamyanau"),
        ("Юрый Хадкевіч", "Yury Khadkevich"),
        ("Ганна Бярозкіна", "Hanna Biarozkina"),
        ("Яўген Шчаглоў", "Yauhen Shchahlou"),
    ],
)
def test_passport_latin(written: str, latin: str) -> None:
    assert passport_latin(written) == latin


def test_passport_latin_refuses_other_letters() -> None:
    with pytest.raises(KeyError):
        passport_latin("Игорь")


def test_code_names_are_trees_and_birds_and_never_repeat() -> None:
    people = People(seed=9, today=TODAY)
    clients = [people.client_code() for _ in range(36_000)]
    lawyers = [people.lawyer_code() for _ in range(300)]
    assert len(set(clients)) == 36_000
    assert len(set(lawyers)) == 300
    assert {code.split("-")[0] for code in clients} <= set(TREES)
    assert {code.split("-")[0] for code in lawyers} <= set(BIRDS)
    assert len(set(TREES)) >= 60
    assert len(set(BIRDS)) >= 60
    assert not set(TREES) & set(BIRDS)


def test_every_given_name_of_the_demonstration_is_in_the_table() -> None:
    pairs = [(man[0], man[1]) for man in MEN] + [(woman[0], woman[1]) for woman in WOMEN]
    assert [pair for pair in pairs if not name_ids(pair[0]) & name_ids(pair[1])] == []


def test_lawyers_judges_and_payees() -> None:
    people = People(seed=9, today=TODAY)
    lawyers = [people.lawyer() for _ in range(100)]
    assert all(lawyer.regions and lawyer.families and lawyer.languages for lawyer in lawyers)
    assert all(lawyer.most_open >= lawyer.new_per_week >= 1 for lawyer in lawyers)
    assert people.judge().count(".") == 2
    assert {people.payee().kind for _ in range(100)} == {
        "law-office",
        "relative",
        "partner",
        "translator",
        "transport",
    }
