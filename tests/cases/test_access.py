"""A ladder of people: responsible, colleague, second officer, auditor, treasurer, lawyer, stranger."""

import datetime
from collections.abc import Callable

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from accounts.actions.access import end_access, grant_access
from accounts.models import Grant, User
from audit.actors import PUBLIC, Machine
from cases import finding, kinds
from cases.actions.office import add_task, hand_over
from cases.models import Case, Task
from tests import people
from tests.cases.conftest import Receive
from vault.reading import reading

Ladder = dict[str, User]


@pytest.fixture
def ladder(coordinator: User, colleague: User, officer: User) -> Ladder:
    return {
        "responsible": coordinator,
        "colleague": colleague,
        "officer": officer,
        "auditor": people.auditor(),
        "treasurer": people.treasurer(),
        "administrator": people.administrator(),
        "stranger": people.stranger(),
    }


@pytest.mark.parametrize(
    ("who", "listed", "restricted", "opened"),
    [
        ("responsible", True, True, True),
        ("colleague", True, False, False),
        ("officer", True, False, False),
        ("auditor", True, True, False),
        ("treasurer", False, False, False),
        ("administrator", False, False, False),
        ("stranger", False, False, False),
    ],
)
def test_who_finds_and_who_opens(
    receive: Receive,
    ladder: Ladder,
    at: datetime.datetime,
    who: str,
    listed: bool,
    restricted: bool,
    opened: bool,
) -> None:
    usual = receive(seeking=False)
    hidden = receive("Зязюля Янка", seeking=False, confidentiality=kinds.Confidentiality.RESTRICTED)
    person = ladder[who]
    found = Case.objects.visible_to(person, at)
    assert found.filter(pk=usual.pk).exists() is listed
    assert found.filter(pk=hidden.pk).exists() is restricted
    assert Case.objects.open_to(person, at).filter(pk=usual.pk).exists() is opened
    assert finding.names_for(person, [usual, hidden], at) == ({usual.id, hidden.id} if opened else set())


@pytest.mark.parametrize("actor", [PUBLIC, Machine("system:worker")])
def test_machines_and_the_public_find_nothing(
    receive: Receive, at: datetime.datetime, actor: Machine
) -> None:
    receive(seeking=False)
    assert not Case.objects.visible_to(actor, at).exists()
    assert not Case.objects.open_to(actor, at).exists()


def test_a_grant_opens_until_it_ends(
    receive: Receive, coordinator: User, colleague: User, at: datetime.datetime
) -> None:
    case = receive(seeking=False)
    until = at + datetime.timedelta(days=2)
    grant = grant_access(
        user=colleague, object_kind="case", object_id=case.id, until=until, by=coordinator, at=at
    )
    opened = Case.objects.open_to
    assert opened(colleague, at).exists()
    assert not opened(colleague, until).exists()
    end_access(grant=grant, reason="no longer needed", by=coordinator, at=at)
    assert not opened(colleague, at).exists()


def test_a_grant_is_nothing_without_the_role(
    receive: Receive, ladder: Ladder, coordinator: User, at: datetime.datetime
) -> None:
    case = receive(seeking=False)
    for who in ("auditor", "stranger"):
        grant_access(user=ladder[who], object_kind="case", object_id=case.id, by=coordinator, at=at)
        assert not Case.objects.open_to(ladder[who], at).exists()
        assert not finding.names_for(ladder[who], [case], at)


def test_a_grant_on_something_else_opens_no_case(
    receive: Receive, coordinator: User, colleague: User, at: datetime.datetime
) -> None:
    case = receive(seeking=False)
    grant_access(user=colleague, object_kind="fund", object_id=case.id, by=coordinator, at=at)
    assert not Case.objects.open_to(colleague, at).exists()


def test_the_rows_say_whether_their_names_open(
    receive: Receive, coordinator: User, colleague: User, at: datetime.datetime
) -> None:
    receive(seeking=False)
    for person, may in ((coordinator, True), (colleague, False), (people.stranger(), False)):
        assert [row.names_open for row in Case.objects.with_names_open(person, at)] == [may]


def test_a_list_of_names_costs_three_queries(
    receive: Receive, coordinator: User, at: datetime.datetime
) -> None:
    for name in ("Зязюля Янка", "Крэйда Ян", "Сініца Вера"):
        receive(name, seeking=False)
    with (
        CaptureQueriesContext(connection) as queries,
        CaptureQueriesContext(connections["keys"]) as key_queries,
        reading(coordinator.actor_id, "list"),
    ):
        rows = list(Case.objects.visible_to(coordinator, at).for_list(coordinator, at))
        names = finding.open_names(coordinator, rows, at)
        texts = [f"{row.counsel}{row.next_at}{row.client.code_name}{row.court}" for row in rows]
        assert len(queries) + len(key_queries) == 3
    assert sorted(names.values()) == ["Зязюля Янка", "Крэйда Ян", "Сініца Вера"]
    assert len(texts) == 3


def test_a_colleague_gets_no_name(receive: Receive, colleague: User, at: datetime.datetime) -> None:
    receive(seeking=False)
    with reading(colleague.actor_id, "list") as opened:
        assert finding.open_names(colleague, Case.objects.all(), at) == {}
        assert not opened.opened


@pytest.mark.parametrize("text", ["Kavalen", "Коваленк", "каваленка", "Алена", "Kovalenko"])
def test_half_a_misspelt_name_finds_the_case(
    receive: Receive, coordinator: User, colleague: User, at: datetime.datetime, text: str
) -> None:
    case = receive(seeking=False)
    receive("Зязюля Янка", seeking=False)
    find: Callable[[User], list[Case]] = lambda who: finding.find_cases(  # noqa: E731
        cases=Case.objects.select_related("client"), text=text, actor=who, at=at
    )
    with reading(coordinator.actor_id, "search"):
        assert find(coordinator)[0] == case
    with reading(colleague.actor_id, "search"):
        assert find(colleague) == []


def test_a_reference_or_code_name_finds_it_for_everybody_who_lists(
    receive: Receive, colleague: User, at: datetime.datetime
) -> None:
    case = receive(seeking=False)
    for text in (case.reference, case.reference[-4:], case.client.code_name.lower()):
        found = finding.find_cases(
            cases=Case.objects.select_related("client"), text=text, actor=colleague, at=at
        )
        assert found == [case]


def test_all_cases_of_a_colleague_are_handed_over_at_once(
    receive: Receive, coordinator: User, colleague: User, at: datetime.datetime
) -> None:
    cases = [receive(seeking=False) for _each in range(3)]
    add_task(owner=coordinator, text="call the sister", case=cases[0], by=coordinator, at=at)
    assert hand_over(giver=coordinator, taker=colleague, by=coordinator, at=at) == 3
    assert Case.objects.open_to(colleague, at).count() == 3
    assert not Case.objects.open_to(coordinator, at).exists()
    assert Task.objects.get().owner == colleague
    assert Grant.objects.filter(ended_at=None, kind="responsible").count() == 3
