"""A coordinator's first page: each part in one query, and nothing on it that the reader may not find."""

import datetime
from collections.abc import Callable

import pytest
from django.db.models import QuerySet
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from cases import kinds, stages, worklist
from cases.actions import counsel, office
from cases.actions.costs import open_budget
from cases.actions.stage import record_stage
from cases.kinds import CaseStatus, EpisodeState
from cases.models import Case
from cases.models.case_lists import CaseQuerySet
from tests import people
from tests.cases.conftest import AddLawyer, Receive


@pytest.fixture
def seen(coordinator: User, at: datetime.datetime) -> Callable[[], CaseQuerySet]:
    return lambda: Case.objects.visible_to(coordinator, at)


Seen = Callable[[], CaseQuerySet]


def test_trials_without_counsel(
    receive: Receive,
    lawyer: AddLawyer,
    seen: Seen,
    coordinator: User,
    at: datetime.datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    late, soon, offered = receive(days=13), receive(days=3), receive(days=5)
    receive(days=15)
    receive(days=None)
    heron = lawyer()
    counsel.offer_case(case=offered, lawyer=heron, by=coordinator, at=at)
    counsel.record_answer(
        case=receive(days=2), lawyer=heron, answer=EpisodeState.ACCEPTED, by=coordinator, at=at
    )
    with django_assert_num_queries(1):
        rows = list(worklist.trials_without_counsel(seen(), at))
        assert [row.pk for row in rows] == [soon.pk, offered.pk, late.pk]
        assert [row.offer_out for row in rows] == [False, True, False]
        assert [row.client.code_name for row in rows]


def test_offers_about_to_lapse(
    receive: Receive,
    lawyer: AddLawyer,
    seen: Seen,
    coordinator: User,
    at: datetime.datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    heron = lawyer()
    far = at + datetime.timedelta(days=4)
    counsel.offer_case(case=receive(days=9), lawyer=heron, until=far, by=coordinator, at=at)
    near = counsel.offer_case(
        case=receive(days=9), lawyer=heron, until=at + datetime.timedelta(hours=5), by=coordinator, at=at
    )
    with django_assert_num_queries(1):
        rows = list(worklist.offers_to_lapse(seen(), at))
        assert [(row.pk, row.lawyer.code_name, row.case.client.code_name) for row in rows] == [
            (near.pk, "Heron-03", near.case.client.code_name)
        ]


def test_hearings_without_an_outcome(
    receive: Receive,
    seen: Seen,
    at: datetime.datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    past, _coming = receive(days=-2), receive(days=2)
    with django_assert_num_queries(1):
        (row,) = worklist.hearings_without_outcome(seen(), at)
        assert (row.case_id, row.reference) == (past.id, past.reference)
        assert (row.code_name, row.trial.court.region) == (past.client.code_name, "homel")


def test_ceilings_short(
    receive: Receive,
    seen: Seen,
    coordinator: User,
    at: datetime.datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    case = receive()
    receive()
    open_budget(case=case, lines={"fee": 10_000}, by=coordinator, at=at)
    open_budget(case=case, lines={"fee": 12_000}, by=coordinator, at=at)
    with django_assert_num_queries(1):
        (row,) = worklist.ceilings_short(seen())
        assert (row.pk, row.short_minor) == (case.pk, 12_000)


def test_cases_with_no_next_date(
    receive: Receive,
    seen: Seen,
    coordinator: User,
    at: datetime.datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    waiting, serving = receive(days=None), receive(days=None)
    receive(days=3)
    record_stage(
        case=serving,
        stage=stages.Stage.SERVING,
        occurred_on=at.date(),
        source=kinds.Source.FAMILY,
        by=coordinator,
        at=at,
    )
    with django_assert_num_queries(1):
        assert [row.pk for row in worklist.without_next_date(seen(), at)] == [waiting.pk]


def test_my_tasks(
    receive: Receive,
    coordinator: User,
    colleague: User,
    at: datetime.datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    later = office.add_task(owner=coordinator, text="x", by=coordinator, at=at)
    today = office.add_task(
        owner=coordinator, text="x", case=receive(), due_on=at.date(), by=coordinator, at=at
    )
    office.add_task(owner=colleague, text="x", by=coordinator, at=at)
    done = office.add_task(owner=coordinator, text="x", by=coordinator, at=at)
    office.finish_task(task=done, by=coordinator, at=at)
    with django_assert_num_queries(1):
        rows = list(worklist.my_tasks(coordinator))
        assert [row.pk for row in rows] == [today.pk, later.pk]
        assert rows[0].case.client.code_name


def test_a_stranger_s_worklist_is_empty(
    receive: Receive, lawyer: AddLawyer, coordinator: User, at: datetime.datetime
) -> None:
    counsel.offer_case(case=receive(days=1), lawyer=lawyer(), by=coordinator, at=at)
    receive(days=-2)
    open_budget(case=receive(days=None), lines={"fee": 1}, by=coordinator, at=at)
    nothing = Case.objects.visible_to(people.stranger(), at)
    parts: list[QuerySet] = [
        worklist.trials_without_counsel(nothing, at),
        worklist.offers_to_lapse(nothing, at),
        worklist.hearings_without_outcome(nothing, at),
        worklist.ceilings_short(nothing),
        worklist.without_next_date(nothing, at),
        worklist.coming_hearings(nothing, at, at + datetime.timedelta(days=9)),
    ]
    assert [part.count() for part in parts] == [0] * 6
    everything = Case.objects.visible_to(coordinator, at)
    assert worklist.trials_without_counsel(everything, at).count() == 1


def test_the_calendar_of_some_cases(
    receive: Receive,
    seen: Seen,
    at: datetime.datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    case = receive(days=3)
    receive(days=30)
    with django_assert_num_queries(2):
        (row,) = worklist.coming_hearings(seen(), at, at + datetime.timedelta(days=7))
        assert [d.case.client.code_name for d in row.trial.defendants.all()] == [case.client.code_name]


def test_who_waits_for_a_match(
    receive: Receive, lawyer: AddLawyer, coordinator: User, at: datetime.datetime
) -> None:
    waiting, verified = receive(), receive(seeking=False)
    receive(seeking=False)
    from cases.actions.status import change_status

    change_status(case=verified, to=CaseStatus.VERIFIED, by=coordinator, at=at)
    counsel.record_answer(
        case=receive(), lawyer=lawyer(), answer=EpisodeState.ACCEPTED, by=coordinator, at=at
    )
    found = worklist.waiting_to_be_matched(Case.objects.all())
    assert {row.pk for row in found} == {waiting.pk, verified.pk}


def test_room_beside_the_ceiling(receive: Receive, at: datetime.datetime) -> None:
    receive()
    (row,) = worklist.with_room(Case.objects.all())
    assert (row.ceiling_minor, row.room_minor) == (None, None)


def test_said_so_far(receive: Receive, lawyer: AddLawyer, coordinator: User, at: datetime.datetime) -> None:
    case = receive()
    later = at + datetime.timedelta(minutes=5)
    counsel.record_answer(case=case, lawyer=lawyer(), answer=EpisodeState.DECLINED, by=coordinator, at=at)
    counsel.offer_case(case=case, lawyer=lawyer("Crane-08"), by=coordinator, at=later)
    assert [row.lawyer.code_name for row in worklist.said_so_far(case)] == ["Crane-08", "Heron-03"]
