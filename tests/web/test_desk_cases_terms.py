"""Deadlines and remedies of a case, by pages."""

from cases.deadlines.words import Rule
from cases.models import Deadline, RemedyFiling
from tests import people
from tests.web.desk_cases import Desk, open_desk, words  # noqa: F401  the fixture


def test_a_deadline_from_start_to_end(desk: Desk) -> None:
    case = desk.receive()
    empty = desk.page(desk.alder, "case-terms", case.pk)
    assert "No deadline runs" in empty
    rule = Rule.APPEAL_CUSTODY.value
    desk.done(desk.alder, "case-deadline-new", case.pk, rule=rule, trigger_on="2026-03-01")
    refused = desk.refused(desk.alder, "case-deadline-new", case.pk, rule=rule, trigger_on="2026-03-01")
    assert "This term runs from that day already" in refused
    deadline = Deadline.objects.get()
    page = words(desk.get(desk.alder, "case-terms", case.pk))
    assert "article 374 part 1" in page
    assert "not checked by counsel" in page
    worklist = words(desk.get(desk.alder, "worklist"))
    assert "Appeal against a verdict, from custody" in worklist
    lost = {"settled": "missed", "settled_on": "2026-03-02"}
    assert "Say in a few words" in desk.refused(
        desk.alder, "case-deadline-settle", case.pk, deadline.pk, **lost
    )
    desk.done(desk.alder, "case-deadline-settle", case.pk, deadline.pk, reason="papers came late", **lost)
    assert "papers came late" in desk.page(desk.alder, "case-terms", case.pk)
    assert desk.get(desk.alder, "case-deadline-settle", case.pk, deadline.pk).status_code == 404


def test_a_filing_and_its_draft(desk: Desk) -> None:
    case = desk.receive()
    dead = desk.refused(desk.alder, "case-filing-new", case.pk, body="un-hrc")
    assert "after 7 February 2023" in dead
    desk.done(
        desk.alder,
        "case-filing-new",
        case.pk,
        body="un-wgad",
        categories=["II", "III"],
        next_step="translate",
    )
    filing = RemedyFiling.objects.get()
    draft = words(desk.get(desk.alder, "case-filing-draft", case.pk, filing.pk))
    assert "Каваленка Алена Пятроўна" in draft
    assert "III: an unfair trial" in draft
    desk.done(
        desk.alder, "case-filing-move", case.pk, filing.pk, state="filed", on="2026-03-02", number="A-7"
    )
    page = words(desk.get(desk.alder, "case-terms", case.pk))
    assert "A-7" in page
    for stranger in (people.coordinator("hazel"), people.treasurer(), people.auditor()):
        assert desk.get(stranger, "case-terms", case.pk).status_code == 404
        assert desk.get(stranger, "case-filing-draft", case.pk, filing.pk).status_code == 404
