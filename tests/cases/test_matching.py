"""What the solver is told, what is kept of a run, and what people decide about it."""

import datetime
import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from audit.models import Event
from cases import facts, kinds, matches, panel_facts
from cases.actions import counsel, court, matching
from cases.actions.matching import decide_proposal, run_match
from cases.intake.articles import ArticleRef
from cases.intake.facts import HearingFact
from cases.kinds import Decision, EpisodeReason, EpisodeState
from cases.models import Case, MatchProposal, MatchRun
from lawyers.actions.panel import record_licence
from lawyers.matching import Lock, Reason
from lawyers.models import Lawyer
from tests.cases.conftest import COURT, AddLawyer, Receive

EVERYTHING = Case.objects.all


def test_a_need_says_what_is_known_and_no_name(receive: Receive, at: datetime.datetime) -> None:
    case = receive(
        days=2, articles=(ArticleRef("342", "1"), ArticleRef("293")), is_minor=True, languages="be ru"
    )
    (need,) = facts.collect_needs(EVERYTHING(), at)
    assert (need.id, need.hours_to_hearing, need.minor) == (str(case.id), 48, True)
    assert (need.region, need.court, need.instance) == ("homel", COURT, "first")
    assert (need.family, need.severity) == ("protest", 5)
    assert need.languages == {"be", "ru"}
    assert need.risks == {"criminal", "protest"}
    assert [span.starts_at for span in need.hearings] == [at + datetime.timedelta(days=2)]
    assert "Каваленка" not in str(need)


def test_an_unknown_hour_takes_the_working_day(receive: Receive, at: datetime.datetime) -> None:
    midnight = datetime.datetime(2026, 3, 4, 21, 0, tzinfo=datetime.UTC)  # 00:00 on the 5th in Minsk
    receive(hearing=HearingFact(midnight, time_known=False))
    (need,) = facts.collect_needs(EVERYTHING(), at)
    (span,) = need.hearings
    assert span.starts_at.isoformat() == "2026-03-05T09:00:00+03:00"
    assert span.ends_at.isoformat() == "2026-03-05T18:00:00+03:00"


def test_adverse_co_defendants_form_a_group_and_their_counsel_is_in_conflict(
    receive: Receive, lawyer: AddLawyer, coordinator: User, at: datetime.datetime
) -> None:
    one, other = receive("Зязюля Янка", days=None), receive("Крэйда Ян", days=None)
    friend = receive("Сініца Вера", days=None)
    trial = court.add_trial(court=None, by=coordinator, at=at)
    for case, group in ((one, "A"), (other, "B"), (friend, "")):
        court.add_defendant(trial=trial, case=case, interest_group=group, by=coordinator, at=at)
    heron = lawyer()
    counsel.record_answer(case=one, lawyer=heron, answer=EpisodeState.ACCEPTED, by=coordinator, at=at)
    needs = {need.id: need for need in facts.collect_needs(EVERYTHING(), at)}
    assert needs[str(one.id)].adverse_groups == needs[str(other.id)].adverse_groups == {str(trial.id)}
    assert not needs[str(friend.id)].adverse_groups
    assert needs[str(other.id)].excluded == {str(heron.id)}
    assert not needs[str(friend.id)].excluded


def test_declines_exclusions_vetoes_and_earlier_counsel(
    receive: Receive, lawyer: AddLawyer, coordinator: User, at: datetime.datetime
) -> None:
    case = receive()
    declined, conflict, unwanted, earlier = (lawyer(f"Bird-0{number}") for number in range(4))
    for one, reason in ((declined, EpisodeReason.TOO_FAR), (conflict, EpisodeReason.CONFLICT)):
        counsel.record_answer(
            case=case, lawyer=one, answer=EpisodeState.DECLINED, reason=reason, by=coordinator, at=at
        )
    counsel.exclude(case=case, lawyer=unwanted, kind=kinds.ExclusionKind.VETO, by=coordinator, at=at)
    episode = counsel.record_answer(
        case=case, lawyer=earlier, answer=EpisodeState.ACCEPTED, by=coordinator, at=at
    )
    counsel.end_representation(
        representation=episode, reason=EpisodeReason.CLIENT_CHANGED, by=coordinator, at=at
    )
    (need,) = facts.collect_needs(EVERYTHING(), at)
    assert need.excluded == {str(declined.id), str(conflict.id)}
    assert need.vetoed == {str(unwanted.id)}
    assert need.previous == {str(earlier.id)}


def test_a_place_says_what_is_known_of_a_lawyer(
    receive: Receive, lawyer: AddLawyer, coordinator: User, at: datetime.datetime
) -> None:
    heron = lawyer(languages="be", risks="security", competences=(("protest", 4, "first appeal"),))
    lawyer("Crane-08", licence="", coverage=(), max_open=None)
    lawyer("Swift-11", channel="none")
    case = receive(days=2)
    counsel.record_answer(case=case, lawyer=heron, answer=EpisodeState.ACCEPTED, by=coordinator, at=at)
    crane, place = panel_facts.collect_places(panel_facts.lawyers_to_ask(), at)
    assert place.id == str(heron.id)
    assert (place.max_open, place.open_now, place.new_this_week) == (5, 1, 1)
    assert [span.starts_at for span in place.calendar] == [at + datetime.timedelta(days=2)]
    assert place.competences[0].instances == {"first", "appeal"}
    assert place.languages == {"be"}
    assert place.refused_risks == {"security"}
    assert place.licensed_through == datetime.date.max
    assert (crane.licensed_through, crane.max_open, crane.coverage) == (None, None, ())


@pytest.mark.parametrize(
    ("entries", "through"),
    [
        ([], None),
        ([("active", "2020-01-01", None)], datetime.date.max),
        ([("active", "2020-01-01", "2026-12-31")], datetime.date(2026, 12, 31)),
        ([("active", "2020-01-01", "2026-05-31"), ("active", "2026-06-01", None)], datetime.date.max),
        (
            [("active", "2020-01-01", "2026-05-31"), ("active", "2026-07-01", None)],
            datetime.date(2026, 5, 31),
        ),
        ([("active", "2020-01-01", None), ("revoked", "2026-04-01", None)], datetime.date(2026, 3, 31)),
        ([("suspended", "2025-01-01", None)], datetime.date(2024, 12, 31)),
        ([("suspended", "2025-01-01", "2025-06-01"), ("active", "2025-06-02", None)], datetime.date.max),
        ([("active", "2020-01-01", "2025-12-31")], datetime.date(2026, 3, 1)),
    ],
)
def test_how_long_a_licence_is_known_to_hold(
    lawyer: AddLawyer,
    coordinator: User,
    at: datetime.datetime,
    entries: list[tuple[str, str, str | None]],
    through: datetime.date | None,
) -> None:
    heron = lawyer(licence="")
    for status, from_on, until_on in entries:
        record_licence(
            lawyer=heron,
            status=status,
            from_on=datetime.date.fromisoformat(from_on),
            until_on=datetime.date.fromisoformat(until_on) if until_on else None,
            by=coordinator,
            at=at,
        )
    (place,) = panel_facts.collect_places(Lawyer.objects.all(), at)
    assert place.licensed_through == through


def test_more_cases_and_lawyers_cost_no_more_queries(
    receive: Receive, lawyer: AddLawyer, at: datetime.datetime
) -> None:
    counts = []
    for number in range(3):
        receive(days=2)
        lawyer(f"Bird-{number:02d}")
        with CaptureQueriesContext(connection) as queries:
            matches.problem_now(at)
        counts.append(len(queries))
    assert counts[0] == counts[2]
    assert counts[2] <= 22


def test_a_run_is_stored_with_its_identity(
    receive: Receive, lawyer: AddLawyer, coordinator: User, at: datetime.datetime
) -> None:
    heron = lawyer(max_open=1)
    urgent, later = receive(days=1), receive("Зязюля Янка", days=20)
    before = Event.objects.count()
    run = run_match(by=coordinator, at=at)
    assert Event.objects.count() == before + 1
    assert (run.number, run.status, run.needs, run.placed) == (1, "optimal", 2, 1)
    assert all(stage["value"] == stage["bound"] for stage in run.bound.values())
    placed = run.proposals.get(case=urgent)
    assert placed.lawyer == heron
    assert sum(placed.components.values()) == placed.fit
    assert run.proposals.get(case=later).lawyer is None
    assert [row["need"] for row in run.result["shortfalls"]] == [str(later.id)]
    assert run.result["certificates"][0]["places"] == [str(heron.id)]
    assert Event.objects.get(kind="match.stored").body.count(run.inputs_sha256) == 1
    again = run_match(by=coordinator, at=at)
    assert again.number == 2


def test_the_same_facts_have_the_same_identity(
    receive: Receive, lawyer: AddLawyer, at: datetime.datetime
) -> None:
    lawyer()
    receive()
    first, second = (matching.solved(at=at)[1].identity.inputs_sha256 for _each in range(2))
    assert first == second
    receive("Зязюля Янка")
    assert matching.solved(at=at)[1].identity.inputs_sha256 != first


def test_decisions_stay_with_the_next_run(
    receive: Receive, lawyer: AddLawyer, coordinator: User, at: datetime.datetime
) -> None:
    heron, crane = lawyer(max_open=1), lawyer("Crane-08", coverage=(("homel", "", True),))
    case = receive(days=5)
    run = run_match(by=coordinator, at=at)
    proposal = run.proposals.get()
    assert proposal.lawyer == heron
    decide_proposal(proposal=proposal, decision=Decision.REPLACED, chosen=crane, by=coordinator, at=at)
    with pytest.raises(matching.DecidedAlready):
        decide_proposal(proposal=proposal, decision=Decision.ACCEPTED, by=coordinator, at=at)
    assert facts.collect_locks(EVERYTHING()) == (Lock(str(case.id), str(crane.id)),)
    fixed = run_match(by=coordinator, at=at).proposals.get()
    assert (fixed.lawyer, fixed.is_lock) == (crane, True)
    counsel.record_answer(
        case=case,
        lawyer=crane,
        answer=EpisodeState.DECLINED,
        reason=EpisodeReason.TOO_FAR,
        proposal=proposal,
        by=coordinator,
        at=at,
    )
    assert facts.collect_locks(EVERYTHING()) == ()
    assert run_match(by=coordinator, at=at).proposals.get().lawyer == heron


def test_an_offer_that_is_out_is_a_lock(
    receive: Receive, lawyer: AddLawyer, coordinator: User, at: datetime.datetime
) -> None:
    case, heron = receive(), lawyer()
    counsel.offer_case(case=case, lawyer=heron, by=coordinator, at=at)
    assert facts.collect_locks(EVERYTHING()) == (Lock(str(case.id), str(heron.id)),)


def test_nobody_excluded_can_be_chosen(
    receive: Receive, lawyer: AddLawyer, coordinator: User, at: datetime.datetime
) -> None:
    case, heron, crane = receive(), lawyer(), lawyer("Crane-08")
    run = run_match(by=coordinator, at=at)
    counsel.exclude(case=case, lawyer=crane, kind=kinds.ExclusionKind.CONFLICT, by=coordinator, at=at)
    proposal = run.proposals.get()
    for chosen in (crane, None):
        with pytest.raises(matching.NobodyChosen):
            decide_proposal(
                proposal=proposal, decision=Decision.REPLACED, chosen=chosen, by=coordinator, at=at
            )
    decide_proposal(proposal=proposal, decision=Decision.ACCEPTED, by=coordinator, at=at)
    assert (proposal.decision, proposal.decided_by, heron.pk) == ("accepted", coordinator.actor_id, heron.pk)


def test_a_live_shortlist_names_the_reasons(
    receive: Receive, lawyer: AddLawyer, at: datetime.datetime
) -> None:
    best = lawyer(competences=(("protest", 5, ""),))
    far = lawyer("Crane-08", coverage=(("brest", "", False),))
    lost = lawyer("Swift-11", licence="revoked")
    full = lawyer("Wren-20", max_open=0)
    found = matches.live_shortlist(receive(), at)
    assert [one.lawyer for one in found.options] == [best]
    assert [one.lawyer for one in found.full] == [full]
    assert dict(found.refused) == {Reason.COVERAGE: (far,), Reason.LICENCE: (lost,)}
    assert found.lawyers == 4


def test_scored_pairs_end_after_thirty_days_and_decisions_stay(
    receive: Receive, lawyer: AddLawyer, coordinator: User, at: datetime.datetime
) -> None:
    lawyer()
    receive()
    run = run_match(by=coordinator, at=at)
    decide_proposal(proposal=run.proposals.get(), decision=Decision.ACCEPTED, by=coordinator, at=at)
    assert matching.drop_old_results(by=coordinator, at=at + datetime.timedelta(days=30)) == 0
    assert matching.drop_old_results(by=coordinator, at=at + datetime.timedelta(days=31)) == 1
    assert MatchRun.objects.get().result == {}
    assert MatchProposal.objects.get().decision == "accepted"
    # Nor do they live on in the history.
    assert not any(field.name == "result" for field in MatchRun.history.model._meta.get_fields())


def test_nothing_to_match_is_said(coordinator: User, at: datetime.datetime) -> None:
    with pytest.raises(matching.NobodyToMatch):
        run_match(by=coordinator, at=at)


def test_the_command_reports_and_stores(receive: Receive, lawyer: AddLawyer, at: datetime.datetime) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("match_lawyers")
    assert refused.value.returncode == 2
    lawyer()
    receive(days=None)
    out = io.StringIO()
    call_command("match_lawyers", "--dry-run", "--json", stdout=out)
    assert json.loads(out.getvalue())["run"] is None
    assert not MatchRun.objects.exists()
    out = io.StringIO()
    call_command("match_lawyers", "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert (found["run"], found["cases"], found["placed"], found["status"]) == (1, 1, 1, "optimal")
    out = io.StringIO()
    call_command("match_lawyers", stdout=out)
    assert "1 of 1 cases placed among 1 lawyers" in out.getvalue()
