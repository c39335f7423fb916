"""The Counsel tab: the shortlist, what is recorded of a call, money that is short, papers and ends."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions.access import grant_access
from audit.models import Event
from cases.actions.matching import decide_proposal, run_match
from cases.kinds import CaseStatus, Decision, EpisodeReason, EpisodeState
from cases.models import Exclusion, Representation
from tests import people
from tests.treasury.world import World, free
from tests.web.counsel import answer, funded_world, lawyer, refused, send, under
from tests.web.desk_cases import Desk, open_desk, readings_of, words
from treasury.kinds import FundKind
from treasury.models import Commitment, StandingAuthority

__all__ = ["funded_world", "open_desk"]
pytestmark = pytest.mark.django_db


# Who enters


def test_only_those_with_a_grant_on_the_case(desk: Desk) -> None:
    case = desk.receive()
    lawyer(desk)
    hazel, birch = people.coordinator("hazel"), people.second_officer()
    pages = ["case-counsel", "case-own-counsel"]
    for page in pages:
        assert desk.get(desk.alder, page, case.pk).status_code == 200
        for reader in (hazel, birch, people.auditor(f"a-{page}"), people.stranger(f"s-{page}")):
            assert desk.get(reader, page, case.pk).status_code == 404
            assert desk.post(reader, page, case.pk).status_code == 404
        assert desk.get(None, page, case.pk).status_code == 302
    grant_access(user=hazel, object_kind="case", object_id=case.pk, kind="helper", by=birch, at=desk.at)
    assert desk.get(hazel, "case-counsel", case.pk).status_code == 200


def test_the_title_is_neutral_and_the_name_s_opening_recorded(desk: Desk) -> None:
    case = desk.receive()
    page = desk.page(desk.alder, "case-counsel", case.pk)
    title = page.split("<title>")[1].split("</title>")[0]
    assert title.strip() == "Record"
    assert readings_of(case.client_id)[-1].purpose == "desk:case-counsel"
    assert "<script" not in page


# The shortlist


def test_the_shortlist_says_who_why_and_what_to_ask(desk: Desk) -> None:
    case = desk.receive()
    lawyer(desk)
    lawyer(desk, "Wren-20", competences=())
    lawyer(desk, "Swift-11", coverage=(("brest", "", False),))
    lawyer(desk, "Crane-08", licence="revoked")
    lawyer(desk, "Full-01", max_open=0)
    page = words(desk.get(desk.alder, "case-counsel", case.pk))
    shortlist, table = page.split("Not eligible because:")
    assert "1. Heron-03 Fit 45 of 100" in shortlist
    assert "Skill 30" in shortlist
    assert "Place 15" in shortlist
    assert "Holds 0 cases. Room for 4 more." in shortlist
    assert "2. Wren-20" in shortlist
    assert "Ask whether they handle this article and instance" in shortlist.split("2. Wren-20")[1]
    assert "Swift-11" not in shortlist
    assert table.startswith(" 3 lawyers")
    assert (
        "Does not go to this court or region 1 Code names : Does not go to this court or region Swift-11"
        in table
    )
    assert "Licence not active through the next hearing 1" in table
    assert "Could take it, but has no room 1" in table


def test_ten_at_first_and_all_on_request(desk: Desk) -> None:
    case = desk.receive()
    for number in range(13):
        lawyer(desk, f"Wren-{number:02}")
    first = words(desk.get(desk.alder, "case-counsel", case.pk))
    assert "10. Wren-" in first
    assert "11. Wren-" not in first
    assert "Show 3 more" in first
    whole = desk.get(desk.alder, "case-counsel", case.pk, all="1")
    assert "13. Wren-" in words(whole)
    # Whoever's answer was refused is shown again, however far down they stand.
    last = whole.context["cards"][-1].lawyer
    assert "13. " + last.code_name in words(refused(desk, case, last, "declined", reason=""))


def test_nobody_can(desk: Desk) -> None:
    page = words(desk.get(desk.alder, "case-counsel", desk.receive().pk))
    assert "Nobody can take this case as things stand." in page
    assert "None is in force." in page
    assert "Nobody has been asked yet." in page


def test_less_than_two_days_are_said(desk: Desk) -> None:
    case = desk.receive(days=1)
    page = words(desk.get(desk.alder, "case-counsel", case.pk))
    assert "Less than 48 hours are left, so several lawyers may be asked" in page
    later = words(desk.get(desk.alder, "case-counsel", desk.receive("Зязюля Янка", days=5).pk))
    assert "Less than 48 hours" not in later


def test_the_tab_asks_as_many_queries_for_thirty_lawyers_as_for_three(desk: Desk, world: World) -> None:
    case = desk.receive()

    def asked() -> int:
        with CaptureQueriesContext(connection) as taken:
            desk.page(desk.alder, "case-counsel", case.pk, all="1")
        return len(taken)

    for number in range(3):
        lawyer(desk, f"Wren-{number:02}")
    asked()
    few = asked()
    for number in range(3, 30):
        lawyer(desk, f"Wren-{number:02}")
    assert asked() == few
    assert few < 60


# What is said on the phone


def test_asked_by_phone(desk: Desk) -> None:
    case, heron = desk.receive(), lawyer(desk)
    said = send(desk, case, heron, "offered")
    assert "Asked. The offer is recorded." in said
    assert "Asked, not answered yet Heron-03" in said
    assert "Nobody else can take this case" in said
    episode = Representation.objects.get()
    assert (episode.state, episode.recorded_by) == (EpisodeState.OFFERED, desk.alder.actor_id)
    assert "Heron-03 asked" in said.split("Said so far")[1]
    event = Event.objects.latest("seq")
    assert (event.kind, event.actor_id) == ("representation.answered", desk.alder.actor_id)


def test_accepted_under_the_tariff_commits_the_fee(desk: Desk, world: World) -> None:
    case, heron = desk.receive(), lawyer(desk)
    page = desk.page(desk.alder, "case-counsel", case.pk)
    assert 'value="90.00"' in page
    said = send(desk, case, heron, "accepted", fee="90.00", under=under(world))
    assert "Accepted. The case is represented." in said
    episode = Representation.objects.get()
    commitment = Commitment.objects.get()
    assert (episode.state, episode.commitment) == (EpisodeState.ACCEPTED, commitment)
    assert (commitment.amount_minor, commitment.authority) == (9_000, StandingAuthority.objects.get())
    case.refresh_from_db()
    assert case.status == CaseStatus.REPRESENTED
    assert "Who defends Heron-03 Lead" in said
    assert "€90.00, €90.00 still held" in said
    assert "Fee committed: €90.00" in said
    assert "€910.00 left this month" in said
    assert "Who can defend" not in said


def test_accepted_without_a_fee_from_us(desk: Desk) -> None:
    case, heron = desk.receive(), lawyer(desk)
    send(desk, case, heron, "accepted", fee="", under="ceiling")
    assert Representation.objects.get().state == EpisodeState.ACCEPTED
    assert not Commitment.objects.exists()


def test_above_the_tariff_nothing_is_accepted(desk: Desk, world: World) -> None:
    case, heron = desk.receive(), lawyer(desk)
    found = refused(desk, case, heron, "accepted", fee="90.01", under=under(world))
    assert "is above the tariff" in words(found)
    assert not Representation.objects.exists()
    # The form stands open with what was typed.
    page = found.content.decode()
    assert 'value="90.01"' in page
    assert "<details open>" in page.replace("\n", "")


def test_short_of_money_says_how_much_and_what_can_be_done(desk: Desk, world: World) -> None:
    case, heron = desk.receive(), lawyer(desk)
    world.commit(95_000, case_id=_spent(world))
    world.fund("reserve", FundKind.RESERVE, 30_000)
    found = refused(desk, case, heron, "accepted", fee="90", under=under(world))
    text = words(found)
    assert "40.00 EUR are missing in the funds that may pay for this." in text
    assert "€40.00 are missing. What can be done:" in text
    assert "Two people may allocate 40.00 EUR from the fund “Reserve”." in text
    assert text.count("Agree on 50.00 EUR or less.") == 1
    assert not Representation.objects.exists()
    assert "Open a campaign page for 40.00 EUR" in text
    assert free(world.general) == 5_000


def _spent(world: World) -> Any:
    world.ceiling(fee=95_000)
    return world.case_id


def test_a_short_ceiling_links_to_the_costs_of_the_case(desk: Desk, world: World) -> None:
    case, heron, crane = desk.receive(), lawyer(desk), lawyer(desk, "Crane-08")
    send(desk, case, heron, "accepted", fee="90", under=under(world))
    more = {"fee": "90", "under": under(world), "role": "second"}
    found = refused(desk, case, crane, "accepted", **more)
    assert "ceiling of this case is 90.00 EUR too low" in words(found)
    link = f'<a href="/desk/cases/{case.pk}/costs/">Ask a second officer to raise the ceiling by 90.00 EUR.'
    assert link in found.content.decode()


def test_declined_with_a_reason(desk: Desk) -> None:
    case, heron = desk.receive(), lawyer(desk)
    assert "Declined. The answer is recorded." in send(desk, case, heron, "declined", reason="too-far")
    episode = Representation.objects.get()
    assert (episode.state, episode.reason) == (EpisodeState.DECLINED, EpisodeReason.TOO_FAR)
    page = words(desk.get(desk.alder, "case-counsel", case.pk))
    assert "Heron-03: Declined Too far" in page
    assert "Conflict, or declined before 1" in page
    assert not Exclusion.objects.exists()


def test_a_conflict_excludes_for_good(desk: Desk) -> None:
    case, heron = desk.receive(), lawyer(desk)
    send(desk, case, heron, "declined", reason="conflict")
    assert Exclusion.objects.get().lawyer == heron
    assert "excluded from this client for good" in words(refused(desk, case, heron, "offered"))
    assert "Heron-03" not in words(desk.get(desk.alder, "case-counsel", case.pk)).split("Not eligible")[0]


def test_a_decline_needs_a_reason(desk: Desk) -> None:
    case, heron = desk.receive(), lawyer(desk)
    assert "Choose why the lawyer declined" in words(refused(desk, case, heron, "declined", reason=""))


def test_a_second_one_is_not_asked_while_there_is_time(desk: Desk) -> None:
    case, heron, crane = desk.receive(), lawyer(desk), lawyer(desk, "Crane-08")
    send(desk, case, heron, "offered")
    assert "Another lawyer has been asked." in words(refused(desk, case, crane, "offered"))
    tomorrow = desk.receive("Зязюля Янка", days=1)
    send(desk, tomorrow, heron, "offered")
    send(desk, tomorrow, crane, "offered")
    send(desk, tomorrow, crane, "accepted")
    states = dict(Representation.objects.filter(case=tomorrow).values_list("lawyer__code_name", "state"))
    assert states == {"Heron-03": "withdrawn", "Crane-08": "accepted"}


def test_an_answer_repeated_over_a_bad_line_counts_once(desk: Desk) -> None:
    case, heron = desk.receive(), lawyer(desk)
    sent = answer(case, heron, "declined", reason="conflict")
    codes = [
        desk.post(desk.alder, "case-counsel", case.pk, once="0123456789abcdef", **sent).status_code
        for _time in range(2)
    ]
    assert codes == [302, 200]
    assert Representation.objects.count() == 1


def test_an_offer_is_taken_back(desk: Desk) -> None:
    case, heron = desk.receive(), lawyer(desk)
    send(desk, case, heron, "offered")
    episode = Representation.objects.get()
    assert "The offer was taken back." in desk.done(desk.alder, "counsel-withdraw", case.pk, episode.pk)
    episode.refresh_from_db()
    assert episode.state == EpisodeState.WITHDRAWN
    assert "This offer is no longer open." in desk.done(desk.alder, "counsel-withdraw", case.pk, episode.pk)
    other = desk.receive("Зязюля Янка")
    assert desk.post(desk.alder, "counsel-withdraw", other.pk, episode.pk).status_code == 404


def test_an_answer_to_a_proposal_is_tied_to_it(desk: Desk) -> None:
    case, heron = desk.receive(), lawyer(desk)
    proposal = run_match(by=desk.alder, at=desk.at).proposals.get()
    decide_proposal(proposal=proposal, decision=Decision.ACCEPTED, by=desk.alder, at=desk.at)
    send(desk, case, heron, "offered")
    assert Representation.objects.get().proposal == proposal


@pytest.mark.parametrize(
    "wrong",
    [{"answer": "active"}, {"role": "king"}, {"via": "portal"}, {"lawyer": "nobody"}, {"fee": "much"}],
)
def test_forged_answers_are_refused(desk: Desk, wrong: dict[str, str]) -> None:
    case, heron = desk.receive(), lawyer(desk)
    sent = {**answer(case, heron, "accepted"), **wrong}
    assert desk.post(desk.alder, "case-counsel", case.pk, **sent).status_code == 200
    assert not Representation.objects.exists()
