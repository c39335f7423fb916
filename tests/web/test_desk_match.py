"""The match room: who runs and decides, what a plan explains, what an override costs, two plans compared."""

import datetime
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Event
from cases.actions.matching import drop_old_results, run_match
from cases.kinds import Confidentiality, Decision
from cases.models import Case, MatchProposal, MatchRun
from lawyers.actions import panel
from lawyers.models import Lawyer
from tests import people
from tests.web.desk_cases import Desk, open_desk, words

__all__ = ["open_desk"]
pytestmark = pytest.mark.django_db


def lawyer(desk: Desk, code_name: str, **known: Any) -> Lawyer:
    practice = panel.Practice(
        licence_status=known.pop("licence", "active"),
        licence_from_on=datetime.date(2020, 1, 1),
        coverage=known.pop("coverage", (("homel", "", False),)),
        competences=known.pop("competences", (("protest", 5, "first"),)),
        max_open=known.pop("max_open", 1),
    )
    return panel.add_lawyer(
        code_name=code_name, practice=practice, languages="be ru", by=desk.alder, at=desk.at, **known
    )


def run(desk: Desk) -> MatchRun:
    return run_match(by=desk.alder, at=desk.at)


@pytest.fixture
def shortage(desk: Desk) -> list[Case]:
    """Three cases in Homel, two lawyers with one place each; one lawyer more suits better."""
    cases = [desk.receive(f"Зязюля {name}", days=day) for name, day in (("Янка", 1), ("Ян", 9), ("Юр", 40))]
    lawyer(desk, "Heron-03")
    lawyer(desk, "Crane-08", competences=())
    lawyer(desk, "Swift-11", coverage=(("brest", "", False),))
    return cases


# Who enters


def test_plans_are_seen_by_three_roles_and_made_by_two(desk: Desk, shortage: list[Case]) -> None:
    plan, other = run(desk), run(desk)
    pages = [
        ("match", []),
        ("match-plan", [plan.pk]),
        ("match-ask", [plan.pk]),
        ("match-compare", [plan.pk, other.pk]),
    ]
    seeing = [desk.alder, people.second_officer(), people.auditor()]
    blind = [people.treasurer(), people.administrator(), people.stranger()]
    for page, ids in pages:
        for reader in seeing:
            assert desk.get(reader, page, *ids).status_code == 200, (page, reader.username)
        for reader in blind:
            assert desk.get(reader, page, *ids).status_code == 404, (page, reader.username)
        assert desk.get(None, page, *ids).status_code == 302
    proposal = plan.proposals.first()
    auditor = seeing[2]
    for reader in (*blind, auditor):
        assert desk.post(reader, "match-run").status_code == 404
        assert desk.post(reader, "match-decide", proposal.pk, decision="refused").status_code == 404
    assert MatchRun.objects.count() == 2
    assert "Propose now" not in desk.page(auditor, "match")
    assert "Choose somebody else" not in desk.page(auditor, "match-plan", plan.pk)


def test_titles_are_neutral_and_pages_have_no_script(desk: Desk, shortage: list[Case]) -> None:
    plan = run(desk)
    for page, ids in [("match", []), ("match-plan", [plan.pk]), ("match-ask", [plan.pk])]:
        text = desk.page(desk.alder, page, *ids)
        assert text.split("<title>")[1].split("</title>")[0].strip() == "Plan"
        assert "<script" not in text


# Running


def test_a_run_is_made_by_a_button_and_shown(desk: Desk, shortage: list[Case]) -> None:
    assert "3 cases wait for counsel. 3 lawyers of the panel can be reached." in words(
        desk.get(desk.alder, "match")
    )
    page = desk.done(desk.alder, "match-run")
    assert "Nothing is sent to anybody until you decide and ask." in page
    assert "Plan 1 Proposed on 2 March 2026" in page
    assert "for 3 cases and 3 lawyers. Optimal, proven." in page
    assert "cases placed, of 3 2 left without counsel 1" in page
    found = MatchRun.objects.get()
    assert (found.placed, found.solved_by) == (2, desk.alder.actor_id)
    assert "Plan 1" in words(desk.get(desk.alder, "match"))
    assert Event.objects.filter(kind="match.stored").count() == 1


def test_a_run_repeated_over_a_bad_line_is_made_once(desk: Desk, shortage: list[Case]) -> None:
    for _time in range(2):
        desk.post(desk.alder, "match-run", once="0123456789abcdef")
    assert MatchRun.objects.count() == 1


def test_nobody_to_match_says_so(desk: Desk) -> None:
    assert "No plan has been made yet, and no case waits for counsel." in words(desk.get(desk.alder, "match"))
    assert "No case waits for counsel, so there is nothing to propose." in desk.done(desk.alder, "match-run")


# One plan


def test_a_plan_explains_each_case(desk: Desk, shortage: list[Case]) -> None:
    plan = run(desk)
    placed = plan.proposals.filter(lawyer__code_name="Heron-03").get()
    page = words(desk.get(desk.alder, "match-plan", plan.pk, case=str(placed.case_id)))
    assert f"{placed.case.client.code_name}: why Heron-03" in page
    row = page.split("Who may act, best fit first")[1]
    assert "1. Heron-03 30 15 0 0 45" in row
    assert "Proposed" in row
    assert "Needed elsewhere" in row
    assert "Ask whether they handle this article and instance" in row
    assert "Does not go to this court or region 1" in page.split("Not eligible because")[1]
    assert f"sha256 {plan.inputs_sha256}" in page
    assert f"sha256 {plan.result['result_sha256']}" in page
    assert "Urgent cases covered first" in page
    assert "Equal: proven" in page


def test_the_certificate_says_why_somebody_has_nobody(desk: Desk, shortage: list[Case]) -> None:
    plan = run(desk)
    left = plan.proposals.get(lawyer=None)
    page = words(desk.get(desk.alder, "match-plan", plan.pk))
    # The weakest stands first: the one without anybody.
    assert f"{left.case.client.code_name}: why nobody" in page
    cut = page.split("1 case has nobody. No other plan can do better.")[1]
    assert "3 lawyers are wanted by these 3 cases" in cut
    assert "can only go to 2 places with these 2 lawyers Crane-08, Heron-03" in cut
    assert f"Left without: {left.case.client.code_name}." in cut


def test_a_plan_names_no_case_that_is_not_in_the_reader_s_lists(desk: Desk, shortage: list[Case]) -> None:
    secret = desk.receive("Крэйда Ян", days=1, confidentiality=Confidentiality.RESTRICTED)
    plan = run(desk)
    hazel = people.coordinator("hazel")
    assert secret.client.code_name in desk.page(desk.alder, "match-plan", plan.pk)
    page = desk.page(hazel, "match-plan", plan.pk)
    assert secret.client.code_name not in page
    assert secret.reference not in page
    assert "1 more case is not in your lists." in words(desk.get(hazel, "match-plan", plan.pk))
    assert "a case not in your lists" in page  # in the certificate
    assert desk.get(hazel, "match-plan", plan.pk, case=str(secret.pk)).status_code == 404
    assert desk.get(hazel, "match-plan", plan.pk, case="x").status_code == 404
    mine = plan.proposals.get(case=secret)
    assert desk.post(hazel, "match-decide", mine.pk, decision="refused").status_code == 404
    assert secret.client.code_name not in desk.page(hazel, "match-ask", plan.pk)


def test_old_scores_are_gone_and_the_page_says_so(desk: Desk, shortage: list[Case]) -> None:
    plan = run(desk)
    drop_old_results(by=people.SETUP, at=desk.at + datetime.timedelta(days=31))
    page = words(desk.get(desk.alder, "match-plan", plan.pk))
    assert "Scored pairs are deleted after 30 days; decisions stay." in page
    assert "Heron-03" in page


def test_a_plan_takes_as_many_queries_for_thirty_cases_as_for_three(desk: Desk, shortage: list[Case]) -> None:
    def asked(plan: MatchRun) -> int:
        with CaptureQueriesContext(connection) as taken:
            desk.page(desk.alder, "match-plan", plan.pk)
        return len(taken)

    small = run(desk)
    asked(small)
    few = asked(small)
    for number in range(27):
        desk.receive(f"Шпак {number}", days=5 + number)
    assert asked(run(desk)) <= few + 1
    assert few < 35


# Deciding


def decide(desk: Desk, proposal: MatchProposal, **data: Any) -> str:
    return desk.done(desk.alder, "match-decide", proposal.pk, **data)


def test_accepting_leads_to_the_offer(desk: Desk, shortage: list[Case]) -> None:
    proposal = run(desk).proposals.filter(lawyer__code_name="Heron-03").get()
    page = decide(desk, proposal, decision="accepted")
    assert "Accepted. Now ask the lawyer" in page
    assert "Heron-03 is to be asked. Ask, and record the answer" in page
    proposal.refresh_from_db()
    assert (proposal.decision, proposal.decided_by) == (Decision.ACCEPTED, desk.alder.actor_id)
    answer = desk.get(desk.alder, "match-plan", proposal.run_id, case=str(proposal.case_id))
    assert f'href="/desk/cases/{proposal.case_id}/counsel/"' in answer.content.decode()
    birch = people.second_officer()
    page = words(desk.get(birch, "match-plan", proposal.run_id, case=str(proposal.case_id)))
    assert "Whoever holds a grant on the case can do it." in page
    assert "decided already" in decide(desk, proposal, decision="refused")


def test_refusing(desk: Desk, shortage: list[Case]) -> None:
    proposal = run(desk).proposals.filter(lawyer__isnull=False).first()
    assert "Refused. The next plan will not count on it." in decide(desk, proposal, decision="refused")
    proposal.refresh_from_db()
    assert proposal.decision == Decision.REFUSED


def test_choosing_somebody_else(desk: Desk, shortage: list[Case]) -> None:
    proposal = run(desk).proposals.get(lawyer=None)
    page = decide(desk, proposal, decision="replaced", chosen="swift-11")
    assert "Swift-11 is to be asked." in page
    proposal.refresh_from_db()
    assert proposal.chosen == Lawyer.objects.get(code_name="Swift-11")
    # The next plan keeps it, and says that a rule speaks against it.
    page = words(desk.get(desk.alder, "match-plan", run(desk).pk))
    assert "What people fixed cannot be right. It stays until somebody changes it:" in page
    assert "Swift-11: A rule speaks against this lawyer in this case" in page


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"decision": "replaced", "chosen": ""}, "Write the code name of a lawyer of the panel."),
        ({"decision": "replaced", "chosen": "Nobody-99"}, "Write the code name of a lawyer of the panel."),
        ({"decision": "accepted"}, "Choose another lawyer of the panel"),
        ({"decision": "open"}, "Select a valid choice"),
    ],
)
def test_what_deciding_refuses(desk: Desk, shortage: list[Case], data: dict[str, str], said: str) -> None:
    proposal = run(desk).proposals.get(lawyer=None)
    assert said in decide(desk, proposal, **data)
    proposal.refresh_from_db()
    assert proposal.decision == Decision.OPEN


# Asking the solver again


def test_the_price_of_an_override_and_its_chain(desk: Desk, shortage: list[Case]) -> None:
    plan = run(desk)
    left = plan.proposals.get(lawyer=None)
    query = {"case": str(left.case_id), "lawyer": "Heron-03"}
    page = words(desk.get(desk.alder, "match-ask", plan.pk, **query))
    name = left.case.client.code_name
    assert f"Why not Heron-03 for {name}?" in page
    assert "Nothing was stored or decided." in page
    assert f"{name} gets Heron-03" in page
    assert "and nobody is left" in page
    assert "worse" in page.split("The price")[1]
    assert "so the price is exact." in page
    assert MatchRun.objects.count() == 1


def test_a_rule_against_the_lawyer_is_named(desk: Desk, shortage: list[Case]) -> None:
    plan = run(desk)
    query = {"case": str(shortage[0].pk), "lawyer": "Swift-11"}
    page = words(desk.get(desk.alder, "match-ask", plan.pk, **query))
    assert "A rule speaks against this lawyer here: Does not go to this court or region" in page


def test_a_lawyer_who_is_proposed_already(desk: Desk, shortage: list[Case]) -> None:
    plan = run(desk)
    placed = plan.proposals.get(lawyer__code_name="Heron-03")
    query = {"case": str(placed.case_id), "lawyer": "Heron-03"}
    assert "is proposed for" in words(desk.get(desk.alder, "match-ask", plan.pk, **query))


@pytest.mark.parametrize("lawyer_name", ["", "Nobody-99"])
def test_nobody_of_that_name(desk: Desk, shortage: list[Case], lawyer_name: str) -> None:
    query = {"case": str(shortage[0].pk), "lawyer": lawyer_name}
    page = words(desk.get(desk.alder, "match-ask", run(desk).pk, **query))
    assert "Nobody who can be asked goes by that code name." in page


def test_questions_about_cases_out_of_reach(desk: Desk, shortage: list[Case]) -> None:
    plan = run(desk)
    for case in ("x", str(uuid.uuid4())):
        answer = desk.get(desk.alder, "match-ask", plan.pk, case=case, lawyer="Heron-03")
        assert answer.status_code == 404
    done = desk.receive("Бусел Янка", seeking=False)
    page = words(desk.get(desk.alder, "match-ask", plan.pk, case=str(done.pk), lawyer="Heron-03"))
    assert "This case waits for nobody any more." in page


def test_where_one_more_lawyer_helps_most(desk: Desk, shortage: list[Case]) -> None:
    page = words(desk.get(desk.alder, "match-ask", run(desk).pk))
    assert "In 1 region one more lawyer would defend somebody who has nobody." in page
    assert "Homieĺ" in page
    assert "has nobody now" in page
    lawyer(desk, "Wren-20", max_open=9)
    enough = words(desk.get(desk.alder, "match-ask", run(desk).pk))
    assert "has nobody now" not in enough


# Two plans


def test_two_plans_are_compared_earlier_first(desk: Desk, shortage: list[Case]) -> None:
    first = run(desk)
    left = first.proposals.get(lawyer=None).case.client.code_name
    same = words(desk.get(desk.alder, "match-compare", first.pk, run(desk).pk))
    assert "The same lawyers are proposed for the same cases." in same
    lawyer(desk, "Wren-20", max_open=1)
    second = run(desk)
    for pair in ([first.pk, second.pk], [second.pk, first.pk]):
        page = words(desk.get(desk.alder, "match-compare", *pair))
        assert "Plan 3 against plan 1" in page
        assert "changed between the two" in page
        assert "Wren-20" in page
        assert f"No longer left without counsel, or no longer waiting: {left}." in page
    assert desk.get(desk.alder, "match-compare", first.pk, uuid.uuid4()).status_code == 404
