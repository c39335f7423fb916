"""The first page of the desk: counts, reasons, tasks, and what suits each role."""

import datetime
import re

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions.access import end_access
from accounts.approvals import request_approval
from accounts.models import Grant
from cases.actions import counsel
from cases.actions.costs import open_budget
from cases.kinds import EpisodeReason
from cases.models import Case, Task
from lawyers.actions.panel import Practice, add_lawyer
from lawyers.models import Lawyer
from tests import people
from tests.web.desk_cases import NAME, Desk, open_desk, readings_of, words  # noqa: F401  the fixture
from treasury.kinds import Category

MOST_QUERIES = 30


def counts(page: str) -> dict[str, int]:
    """The counts of the page by where they lead."""
    found = re.findall(r'href="#([a-z]+)"><span>[^<]*</span><b>(\d+)</b>', page)
    return {mark: int(number) for mark, number in found}


def lawyer(desk: Desk, code_name: str = "Heron-03", until: datetime.date | None = None) -> Lawyer:
    practice = Practice(
        licence_status="active", licence_from_on=datetime.date(2020, 1, 1), licence_until_on=until
    )
    return add_lawyer(code_name=code_name, practice=practice, by=desk.alder, at=desk.at)


def test_ten_counts_of_the_cases_one_holds(desk: Desk) -> None:
    asked, new, past = desk.receive(days=1), desk.receive("Новік Ніна", days=None, seeking=False), None
    past = desk.receive("Бор Барыс", days=-3)
    desk.receive("Ліс Лада", by=people.coordinator("hazel"), days=1)
    counsel.offer_case(case=asked, lawyer=lawyer(desk), by=desk.alder, at=desk.at)
    lawyer(desk, "Crane-08", until=desk.at.date() + datetime.timedelta(days=20))
    open_budget(case=new, lines={Category.FEE: 10_000}, by=desk.alder, at=desk.at)
    desk.done(desk.alder, "task-new", text="Ask the monitors")
    page = desk.page(desk.alder, "worklist")
    assert counts(page) == {
        "trials": 1,
        "offers": 1,
        "clashes": 0,
        "outcomes": 1,
        "deadlines": 0,
        "received": 1,
        "ceilings": 1,
        "dates": 2,
        "licences": 1,
        "tasks": 1,
    }
    assert past.reference in page
    assert "Ліс" not in page


def test_each_urgent_case_says_what_stops_it(desk: Desk) -> None:
    fresh = desk.receive("Новік Ніна", days=2, seeking=False)
    asked, declined = desk.receive("Адам Ян", days=3), desk.receive("Бор Барыс", days=4)
    short, idle = desk.receive("Ліс Лада", days=5), desk.receive("Пан Пётр", days=6)
    heron = lawyer(desk)
    counsel.offer_case(case=asked, lawyer=heron, by=desk.alder, at=desk.at)
    offer = counsel.offer_case(case=declined, lawyer=lawyer(desk, "Crane-08"), by=desk.alder, at=desk.at)
    counsel.decline_offer(representation=offer, reason=EpisodeReason.TOO_FAR, by=desk.alder, at=desk.at)
    open_budget(case=short, lines={Category.FEE: 12_000}, by=desk.alder, at=desk.at)
    rows = re.findall(r"<tr>(.*?)</tr>", desk.page(desk.alder, "worklist"), re.DOTALL)

    def why(case: Case) -> str:
        row = next(row for row in rows if case.reference in row and "What stops it" in row)
        return " ".join(re.sub(r"<[^>]+>", " ", row).split())

    assert "Nobody has decided yet" in why(fresh)
    assert "Heron-03 is asked, waits until" in why(asked)
    assert "Crane-08: too far" in why(declined)
    assert "The ceiling is €120.00 short" in why(short)
    assert "Nobody is asked yet" in why(idle)


def test_names_show_and_the_page_is_one_record(desk: Desk) -> None:
    case = desk.receive()
    assert NAME in desk.page(desk.alder, "worklist")
    (record,) = readings_of(case.client_id)
    assert (record.actor_id, record.purpose) == (desk.alder.actor_id, "desk:worklist")


def test_sixty_cases_take_a_bounded_number_of_queries(desk: Desk) -> None:
    for number in range(60):
        case = desk.receive(f"Каваленка Алена {number}", days=1 + number % 12, seeking=number % 2 == 0)
        if number % 10 == 0:
            desk.post(desk.alder, "case-task", case.pk, text="Call", owner=desk.alder.pk)
    with CaptureQueriesContext(connection) as asked:
        desk.page(desk.alder, "worklist")
    own = [one["sql"] for one in asked if "SAVEPOINT" not in one["sql"]]
    assert len(own) <= MOST_QUERIES, "\n".join(own)


def test_empty_states_say_what_to_do(desk: Desk) -> None:
    text = words(desk.get(desk.alder, "worklist"))
    assert "You hold no open case. Take one in" in text
    assert "Nothing on your list" in text
    assert "No licence of the panel lapses" in text


def test_tasks_are_added_and_done_once(desk: Desk) -> None:
    assert "Fill in: What" in desk.refused(desk.alder, "task-new", text="")
    said = desk.done(desk.alder, "task-new", text="Ask the monitors", due_on="2026-03-02")
    assert "Ask the monitors today" in said
    task = Task.objects.get()
    hazel = people.coordinator("hazel")
    assert desk.post(hazel, "task-done", task.pk).status_code == 404
    assert "Nothing on your list" in desk.done(desk.alder, "task-done", task.pk)
    assert "finished already" in desk.done(desk.alder, "task-done", task.pk)


def test_a_task_of_a_case_closes_with_the_grant(desk: Desk) -> None:
    case = desk.receive()
    desk.post(desk.alder, "case-task", case.pk, text="Call the sister", owner=desk.alder.pk)
    assert "Call the sister" in desk.page(desk.alder, "worklist")
    end_access(
        grant=Grant.objects.get(user=desk.alder), reason="no longer needed", by=people.SETUP, at=desk.at
    )
    assert "Call the sister" not in desk.page(desk.alder, "worklist")


def test_treasurers_and_auditors_find_their_rooms(desk: Desk) -> None:
    desk.receive()
    for user, rooms in ((people.treasurer(), ["Money", "Reports"]), (people.auditor(), ["Cases", "Audit"])):
        text = words(desk.get(user, "worklist"))
        assert "Your rooms" in text
        assert "trials without counsel" not in text
        assert NAME not in text
        for door in rooms:
            assert door in text.split("Your rooms")[1]
    assert desk.get(people.stranger(), "worklist").status_code == 404


def test_second_officers_see_what_waits_for_them(desk: Desk) -> None:
    birch = people.second_officer()
    case = desk.receive()
    assert "to decide" not in words(desk.get(birch, "worklist"))
    request_approval(kind="ceiling", object_id=case.pk, payload={"x": 1}, by=desk.alder, at=timezone.now())
    assert "1 request to decide" in words(desk.get(birch, "worklist"))
    assert "to decide" not in words(desk.get(desk.alder, "worklist"))
