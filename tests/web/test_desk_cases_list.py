"""The list of cases: filters, search over opened names, pages, and how many queries it takes."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.actions import counsel
from cases.actions.status import close_case
from cases.kinds import ClosingReason
from cases.models import Case
from lawyers.actions.panel import Practice, add_lawyer
from tests import people
from tests.web.desk_cases import NAME, Desk, open_desk, readings_of, words  # noqa: F401  the fixture

MOST_QUERIES = 12


def listed(page: str) -> list[str]:
    """The references on a page, in order."""
    return list(dict.fromkeys(re.findall(r"BY-2026-\d{4}", page)))


def test_sixty_cases_take_few_queries_and_two_pages(desk: Desk) -> None:
    for number in range(60):
        desk.receive(f"Каваленка Алена {number}", days=1 + number % 30, seeking=False)
    desk.page(desk.alder, "worklist")  # the session's mark is written once
    with CaptureQueriesContext(
        connection,
    ) as asked:
        first = desk.page(desk.alder, "cases")
    own = [one["sql"] for one in asked if "SAVEPOINT" not in one["sql"]]
    assert len(own) <= MOST_QUERIES, "\n".join(own)
    assert len(listed(first)) == 50
    following = re.search(r'href="\?([^"]*cursor=[^"]*)" rel="next"', first)
    assert following is not None
    second = desk.visitor(desk.alder).get("/desk/cases/?" + following[1].replace("&amp;", "&"))
    rest = listed(second.content.decode())
    assert len(rest) == 10
    assert not set(rest) & set(listed(first))


def test_the_soonest_hearing_stands_first_and_those_without_last(desk: Desk) -> None:
    late, none, soon = desk.receive(days=9), desk.receive(days=None), desk.receive(days=2)
    assert listed(desk.page(desk.alder, "cases")) == [soon.reference, late.reference, none.reference]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"stage": "detained"}, []),
        ({"status": "received"}, ["new"]),
        ({"status": "closed"}, ["closed"]),
        ({"region": "homel"}, ["new", "sought", "hers"]),
        ({"region": "minsk-city"}, []),
        ({"urgency": "urgent"}, ["sought"]),
        ({"counsel": "offered"}, ["sought"]),
        ({"counsel": "none"}, ["new", "sought", "hers"]),
        ({"counsel": "panel"}, []),
        ({"view": "mine"}, ["new", "sought"]),
        ({"view": "closed"}, ["closed"]),
        ({"view": "all"}, ["new", "sought", "hers", "closed"]),
        ({"view": "nonsense"}, ["new", "sought", "hers"]),
    ],
)
def test_filters(desk: Desk, query: dict[str, str], found: list[str]) -> None:
    cases = {
        "new": desk.receive("Новік Ніна", days=9, seeking=False),
        "sought": desk.receive("Зайцава Зоя", days=1),
        "hers": desk.receive("Ліс Лада", days=9, by=people.coordinator("hazel")),
        "closed": desk.receive("Бор Барыс", days=None),
    }
    close_case(case=cases["closed"], reason=ClosingReason.ENDED, by=desk.alder, at=desk.at)
    lawyer = add_lawyer(code_name="Heron-03", practice=Practice(), by=desk.alder, at=desk.at)
    counsel.offer_case(case=cases["sought"], lawyer=lawyer, by=desk.alder, at=desk.at)
    page = desk.page(desk.alder, "cases", **query)
    assert set(listed(page)) == {cases[name].reference for name in found}


def test_filters_in_use_are_chips_that_lead_away(desk: Desk) -> None:
    page = desk.page(desk.alder, "cases", region="homel", view="mine")
    assert "Region: Homieĺ" in page
    assert 'href="?view=mine"' in page
    assert "No case passes these filters" in page


SPELLINGS = [NAME, "Каваленка", "кавалэнка", "Коваленко", "Kavalenka", "Kovalenko", "Кавален", "Каваленко"]


@pytest.mark.parametrize("typed", SPELLINGS)
def test_a_misspelt_half_of_a_surname_finds_the_case(desk: Desk, typed: str) -> None:
    case = desk.receive()
    other = desk.receive("Сідарэнка Ігар")
    page = desk.found(desk.alder, typed)
    assert listed(page)[:1] == [case.reference]
    assert other.reference not in page


def test_nobody_finds_by_a_name_they_may_not_open(desk: Desk) -> None:
    case = desk.receive()
    for user in (people.coordinator("hazel"), people.auditor()):
        page = desk.found(user, "Каваленка")
        assert case.reference not in page
        assert "Names are found only where you hold a grant" in page
        assert case.reference in desk.found(user, case.client.code_name.lower())
        assert case.reference in desk.found(user, case.reference[-4:])
    assert readings_of(case.client_id) == []


def test_whole_references_and_names_walk_no_list_of_all_cases(desk: Desk) -> None:
    """A part of a reference is looked for in all of them; a whole one, and a Cyrillic name, never are."""
    case = desk.receive()
    for typed, walks in (
        (case.reference.lower(), False),
        (case.client.code_name.lower(), False),
        ("Каваленка", False),
        (case.reference[-4:], True),
    ):
        with CaptureQueriesContext(connection) as asked:
            assert case.reference in desk.found(desk.alder, typed)
        assert any("LIKE" in one["sql"].upper() for one in asked) is walks, typed


def test_a_search_by_name_is_recorded_for_every_name_compared(desk: Desk) -> None:
    one, other = desk.receive(), desk.receive("Сідарэнка Ігар")
    desk.found(desk.alder, "Каваленка")
    assert len(readings_of(one.client_id)) == len(readings_of(other.client_id)) == 1


def test_a_search_finds_closed_cases_too(desk: Desk) -> None:
    case = desk.receive(days=None)
    close_case(case=case, reason=ClosingReason.ENDED, by=desk.alder, at=desk.at)
    assert case.reference not in desk.page(desk.alder, "cases")
    assert case.reference in desk.found(desk.alder, "Каваленка")


def test_an_empty_list_says_what_to_do(desk: Desk) -> None:
    text = words(desk.get(desk.alder, "cases"))
    assert "Take in the first one" in text
    assert "import_cases" in text
    assert "Take in the first one" not in words(desk.get(people.auditor(), "cases"))


def test_treasurers_have_no_list_of_cases(desk: Desk) -> None:
    desk.receive()
    assert desk.get(people.treasurer(), "cases").status_code == 404
    assert Case.objects.count() == 1


def test_a_search_never_stands_in_an_address(desk: Desk) -> None:
    """Addresses end in histories and logs, so a name in one finds nothing."""
    one, other = desk.receive(), desk.receive("Сідарэнка Ігар")
    form = desk.page(desk.alder, "cases").split('aria-label="Find a case"')[0].rsplit("<form", 1)[1]
    assert 'method="post"' in form
    page = desk.page(desk.alder, "cases", q="Сідарэнка")
    assert one.reference in page
    assert other.reference in page
    assert "Found for" not in page
