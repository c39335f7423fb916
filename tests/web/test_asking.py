"""People outside write to us: the page for help, the code, the desk; feedback past the coordinator."""

import datetime
import re
import uuid
from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.erasing import registry
from accounts.models import Erasure, User
from accounts.retention import applying
from accounts.retention.registry import rules
from audit.models import Event, ReadRecord
from cases.actions import asking, feedback
from cases.actions.papers import record_nondisclosure
from cases.intake.facts import Intake
from cases.models import Case, Feedback, HelpNote, HelpRequest
from cases.models.asking import HelpAnswer
from cases.papers import BoundBy
from tests import people
from tests.web.desk_cases import Desk, open_desk, readings_of, words  # noqa: F401  the fixture
from vault import keys
from web.public.asking import forms

STORY = "Учора забралі брата з працы"
CONTACT = "@plum, deletes by itself"
CODE = re.compile(r'<code class="secret">([A-Z2-9-]{24})</code>')


def ask(browser: Client, *, page: str = "/be/help/", **more: str) -> tuple[Any, dict[str, str]]:
    """Open the page for help and send it; what came back and what was sent."""
    text = unescape(browser.get(page).content.decode())
    hidden = {name: re.search(rf'name="{name}" value="([^"]+)"', text)[1] for name in ("once", "opened")}  # type: ignore[index]
    sent = {**hidden, "words": STORY, "contact": CONTACT, "hearing_on": "2026-03-05", **more}
    return browser.post(page, sent), sent


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "LEAST_SECONDS", 0)


def test_from_the_public_page_to_a_case_and_back(desk: Desk, client: Client) -> None:
    answer, sent = ask(client, name="Каваленка Янка")
    code = CODE.findall(answer.content.decode())[0]
    assert not answer.cookies
    again = client.post("/be/help/", sent)  # the line had dropped: the same code, one request
    assert CODE.findall(again.content.decode()) == [code]
    row = HelpRequest.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("select * from cases_helprequest")
        stored = str(cursor.fetchall())
    assert STORY not in stored
    assert CONTACT not in stored
    assert code.replace("-", "") not in stored
    # coming back: a coarse state, nothing of what was written; the code stands in no address
    page = client.post("/en/help/back/", {"code": code.lower().replace("-", " ")})
    assert "Waiting to be read" in words(page)
    assert STORY not in page.content.decode()
    note = {"code": code, "text": "Суд у чацвер", "once": "n" * 24}
    assert "Your note is kept" in words(client.post("/en/help/back/", note))
    assert "We know no such code" in words(client.post("/en/help/back/", {"code": "ABCD-2345"}))
    _at_the_desk(desk, row)
    assert "Somebody is working on it" in words(client.post("/en/help/back/", {"code": code}))
    client.post("/en/help/back/", {"code": code, "text": "Яшчэ адно", "once": "m" * 24})
    case = Case.objects.get()
    assert HelpNote.objects.get(read_at=None).subject_id == case.client_id
    record_nondisclosure(
        case=case, bound=BoundBy.COUNSEL, signed_on=desk.at.date(), by=desk.alder, at=desk.at
    )
    silent = words(client.post("/en/help/back/", {"code": code, "text": "And more", "once": "s" * 24}))
    assert "Nothing can be added by this code" in silent, "no word of the signed silence"
    assert HelpNote.objects.count() == 2
    keys.destroy_key(row.pk)  # as the table of retention does; later notes have the client's own key
    late = words(desk.get(desk.alder, "asked-one", row.pk))
    assert "The words are forgotten" in late
    assert "Яшчэ адно" in late
    assert "Суд у чацвер" not in late
    assert "Marked as read" in desk.done(desk.alder, "asked-read", row.pk)
    assert not HelpNote.objects.filter(read_at=None).exists()
    assert not [one for one in Event.objects.all() if code.replace("-", "") in one.body.replace("-", "")]


def _at_the_desk(desk: Desk, row: HelpRequest) -> None:
    assert "1 request for help" in words(desk.get(desk.alder, "worklist"))
    listed = desk.page(desk.alder, "asked")
    assert "Янка" not in listed
    assert readings_of(row.pk) == []
    opened = desk.page(desk.alder, "asked-one", row.pk)
    assert STORY in opened
    assert "Суд у чацвер" in opened
    assert len(readings_of(row.pk)) == 1
    assert "Marked as read" in desk.done(desk.alder, "asked-read", row.pk)
    filled = desk.page(desk.alder, "asked-take", row.pk)
    assert "Каваленка Янка" in filled
    told = {"name": "Каваленка Янка", "contacts": CONTACT, "client_kind": "detainee", "source": "family"}
    assert "The case is taken in" in desk.done(desk.alder, "asked-take", row.pk, summary=STORY, **told)
    case = Case.objects.get()
    row.refresh_from_db()
    assert (row.state, row.case_id) == ("taken", case.pk)
    with pytest.raises(asking.DecidedAlready):
        asking.refuse_help_request(asked=row, answer=HelpAnswer.FULL, by=desk.alder, at=desk.at)
    # whoever may not open the case finds the request no more
    assert desk.get(people.coordinator("hazel"), "asked-one", row.pk).status_code == 404
    assert desk.get(people.second_officer(), "asked").status_code == 404


def test_what_nobody_took_up_is_refused_and_forgotten(desk: Desk, client: Client) -> None:
    code = CODE.findall(ask(client)[0].content.decode())[0]
    row = HelpRequest.objects.get()
    assert "They read it" in desk.done(desk.alder, "asked-back", row.pk, answer="more")
    assert "Please write more" in words(client.post("/en/help/back/", {"code": code}))
    assert "The request is refused" in desk.done(desk.alder, "asked-refuse", row.pk, answer="not-ours")
    page = words(client.post("/en/help/back/", {"code": code}))
    assert "This is something else" in page
    assert "Add the note" not in page
    with pytest.raises(asking.CodeHasEnded):
        asking.add_help_note(asked=HelpRequest.objects.get(), text="x", by=people.SETUP, at=desk.at)
    late = desk.at + datetime.timedelta(days=31)
    (rule,) = (one for one in rules() if one.name == "help-decided")
    assert applying.apply_one(rule, by=people.SETUP, at=desk.at + datetime.timedelta(days=29)).removed == 0
    assert applying.apply_one(rule, by=people.SETUP, at=late).removed == 1
    assert not keys.exists(row.pk)
    assert Erasure.objects.get().kind == "asker"
    assert "has ended" in words(client.post("/en/help/back/", {"code": code}))
    assert "The words are forgotten" in words(desk.get(desk.alder, "asked-one", row.pk))


def test_machines_are_held_off_and_people_are_told_how(
    desk: Desk, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Leave the last field empty" in words(ask(client, page="/en/help/", website="spam.example")[0])
    assert "open very long" in words(ask(client, page="/en/help/", opened="1.2:aaaa:bbbb")[0])
    monkeypatch.setattr(forms, "LEAST_SECONDS", 3)
    assert "very quick" in words(ask(client, page="/en/help/")[0])
    monkeypatch.setattr(forms, "LEAST_SECONDS", 0)
    assert HelpRequest.objects.count() == 0
    settings.HELP_EASY, settings.HELP_QUOTA = 1, 2
    ask(client)
    refused, sent = ask(client, page="/en/help/")
    assert "Write the sum in digits" in words(refused)
    one, other = re.search(r"How much is (\d) and (\d)", words(refused)).groups()  # type: ignore[union-attr]
    sent["total"] = str(int(one) + int(other))
    assert CODE.findall(client.post("/en/help/", sent).content.decode())
    full, sent = ask(client, page="/en/help/")
    one, other = re.search(r"How much is (\d) and (\d)", words(full)).groups()  # type: ignore[union-attr]
    sent["total"] = str(int(one) + int(other))
    assert "Very many people are asking" in words(client.post("/en/help/", sent))
    assert HelpRequest.objects.count() == 2
    assert client.post("/en/help/", {}, HTTP_ORIGIN="https://elsewhere.example").status_code == 403


def test_a_complaint_goes_past_the_coordinator(desk: Desk, client: Client) -> None:
    case, birch = desk.receive(), people.second_officer()
    code = CODE.findall(desk.post(desk.alder, "case-feedback-code", case.pk).content.decode())[0]
    page = unescape(client.get("/en/help/feedback/").content.decode())
    hidden = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("once", "opened")}  # type: ignore[index]
    sent = {**hidden, "code": code, "kind": "complaint", "words": "Nobody called for two weeks"}
    events = Event.objects.count()
    assert "A second officer reads it" in words(client.post("/en/help/feedback/", sent))
    assert "a second time" in words(client.post("/en/help/feedback/", sent))
    row = Feedback.objects.get()
    assert not Event.objects.filter(seq__gt=events, subjects__subject_id=str(case.pk)).exists()
    assert desk.get(desk.alder, "feedback-one", row.pk).status_code == 404
    assert "1 word of a client" in words(desk.get(birch, "worklist"))
    assert case.reference in desk.page(birch, "feedback")
    assert "Nobody called" in desk.page(birch, "feedback-one", row.pk)
    assert "Answer a complaint" in words(
        desk.visitor(birch).get(desk.post(birch, "feedback-close", row.pk)["Location"])  # type: ignore[arg-type]
    )
    assert "Not answered yet" in words(client.post("/en/help/feedback/answers/", {"code": code}))
    desk.done(birch, "feedback-one", row.pk, answer="We are sorry; you are called today.")
    assert "Closed" in desk.done(birch, "feedback-close", row.pk)
    page_of_answers = words(client.post("/en/help/feedback/answers/", {"code": code}))
    assert "you are called today" in page_of_answers
    assert "Nobody called" not in page_of_answers
    assert ReadRecord.objects.filter(actor_id="public", purpose="feedback-answers").exists()
    _leaves_no_trail_for_the_coordinator(desk, case, birch)
    assert "No code of this case" in desk.done(desk.alder, "case-feedback-codes-end", case.pk)
    assert "We know no such code" in words(client.post("/en/help/feedback/answers/", {"code": code}))


def _leaves_no_trail_for_the_coordinator(desk: Desk, case: Case, birch: User) -> None:
    assert {birch.actor_id, "public"} <= {row.actor_id for row in readings_of(case.client_id)}
    desk.page(desk.alder, "case", case.pk)
    for page in ("case", "case-opened"):
        said = words(desk.get(desk.alder, page, case.pk))
        assert "summary" in said
        assert birch.short not in said
        assert "public site" not in said
        assert "other facts" not in said
    assert "a word of a client or a relative" in words(desk.get(birch, "case-opened", case.pk))


def test_who_is_responsible_answers_no_complaint_about_it(desk: Desk) -> None:
    birch = people.second_officer()
    case = desk.receive(by=birch)
    given = feedback.give_feedback_code(case=case, code="A" * 20, by=birch, at=desk.at)
    row = feedback.send_feedback(
        code=given, kind=feedback.FeedbackKind.COMPLAINT, words="Slow", by=people.SETUP, at=desk.at
    )
    assert desk.get(birch, "feedback-one", row.pk).status_code == 404
    with pytest.raises(feedback.OwnCase):
        feedback.answer_feedback(feedback=row, answer="No", by=birch, at=desk.at)
    with pytest.raises(feedback.AnswerFirst):
        feedback.close_feedback(feedback=row, by=people.second_officer("rowan"), at=desk.at)
    for statement in (
        "update cases_feedback set closed_at = sent_at",
        "update cases_feedback set answered_by = 'staff:1'",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize(
    "change",
    ["state = 'taken'", "state = 'refused'", "answer = 'full'", "decided_by = 'staff:1'", "state = 'asked'"],
)
def test_a_request_is_whole_whatever_writes_it(db: None, at: datetime.datetime, change: str) -> None:
    asking.ask_for_help(code="B" * 20, contact="x", words="y", by=people.SETUP, at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"update cases_helprequest set {change}")


def test_erasing_the_client_forgets_what_was_asked(desk: Desk, client: Client) -> None:
    ask(client)
    row = HelpRequest.objects.get()
    case = asking.take_help_request(
        asked=row, intake=Intake(name="Ліс Лада", contacts="x"), by=desk.alder, at=desk.at
    )
    trace = next(one for one in registry.traces(outside=True) if one.label == "help requests")
    subject = registry.subject_of(registry.kind_of("client"), case.client_id, desk.at)
    assert trace.remove(subject) == 1
    assert trace.remove(subject) == 0
    assert not keys.exists(row.pk)
    stranger = registry.subject_of(registry.kind_of("client"), uuid.uuid4(), desk.at)
    assert trace.remove(stranger) == 0
