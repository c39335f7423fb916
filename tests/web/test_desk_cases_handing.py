"""All of a colleague's cases, in two acts; and the day on one sheet without names."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from cases.actions import handing
from cases.actions.office import add_task
from cases.actions.terms import start_deadline
from cases.deadlines.words import Rule
from cases.models import Case, HandOver, Task
from tests import people
from tests.web.desk_cases import Desk, open_desk, words  # noqa: F401  the fixture


def test_cases_go_over_when_they_are_taken(desk: Desk) -> None:
    hazel, birch = people.coordinator("hazel"), people.second_officer()
    case = desk.receive()
    desk.receive("Зязюля Янка")
    add_task(owner=desk.alder, text="call", case=case, by=desk.alder, at=desk.at)
    desk.done(desk.alder, "handover-new", giver=str(desk.alder.pk), taker=str(hazel.pk))
    again = desk.refused(desk.alder, "handover-new", giver=str(desk.alder.pk), taker=str(birch.pk))
    assert "asked already" in again
    assert not Case.objects.open_to(hazel, desk.at).exists()
    row = HandOver.objects.get()
    assert "2 cases" in words(desk.get(hazel, "worklist"))
    assert desk.post(desk.alder, "handover-take", row.pk).status_code == 404
    with pytest.raises(handing.NotForYou):
        handing.take_hand_over(handover=row, by=desk.alder, at=desk.at)
    desk.done(hazel, "handover-take", row.pk)
    assert Case.objects.open_to(hazel, desk.at).count() == 2
    assert not Case.objects.open_to(desk.alder, desk.at).exists()
    assert Task.objects.get().owner == hazel
    with pytest.raises(handing.HandedAlready):
        handing.drop_hand_over(handover=HandOver.objects.get(), by=hazel, at=desk.at)
    with pytest.raises(handing.NothingToHandOver):
        handing.propose_hand_over(giver=desk.alder, taker=birch, by=birch, at=desk.at)
    desk.done(birch, "handover-new", giver=str(hazel.pk), taker=str(birch.pk))  # hazel is away
    desk.done(hazel, "handover-drop", HandOver.objects.waiting().get().pk)
    assert Case.objects.open_to(hazel, desk.at).count() == 2
    for change in ("taken_at = proposed_at, handed = null", "taker_id = giver_id"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"update cases_handover set {change}")


def test_the_day_sheet_says_no_name(desk: Desk) -> None:
    case = desk.receive(days=1)
    start_deadline(
        case=case,
        rule=Rule.CUSTODY_2_MONTHS,
        trigger_on=desk.at.date() - datetime.timedelta(days=58),
        by=desk.alder,
        at=desk.at,
    )
    add_task(
        owner=desk.alder, text="call the sister", case=case, due_on=desk.at.date(), by=desk.alder, at=desk.at
    )
    sheet = words(desk.get(desk.alder, "day-sheet"))
    assert sheet.count(case.reference) == 3
    assert "Каваленка" not in sheet
    assert "call the sister" not in sheet
