"""The daily budget of people outside one's own grants: what counts, what freezes, who lifts it."""

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts import budget
from accounts.actions import freezing
from accounts.actions.access import NoReason
from accounts.actions.glass import break_glass
from accounts.models import ReadingFreeze, User
from audit.models import ReadRecord
from cases.models import Client
from tests import people
from tests.web.desk_cases import Desk, open_desk, words
from vault import reading

__all__ = ["open_desk"]
pytestmark = pytest.mark.django_db


def show(user: User, rows: list[Client], *, compared: bool = False) -> None:
    """Open names as a page would; raises ReadingFrozen."""
    with reading.reading(user.actor_id, "test"):
        if compared:
            with reading.comparing():
                assert all(row.name for row in rows)
        else:
            assert all(row.name for row in rows)


@pytest.fixture
def clients(desk: Desk) -> list[Client]:
    """Four people whose cases Alder holds."""
    return [desk.receive(f"Каваленка Алена {n}", seeking=False).client for n in range(4)]


@pytest.fixture
def hazel(settings: Any) -> User:
    settings.READING_BUDGETS = {"coordinator": 2, "second-officer": 2}
    return people.coordinator("hazel")


def test_beyond_the_budget_reading_freezes_until_a_colleague_lifts_it(
    desk: Desk, clients: list[Client], hazel: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(hazel, clients[:2])
    show(hazel, clients[:2])  # the same people again count once
    with pytest.raises(reading.ReadingFrozen):
        show(hazel, clients[2:3])
    assert ReadRecord.objects.filter(actor_id=hazel.actor_id).count() == 3  # the last one too
    freeze = ReadingFreeze.objects.get(user=hazel)
    assert freeze.subjects == 3
    with pytest.raises(reading.ReadingFrozen):
        show(hazel, clients[:1])

    birch = people.second_officer()
    page = desk.page(birch, "worklist")
    assert "Reading is frozen" in page
    assert "hazel" in page
    assert desk.get(hazel, "freeze-lift", freeze.pk).status_code == 404
    assert desk.get(desk.alder, "freeze-lift", freeze.pk).status_code == 404
    said = desk.done(birch, "freeze-lift", freeze.pk, reason="Holiday cover for two districts")
    assert "Lifted" in said
    assert "Reading is frozen" not in desk.page(birch, "worklist")
    monkeypatch.setattr(timezone, "now", lambda: desk.at + datetime.timedelta(minutes=1))
    show(hazel, clients[:2])  # the count begins anew
    with pytest.raises(reading.ReadingFrozen):
        show(hazel, clients)


def test_ones_own_cases_and_comparing_cost_nothing(desk: Desk, clients: list[Client], hazel: User) -> None:
    show(desk.alder, clients)
    show(hazel, clients, compared=True)
    assert not ReadingFreeze.objects.exists()
    for case in [client.cases.get() for client in clients[:3]]:
        break_glass(object_kind="case", object_id=case.pk, reason="in a hurry", by=hazel, at=desk.at)
    with pytest.raises(reading.ReadingFrozen):  # broken glass makes nobody one's own
        show(hazel, clients[:3])
    show(desk.alder, clients)


def test_the_page_shows_nothing_and_says_who_lifts_it(desk: Desk, clients: list[Client], hazel: User) -> None:
    for client in clients[:3]:
        desk.post(hazel, "case-glass", client.cases.get().pk, reason="in a great hurry today")
    answers = [desk.get(hazel, "case", client.cases.get().pk) for client in clients[:3]]
    assert [answer.status_code for answer in answers] == [200, 200, 403]
    assert "Reading is frozen" in words(answers[2])
    assert "Каваленка" not in answers[2].content.decode()
    assert desk.get(hazel, "worklist").status_code == 200


def test_without_the_gate_everybody_would_be_shown(
    clients: list[Client], hazel: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: with the gate taken away a stolen phone reads the whole list."""
    monkeypatch.setattr(reading, "_gate", [])
    show(hazel, clients)
    assert budget.budget_of(hazel) == 2
    assert not ReadingFreeze.objects.exists()


def test_nobody_lifts_their_own(desk: Desk, clients: list[Client], hazel: User) -> None:
    freeze = freezing.freeze_reading(user=hazel, subjects=9, by=people.SETUP, at=desk.at)
    with pytest.raises(freezing.OwnFreeze):
        freezing.lift_freeze(freeze=freeze, reason="it was me", by=hazel, at=desk.at)
    with pytest.raises(NoReason):
        freezing.lift_freeze(freeze=freeze, reason=" ", by=desk.alder, at=desk.at)
    lifted = freezing.lift_freeze(freeze=freeze, reason="cover", by=desk.alder, at=desk.at)
    with pytest.raises(freezing.LiftedAlready):
        freezing.lift_freeze(freeze=lifted, reason="cover", by=desk.alder, at=desk.at)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update accounts_readingfreeze set lifted_by_id = user_id")


def test_a_day_later_the_count_is_empty(
    desk: Desk, clients: list[Client], hazel: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(hazel, clients[:2])
    assert len(budget.read_outside(hazel, desk.at + datetime.timedelta(hours=23))) == 2
    assert budget.read_outside(hazel, desk.at + datetime.timedelta(hours=25)) == set()
