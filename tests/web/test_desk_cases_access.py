"""Who sees what of a case: the ladder of people, names only under a grant, and ways to get one."""

import datetime
import uuid

import pytest
from django.utils import timezone

from accounts.actions.access import grant_access
from accounts.models import Grant
from audit.models import Event, ReadSubject
from cases.kinds import Confidentiality
from cases.models import Task
from tests import people
from tests.web.desk_cases import NAME, Desk, open_desk, readings_of, words  # noqa: F401  the fixture
from vault.reading import reading

PAGES = ["case", "case-court", "case-costs", "case-history", "case-client", "case-close"]
# Which of PAGES answer 200 to whom; all others are "not there".
OPENS = {
    "responsible": set(PAGES),
    "colleague": {"case", "case-costs"},
    "second officer": {"case", "case-costs", "case-history"},
    "auditor": {"case", "case-costs", "case-history"},
    "treasurer": set(),
    "administrator": set(),
    "stranger": set(),
}


def test_the_ladder_of_people(desk: Desk) -> None:
    case = desk.receive()
    ladder = {
        "responsible": desk.alder,
        "colleague": people.coordinator("hazel"),
        "second officer": people.second_officer(),
        "auditor": people.auditor(),
        "treasurer": people.treasurer(),
        "administrator": people.administrator(),
        "stranger": people.stranger(),
    }
    for who, user in ladder.items():
        opened = {name for name in PAGES if desk.get(user, name, case.pk).status_code == 200}
        assert opened == OPENS[who], who
        shut = [desk.get(user, name, case.pk).status_code for name in PAGES if name not in OPENS[who]]
        assert set(shut) <= {404}, who
    for name in PAGES:
        answer = desk.get(None, name, case.pk)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/")


def test_names_show_under_a_grant_alone_and_leave_a_record(desk: Desk) -> None:
    case = desk.receive()
    hazel, auditor = people.coordinator("hazel"), people.auditor()
    for user in (hazel, auditor):
        for name in OPENS["colleague"] | (OPENS["auditor"] if user == auditor else set()):
            page = desk.page(user, name, case.pk)
            assert NAME not in page
            assert case.client.code_name in page
        assert NAME not in desk.page(user, "cases")
    assert readings_of(case.client_id) == []

    assert NAME in desk.page(desk.alder, "case", case.pk)
    (record,) = readings_of(case.client_id)
    assert (record.actor_id, record.purpose) == (desk.alder.actor_id, "desk:case")


def test_a_page_of_names_is_one_record(desk: Desk) -> None:
    clients = {desk.receive(f"Каваленка Алена {number}").client_id for number in range(5)}
    page = desk.page(desk.alder, "cases")
    assert page.count("Каваленка Алена") == 5
    subjects = ReadSubject.objects.filter(subject_id__in=clients)
    assert set(subjects.values_list("subject_id", flat=True)) == clients
    assert subjects.values("read").distinct().count() == 1


def test_the_window_title_names_nobody(desk: Desk) -> None:
    case = desk.receive()
    for name in ("case", "case-court", "case-costs", "case-history"):
        title = desk.page(desk.alder, name, case.pk).split("</title>")[0]
        assert "Record" in title
        assert case.reference not in title
        assert case.client.code_name not in title


def test_restricted_cases_are_in_nobodys_list_without_a_grant(desk: Desk) -> None:
    case = desk.receive(confidentiality=Confidentiality.RESTRICTED)
    hazel = people.coordinator("hazel")
    assert desk.get(hazel, "case", case.pk).status_code == 404
    assert desk.post(hazel, "case-glass", case.pk, reason="a mother is calling").status_code == 404
    assert case.reference not in desk.page(hazel, "cases", view="all")
    assert case.reference in desk.page(desk.alder, "cases", view="all")


def test_breaking_the_glass_opens_for_a_day_and_is_seen(desk: Desk) -> None:
    case, hazel = desk.receive(), people.coordinator("hazel")
    refused = desk.refused(hazel, "case-glass", case.pk, reason="because")
    assert "Say it in a few words" in refused
    assert desk.get(hazel, "case-court", case.pk).status_code == 404

    said = desk.done(hazel, "case-glass", case.pk, reason="Hearing in two hours, Alder is on a train")
    assert "open to you for a short time" in said
    assert NAME in said
    grant = Grant.objects.get(user=hazel, object_id=case.pk)
    assert (grant.kind, grant.until - desk.at) == ("glass", datetime.timedelta(hours=24))
    assert "broke the glass" in desk.page(desk.alder, "case", case.pk)
    birch = people.second_officer()
    assert "Alder is on a train" in desk.page(birch, "worklist")
    assert NAME not in desk.page(birch, "worklist")


def test_broken_glass_heals(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    case, hazel = desk.receive(), people.coordinator("hazel")
    desk.done(hazel, "case-glass", case.pk, reason="Hearing in two hours, nobody else is here")
    later = desk.at + datetime.timedelta(hours=11)
    monkeypatch.setattr(timezone, "now", lambda: later)
    desk.visitors.clear()  # a session ends when nothing is done in it
    assert NAME in desk.page(hazel, "case", case.pk)
    hazels = Grant.objects.get(user=hazel, object_id=case.pk)
    monkeypatch.setattr(timezone, "now", lambda: hazels.until)
    desk.visitors.clear()  # sessions last twelve hours
    assert NAME not in desk.page(hazel, "case", case.pk)


def test_the_glass_never_takes_the_place_of_a_longer_grant(desk: Desk) -> None:
    case = desk.receive()
    assert desk.post(desk.alder, "case-glass", case.pk, reason="I hold it already").status_code == 302
    assert Grant.objects.get(user=desk.alder, ended_at=None).kind == "responsible"


def test_glass_is_for_those_who_work_on_cases(desk: Desk) -> None:
    case = desk.receive()
    for user in (people.auditor(), people.treasurer(), people.administrator(), people.stranger()):
        for name in ("case-glass", "case-access-ask", "case-access-give"):
            assert desk.post(user, name, case.pk, reason="I would like to see it").status_code == 404
    assert "Break the glass" not in desk.page(people.auditor("dogwood"), "case", case.pk)
    assert Grant.objects.filter(object_id=case.pk).count() == 1


def test_asking_puts_a_task_on_the_responsible_colleagues_list(desk: Desk) -> None:
    case, hazel = desk.receive(), people.coordinator("hazel")
    said = desk.done(hazel, "case-access-ask", case.pk, reason="The brother is my client")
    assert "Asked" in said
    task = Task.objects.get(case=case)
    assert task.owner == desk.alder
    with reading(desk.alder.actor_id, "test"):
        assert task.text == "hazel asks for access: The brother is my client"
    assert NAME not in desk.page(hazel, "case", case.pk)


def test_access_is_given_with_a_reason_and_ended(desk: Desk) -> None:
    case, hazel = desk.receive(), people.coordinator("hazel")
    refused = desk.refused(desk.alder, "case-access-give", case.pk, user=hazel.pk, kind="deputy", reason="")
    assert "Fill in: Why" in refused
    give = {"user": hazel.pk, "kind": "deputy", "reason": "Alder is away from Friday"}
    assert "Access is given" in desk.done(desk.alder, "case-access-give", case.pk, **give)
    assert NAME in desk.page(hazel, "case", case.pk)
    assert "Alder is away from Friday" in desk.page(hazel, "case", case.pk)
    grant = Grant.objects.get(user=hazel, object_id=case.pk)
    assert "Access is ended" in desk.done(
        desk.alder, "case-access-end", case.pk, grant.pk, reason="Alder is back at work"
    )
    assert NAME not in desk.page(hazel, "case", case.pk)
    kinds = Event.objects.filter(subjects__subject_id=str(case.pk)).values_list("kind", flat=True)
    assert {"access.granted", "access.ended"} <= set(kinds)


def test_what_was_lent_is_not_passed_on(desk: Desk) -> None:
    case, hazel, ivy = desk.receive(), people.coordinator("hazel"), people.coordinator("ivy")
    grant_access(user=hazel, object_kind="case", object_id=case.pk, kind="helper", by=desk.alder, at=desk.at)
    give = {"user": ivy.pk, "kind": "helper", "reason": "She helps me with it"}
    assert desk.post(hazel, "case-access-give", case.pk, **give).status_code == 404
    alders = Grant.objects.get(user=desk.alder, object_id=case.pk)
    assert desk.post(hazel, "case-access-end", case.pk, alders.pk).status_code == 404
    own = Grant.objects.get(user=hazel, object_id=case.pk)
    done = desk.post(hazel, "case-access-end", case.pk, own.pk, reason="My part of it is over")
    assert done.status_code == 302
    assert not Grant.objects.filter(user=ivy).exists()


def test_second_officers_open_cases_to_others_but_not_to_themselves(desk: Desk) -> None:
    case, birch, hazel = desk.receive(), people.second_officer(), people.coordinator("hazel")
    give = {"kind": "responsible", "reason": "Nobody is left in that office"}
    assert "Select a valid choice" in desk.refused(birch, "case-access-give", case.pk, user=birch.pk, **give)
    desk.done(birch, "case-access-give", case.pk, user=hazel.pk, **give)
    assert NAME in desk.page(hazel, "case", case.pk)


POSTS = {
    "case-note": {"text": "x"},
    "case-task": {"text": "x"},
    "case-status": {"to": "represented"},
    "case-close": {"reason": "ended"},
    "case-reopen": {},
    "case-duplicate": {"reference": "BY-2026-0001"},
    "case-stage": {"stage": "charged"},
    "case-client": {"name": "x"},
    "case-authority-new": {"kind": "pay"},
    "case-trial-new": {},
    "case-hearing-new": {},
    "case-accusation-new": {},
    "case-trial-link": {},
    "case-trial-unlink": {},
    "case-budget": {"fee": "100"},
}


@pytest.mark.parametrize("name", sorted(POSTS))
def test_nothing_is_written_without_a_grant(desk: Desk, name: str) -> None:
    case = desk.receive()
    before = Event.objects.count()
    for user in (people.coordinator("hazel"), people.second_officer(), people.auditor(), people.treasurer()):
        assert desk.post(user, name, case.pk, **POSTS[name]).status_code == 404
    assert desk.post(None, name, case.pk, **POSTS[name]).status_code == 302
    assert desk.post(desk.alder, name, uuid.uuid4(), **POSTS[name]).status_code == 404
    made = Event.objects.filter(seq__gte=before).exclude(kind__in=["user.added", "role.granted"])
    assert not made.exists()


def test_who_opened_it_is_told_without_names(desk: Desk) -> None:
    case, hazel = desk.receive(), people.coordinator("hazel")
    grant_access(user=hazel, object_kind="case", object_id=case.pk, kind="deputy", by=desk.alder, at=desk.at)
    desk.page(hazel, "case", case.pk)
    shown = words(desk.get(desk.alder, "case", case.pk))
    assert f"{hazel.short}: summary, name, place" in shown
    assert "You: summary, name, place" in words(desk.get(desk.alder, "case", case.pk))
