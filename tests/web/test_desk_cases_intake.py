"""The one page of the intake: little is needed, nothing twice, likely duplicates before writing."""

import re

import pytest

from cases.models import Case, Client, Hearing
from tests import people
from tests.web.desk_cases import COURT, NAME, Desk, open_desk, readings_of, words  # noqa: F401  the fixture
from vault.reading import reading

LEAST = {"name": NAME, "contacts": "the sister, by message", "client_kind": "detainee", "source": "family"}


def test_a_name_and_a_contact_are_enough(desk: Desk) -> None:
    said = desk.done(desk.alder, "case-new", **LEAST)
    assert "taken in" in said
    case = Case.objects.get()
    with reading("staff:test", "test"):
        assert (case.client.name, case.client.contacts) == (NAME, LEAST["contacts"])
    assert NAME in desk.page(desk.alder, "case", case.pk)


def test_an_alias_may_stand_in_the_place_of_a_name(desk: Desk) -> None:
    desk.done(desk.alder, "case-new", **{**LEAST, "name": "", "alias": "Teacher from Lida"})
    assert Client.objects.count() == 1


@pytest.mark.parametrize(
    ("missing", "text"),
    [
        ({"name": ""}, "Write a name or an alias"),
        ({"contacts": " "}, "Write how to reach somebody"),
        ({"detained": "soon"}, "Write a day, a month or a year"),
        ({"detained": "31.02.2026"}, "The calendar has no such day"),
        ({"articles": "the bad one"}, "Write numbers of articles"),
        ({"court": "Court of Atlantis"}, "We do not know this court"),
        ({"hearing_at": "10:00"}, "Write the day of the hearing too"),
    ],
)
def test_what_is_wrong_is_said_once_and_in_words(desk: Desk, missing: dict[str, str], text: str) -> None:
    refused = desk.refused(desk.alder, "case-new", **{**LEAST, **missing})
    assert refused.count(text) == 2  # in the list at the top, and beside the field
    assert not Case.objects.exists()


def test_all_eight_fields_arrive(desk: Desk) -> None:
    court = "Tsentralny District Court of Homiel"
    page = desk.page(desk.alder, "case-new")
    offered = re.findall(r'<option value="([^"]+)"></option>', page)
    court = next(name for name in offered if "Tsentralny" in name and "Hom" in name)
    desk.done(
        desk.alder,
        "case-new",
        **LEAST,
        latin_name="Kavalenka Alena",
        detained="02.2026",
        articles="342 part 1, 361-2",
        court=court,
        hearing_on="2026-03-05",
        hearing_at="10:30",
    )
    case = Case.objects.get()
    assert case.court is not None
    assert (case.court.code, case.region) == (COURT, "homel")
    assert (str(case.detained_on), case.detained_precision, case.stage) == ("2026-02-01", "month", "detained")
    assert sorted(str(row.article) for row in case.accusations.all()) == ["342 part 1", "361-2"]
    hearing = Hearing.objects.get()
    assert hearing.time_known
    assert hearing.starts_at.isoformat() == "2026-03-05T07:30:00+00:00"


def test_a_repeated_post_takes_in_nobody_twice(desk: Desk) -> None:
    once = "a-token-of-one-form-only"
    desk.done(desk.alder, "case-new", **LEAST, once=once)
    again = desk.post(desk.alder, "case-new", **LEAST, once=once)
    assert "This was done already" in words(again)
    assert Case.objects.count() == 1


DOUBLES = [
    ("Каваленка Алена Пятроўна", "Коваленко Елена Петровна"),
    ("Коваленко Елена", "Каваленка Алена Пятроўна"),
    ("Каваленка Алена", "Kavalenka Alena"),
    ("Шчэрба Уладзімір", "Щерба Владимир"),
    ("Аляксандр Жук", "Жук Александр"),
]


@pytest.mark.parametrize(("known", "written"), DOUBLES)
def test_likely_duplicates_are_shown_over_spellings(desk: Desk, known: str, written: str) -> None:
    case = desk.receive(known)
    answer = desk.post(desk.alder, "case-new", **{**LEAST, "name": written})
    text = words(answer)
    assert "Is it one of these people?" in text
    assert case.client.code_name in text
    assert case.reference in text
    assert Case.objects.count() == 1


def test_somebody_else_is_not_asked_about(desk: Desk) -> None:
    desk.receive("Сідарэнка Ігар Мікалаевіч")
    desk.done(desk.alder, "case-new", **LEAST)
    assert Client.objects.count() == 2


def test_the_same_person_gets_a_new_case(desk: Desk) -> None:
    old = desk.receive()
    desk.post(desk.alder, "case-new", **LEAST)
    desk.done(desk.alder, "case-new", **LEAST, same=str(old.client_id))
    assert Client.objects.count() == 1
    new = Case.objects.exclude(pk=old.pk).get()
    assert new.client_id == old.client_id
    assert old.reference in desk.page(desk.alder, "case", new.pk)


def test_a_different_person_is_somebody_new(desk: Desk) -> None:
    desk.receive()
    desk.done(desk.alder, "case-new", **LEAST, same="new")
    assert Client.objects.count() == Case.objects.count() == 2


def test_nobody_is_chosen_who_was_not_shown(desk: Desk) -> None:
    desk.receive()
    stranger = desk.receive("Сідарэнка Ігар Мікалаевіч")
    refused = desk.refused(desk.alder, "case-new", **LEAST, same=str(stranger.client_id))
    assert "Choose one of these people" in refused
    assert Case.objects.count() == 2


def test_a_duplicate_shows_its_name_under_a_grant_only(desk: Desk) -> None:
    case, hazel = desk.receive(), people.coordinator("hazel")
    text = words(desk.post(hazel, "case-new", **{**LEAST, "name": "Коваленко Елена"}))
    assert case.client.code_name in text
    assert NAME not in text
    assert NAME in words(desk.post(desk.alder, "case-new", **{**LEAST, "name": "Коваленко Елена"}))
    # Comparing opened the name for the machine, and the record says at whose question.
    assert {record.actor_id for record in readings_of(case.client_id)} == {
        hazel.actor_id,
        desk.alder.actor_id,
    }


def test_only_coordinators_take_in(desk: Desk) -> None:
    others = (people.second_officer(), people.auditor(), people.treasurer(), people.stranger())
    for user in others:
        assert desk.get(user, "case-new").status_code == 404
        assert desk.post(user, "case-new", **LEAST).status_code == 404
    assert not Case.objects.exists()
