"""What people do on the overview of a case, each with its effect and its refusals in words."""

import datetime

import pytest

from cases.actions.people import add_authority
from cases.kinds import AuthorityKind, Basis, CaseStatus, Relation
from cases.models import Authority, Note, StageEvent, Task
from tests import people
from tests.web.desk_cases import NAME, Desk, open_desk, words  # noqa: F401  the fixture
from vault.reading import reading

# The organisation's own steps


def test_only_allowed_next_steps_are_offered_and_taken(desk: Desk) -> None:
    case = desk.receive(seeking=False)
    page = desk.page(desk.alder, "case", case.pk)
    assert 'value="verified"' in page
    assert 'value="seeking-counsel"' not in page
    said = desk.done(desk.alder, "case-status", case.pk, to="verified")
    assert "status is changed" in said
    case.refresh_from_db()
    assert case.status == CaseStatus.VERIFIED
    refused = desk.done(desk.alder, "case-status", case.pk, to="represented")
    assert "does not become" in refused
    case.refresh_from_db()
    assert case.status == CaseStatus.VERIFIED
    assert desk.post(desk.alder, "case-status", case.pk, to="flying").status_code == 404


def test_a_repeated_press_takes_one_step(desk: Desk) -> None:
    case = desk.receive(seeking=False)
    once = "one-token-of-one-form"
    desk.done(desk.alder, "case-status", case.pk, to="verified", once=once)
    again = desk.done(desk.alder, "case-status", case.pk, to="eligible", once=once)
    assert "This was done already" in again
    case.refresh_from_db()
    assert case.status == CaseStatus.VERIFIED


def test_a_duplicate_names_the_case_it_repeats(desk: Desk) -> None:
    case, other = desk.receive(seeking=False), desk.receive("Каваленка Алена", seeking=False)
    wrong = desk.refused(desk.alder, "case-duplicate", case.pk, reference="BY-2026-9999")
    assert "no case with this reference" in wrong
    itself = desk.refused(desk.alder, "case-duplicate", case.pk, reference=case.reference)
    assert "not itself" in itself
    desk.done(desk.alder, "case-duplicate", case.pk, reference=other.reference.lower())
    case.refresh_from_db()
    assert (case.status, case.duplicate_of_id) == (CaseStatus.DUPLICATE, other.pk)
    assert "Reopen the case" in desk.page(desk.alder, "case", case.pk)


def test_closing_shows_what_is_open_and_settles_it(desk: Desk) -> None:
    case = desk.receive()
    desk.done(desk.alder, "case-task", case.pk, text="Call the sister", owner=desk.alder.pk)
    page = words(desk.get(desk.alder, "case-close", case.pk))
    assert "Task: Call the sister" in page
    assert "Cancelled in our calendar" in page
    assert "Choose an answer: Why" in desk.refused(desk.alder, "case-close", case.pk, reason="")
    said = desk.done(desk.alder, "case-close", case.pk, reason="released")
    assert "closed" in said
    assert "Released" in said
    case.refresh_from_db()
    assert case.status == CaseStatus.CLOSED
    assert Task.objects.get().done_at == desk.at
    desk.done(desk.alder, "case-reopen", case.pk)
    case.refresh_from_db()
    assert (case.status, case.closing_reason) == (CaseStatus.REOPENED, "")


# Stages


STAGE = {"occurred": "20.02.2026", "source": "counsel", "reliability": "confirmed"}


def test_a_stage_is_recorded_with_both_times_and_its_source(desk: Desk) -> None:
    case = desk.receive()
    desk.done(desk.alder, "case-stage", case.pk, stage="detained", **{**STAGE, "occurred": "02.2026"})
    text = words(desk.get(desk.alder, "case", case.pk))
    assert "February 2026 Detained" in text
    assert "Known 2 Mar 2026, 12:30 . Source: Counsel. Confirmed." in text


def test_an_odd_step_asks_for_a_reason(desk: Desk) -> None:
    case = desk.receive()
    desk.done(desk.alder, "case-stage", case.pk, stage="detained", **STAGE)
    odd = {**STAGE, "stage": "cassation", "occurred": "25.02.2026"}
    refused = desk.refused(desk.alder, "case-stage", case.pk, **odd)
    assert "is an unusual step" in refused
    desk.done(desk.alder, "case-stage", case.pk, **odd, reason="The first verdict was annulled")
    case.refresh_from_db()
    assert case.stage == "cassation"


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"occurred": "2030-01-01"}, "recorded once it has come"),
        ({"occurred": "yesterday"}, "Write a day, a month or a year"),
        ({"end_kind": "pardon"}, "This stage is not an end"),
        ({"stage": "court"}, "Select a valid choice"),
    ],
)
def test_wrong_stages_are_refused(desk: Desk, wrong: dict[str, str], text: str) -> None:
    case = desk.receive()
    assert text in desk.refused(desk.alder, "case-stage", case.pk, **{"stage": "charged", **STAGE, **wrong})
    assert not StageEvent.objects.exists()


def test_a_correction_leaves_the_first_version_to_be_seen(desk: Desk) -> None:
    case = desk.receive()
    desk.done(desk.alder, "case-stage", case.pk, stage="detained", **STAGE)
    event = StageEvent.objects.get()
    fix = {"stage": "detained", "occurred": "18.02.2026", "reason": "The family mistook the day"}
    desk.done(desk.alder, "case-stage-correct", case.pk, event.pk, **fix)
    text = words(desk.get(desk.alder, "case", case.pk))
    assert "18 February 2026 Detained" in text
    assert "1 corrected entry" in text
    assert "Detained, 20 February 2026" in text
    again = desk.refused(desk.alder, "case-stage-correct", case.pk, event.pk, **fix)
    assert "corrected already" in again


def test_a_stage_of_another_case_cannot_be_corrected_from_here(desk: Desk) -> None:
    case, hazel = desk.receive(), people.coordinator("hazel")
    hers = desk.receive("Ліс Лада", by=hazel)
    desk.done(hazel, "case-stage", hers.pk, stage="detained", **STAGE)
    event = StageEvent.objects.get()
    fix = {"stage": "", "occurred": "18.02.2026", "reason": "x"}
    assert desk.post(desk.alder, "case-stage-correct", case.pk, event.pk, **fix).status_code == 404


# Notes and tasks


def test_notes_are_sealed_and_shown(desk: Desk) -> None:
    case = desk.receive()
    assert "Fill in: Note" in desk.refused(desk.alder, "case-note", case.pk, text=" ")
    said = desk.done(desk.alder, "case-note", case.pk, text="The sister calls on Fridays")
    assert "The sister calls on Fridays" in said
    assert Note.objects.values_list("text", flat=True).get() != "The sister calls on Fridays"


def test_tasks_have_an_owner_and_end_once(desk: Desk) -> None:
    case, hazel = desk.receive(), people.coordinator("hazel")
    treasurer = people.treasurer()
    wrong = desk.refused(desk.alder, "case-task", case.pk, text="Call", owner=treasurer.pk)
    assert "Select a valid choice" in wrong
    desk.done(desk.alder, "case-task", case.pk, text="Call", owner=hazel.pk, due_on="2026-03-04")
    task = Task.objects.get()
    assert (task.owner, task.due_on) == (hazel, datetime.date(2026, 3, 4))
    assert "in 2 days" in words(desk.get(desk.alder, "case", case.pk))
    assert "Done." in desk.done(desk.alder, "case-task-done", case.pk, task.pk)
    assert "finished already" in desk.done(desk.alder, "case-task-done", case.pk, task.pk)


# The client


def test_contacts_are_opened_on_a_page_of_their_own(desk: Desk) -> None:
    case = desk.receive(contacts="sister, +375 00 000")
    assert "+375 00 000" not in desk.page(desk.alder, "case", case.pk)
    assert "+375 00 000" in desk.page(desk.alder, "case-client", case.pk)


def test_a_new_spelling_is_found_at_once(desk: Desk) -> None:
    case = desk.receive()
    known = {"kind": "detainee", "contacts": "sister, by message", "name": "Драздовіч Алена"}
    desk.done(desk.alder, "case-client", case.pk, **known, born="1981")
    case.client.refresh_from_db()
    assert case.client.born_precision == "year"
    assert case.reference in desk.found(desk.alder, "Дроздович")
    nameless = desk.refused(desk.alder, "case-client", case.pk, **{**known, "name": ""})
    assert "Keep a name or an alias" in nameless


def test_saving_without_a_change_writes_nothing(desk: Desk) -> None:
    case = desk.receive()
    known = {"kind": "detainee", "contacts": "sister, by message", "name": NAME}
    assert desk.post(desk.alder, "case-client", case.pk, **known).status_code == 302
    before = case.client.version
    case.client.refresh_from_db()
    assert case.client.version == before


GIVEN = {"kind": "pay", "basis": "spoken", "relation": "sibling", "given_on": "2026-03-01"}


def test_authorities_are_given_and_withdrawn(desk: Desk) -> None:
    case = desk.receive()
    assert "without one, nothing may be done" in words(desk.get(desk.alder, "case", case.pk))
    said = desk.done(desk.alder, "case-authority-new", case.pk, **GIVEN)
    assert "The organisation may pay brother or sister, spoken, 1 Mar 2026" in said
    twice = desk.refused(desk.alder, "case-authority-new", case.pk, **GIVEN)
    assert "allowed already" in twice
    authority = Authority.objects.get()
    early = desk.refused(
        desk.alder, "case-authority-withdraw", case.pk, authority.pk, withdrawn_on="2026-02-01"
    )
    assert "before the day it was given" in early
    desk.done(desk.alder, "case-authority-withdraw", case.pk, authority.pk, withdrawn_on="2026-03-02")
    assert "withdrawn" in words(desk.get(desk.alder, "case", case.pk))


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"kind": "share-with-body"}, "Write with which body"),
        ({"given_on": "2026-03-09"}, "This day has not come yet"),
    ],
)
def test_wrong_authorities_are_refused(desk: Desk, wrong: dict[str, str], text: str) -> None:
    case = desk.receive()
    assert text in desk.refused(desk.alder, "case-authority-new", case.pk, **{**GIVEN, **wrong})
    assert not Authority.objects.exists()


def test_an_authority_of_another_client_is_not_here(desk: Desk) -> None:
    case, other = desk.receive(), desk.receive("Ліс Лада", by=people.coordinator("hazel"))
    with reading("staff:test", "test"):
        theirs = add_authority(
            client=other.client,
            kind=AuthorityKind.PAY,
            basis=Basis.SPOKEN,
            relation=Relation.SELF,
            given_on=desk.at.date(),
            by=desk.alder,
            at=desk.at,
        )
    there = ("case-authority-withdraw", case.pk, theirs.pk)
    assert desk.post(desk.alder, *there, withdrawn_on="2026-03-02").status_code == 404
