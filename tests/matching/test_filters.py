"""Each hard filter: what it refuses, what it asks, and that the run depends on it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lawyers.matching import (
    Ask,
    Competence,
    Coverage,
    Days,
    Need,
    Place,
    Policy,
    Reason,
    filters,
    shortlist_for,
    solve,
)
from lawyers.matching.filters import FILTERS, judge
from tests.matching.worlds import AT, hearing, plain_need, plain_place, problem_of, random_problem

REFUSALS: dict[Reason, tuple[dict[str, object], dict[str, object]]] = {
    Reason.LICENCE: ({}, {"licensed_through": AT.date() + timedelta(days=4)}),
    Reason.COVERAGE: ({}, {"coverage": (Coverage("homel"), Coverage("minsk", "minsk-north"))}),
    Reason.LANGUAGE: ({}, {"languages": frozenset({"pl"})}),
    Reason.COMPETENCE: ({}, {"competences": (Competence("criminal", 2),)}),
    Reason.CONFLICT: ({"excluded": frozenset({"p1"})}, {}),
    Reason.CALENDAR: ({}, {"calendar": (hearing(day=5, hour=11),)}),
    Reason.RISK: ({"risks": frozenset({"extremism"})}, {"refused_risks": frozenset({"extremism"})}),
    Reason.VETO: ({"vetoed": frozenset({"p1"})}, {}),
    Reason.AWAY: ({}, {"away": (Days(AT.date() + timedelta(days=5), AT.date() + timedelta(days=5)),)}),
}
BY_LOCKS = {Reason.FIXED_ADVERSE, Reason.FIXED_CLASH}


def pair(reason: Reason) -> tuple[Need, Place]:
    """A case and a lawyer between whom stands this reason only."""
    need_facts, place_facts = REFUSALS[reason]
    return plain_need(**need_facts), plain_place(**place_facts)


def test_every_filter_has_an_example() -> None:
    assert set(REFUSALS) == {each.reason for each in FILTERS} == set(Reason) - BY_LOCKS


def test_a_plain_pair_is_eligible_without_questions() -> None:
    verdict = judge(plain_need(), plain_place(), Policy(), AT)
    assert verdict.eligible
    assert verdict.asks == ()


@pytest.mark.parametrize("reason", REFUSALS)
def test_the_filter_refuses(reason: Reason) -> None:
    need, place = pair(reason)
    assert judge(need, place, Policy(), AT).reasons == (reason,)
    result = solve(problem_of([need], [place]))
    assert result.pairs == frozenset()
    assert result.refused_counts("n1") == {reason: 1}
    assert result.refused("n1") == {reason: ("p1",)}
    assert shortlist_for(need, [place], policy=Policy(), at=AT).refused == ((reason, ("p1",)),)


@pytest.mark.parametrize("reason", REFUSALS)
def test_only_this_filter_keeps_the_pair_apart(reason: Reason, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: with the filter switched off the pair is proposed, so the test above would fail."""
    need, place = pair(reason)
    others = tuple(each for each in FILTERS if each.reason is not reason)
    monkeypatch.setattr(filters, "FILTERS", others)
    assert solve(problem_of([need], [place])).pairs == {("n1", "p1")}


UNKNOWN: dict[Ask, dict[str, object]] = {
    Ask.LICENCE: {"licensed_through": None},
    Ask.COVERAGE: {"coverage": ()},
    Ask.LANGUAGE: {"languages": frozenset()},
    Ask.COMPETENCE: {"competences": ()},
    Ask.CAPACITY: {"max_open": None},
}


def test_every_question_has_an_example() -> None:
    assert set(UNKNOWN) == set(Ask)


@pytest.mark.parametrize("ask", UNKNOWN)
def test_unknown_is_asked_and_never_refused(ask: Ask) -> None:
    need, place = plain_need(), plain_place(**UNKNOWN[ask])
    result = solve(problem_of([need], [place]))
    assert [row.asks for row in result.assignments] == [(ask,)]
    assert shortlist_for(need, [place], policy=Policy(), at=AT).options[0].asks == (ask,)


def test_a_lawyer_of_whom_nothing_is_known_is_eligible() -> None:
    result = solve(problem_of([plain_need()], [Place(id="p1")]))
    assert [set(row.asks) for row in result.assignments] == [set(Ask)]


@pytest.mark.parametrize("through", [AT.date() + timedelta(days=5), date.max])
def test_a_licence_to_the_day_of_the_hearing_is_enough(through: date) -> None:
    assert judge(plain_need(), plain_place(licensed_through=through), Policy(), AT).eligible


def test_without_a_hearing_the_licence_counts_today() -> None:
    need = plain_need(hearings=())
    assert not judge(need, plain_place(licensed_through=AT.date() - timedelta(days=1)), Policy(), AT).eligible
    assert judge(need, plain_place(licensed_through=AT.date()), Policy(), AT).eligible


def test_a_hearing_that_is_over_binds_nobody() -> None:
    need = plain_need(hearings=(hearing(day=-3, hour=10),))
    assert judge(need, plain_place(calendar=(hearing(day=-3, hour=10),)), Policy(), AT).eligible


@pytest.mark.parametrize(("gap", "eligible"), [(0, True), (60, True), (61, False)])
def test_the_gap_between_hearings_is_the_policys(gap: int, *, eligible: bool) -> None:
    place = plain_place(calendar=(hearing(day=5, hour=12),))
    assert judge(plain_need(), place, Policy(hearing_gap_minutes=gap), AT).eligible is eligible


def test_a_sitting_that_the_lawyer_attends_anyway_is_no_overlap() -> None:
    need = plain_need(hearings=(hearing(day=5, hour=10, sitting="trial-7"),))
    there = plain_place(calendar=(hearing(day=5, hour=10, sitting="trial-7"),))
    elsewhere = plain_place(calendar=(hearing(day=5, hour=10, sitting="trial-8"),))
    assert judge(need, there, Policy(), AT).eligible
    assert judge(need, elsewhere, Policy(), AT).reasons == (Reason.CALENDAR,)


def test_a_court_in_a_region_is_covered_by_name_or_by_the_whole_region() -> None:
    by_name = plain_place(coverage=(Coverage("minsk", "minsk-centre"),))
    assert judge(plain_need(), by_name, Policy(), AT).eligible
    assert judge(plain_need(court=""), by_name, Policy(), AT).asks == (Ask.COVERAGE,)


@pytest.mark.parametrize(
    ("competence", "reasons", "asks"),
    [
        (Competence("administrative"), (Reason.COMPETENCE,), ()),
        (Competence("criminal", 5, frozenset({"appeal"})), (Reason.COMPETENCE,), ()),
        (Competence("criminal", 5), (), (Ask.COMPETENCE,)),
        (Competence("criminal", 3, frozenset({"first"})), (), ()),
    ],
)
def test_competence_counts_only_when_known(
    competence: Competence, reasons: tuple[Reason, ...], asks: tuple[Ask, ...]
) -> None:
    verdict = judge(plain_need(), plain_place(competences=(competence,)), Policy(), AT)
    assert (verdict.reasons, verdict.asks) == (reasons, asks)


def test_the_policy_forbids_a_risk_to_lawyers_in_danger() -> None:
    need, place = plain_need(risks=frozenset({"extremism"})), plain_place(risk_flags=frozenset({"watched"}))
    assert judge(need, place, Policy(), AT).eligible
    strict = Policy(forbidden_risks=frozenset({("extremism", "watched")}))
    assert judge(need, place, strict, AT).reasons == (Reason.RISK,)


def test_all_reasons_are_told_and_not_only_the_first() -> None:
    place = plain_place(languages=frozenset({"pl"}), coverage=(Coverage("brest"),))
    assert set(judge(plain_need(), place, Policy(), AT).reasons) == {Reason.LANGUAGE, Reason.COVERAGE}


@given(st.integers(0, 100_000))
def test_judging_all_at_once_says_the_same_as_one_by_one(seed: int) -> None:
    problem = replace(random_problem(seed), locks=())
    result = solve(problem)
    for need in problem.needs:
        expected: dict[Reason, set[str]] = {}
        for place in problem.places:
            for reason in judge(need, place, problem.policy, problem.at).reasons:
                expected.setdefault(reason, set()).add(place.id)
        full = {p.id for p in problem.places if ("minsk", 0) in p.region_caps and need.region == "minsk"}
        if full:
            expected[Reason.FIXED_ADVERSE] = full
        found = {reason: set(ids) for reason, ids in result.refused(need.id).items()}
        assert found == expected
        assert result.refused_counts(need.id) == {reason: len(ids) for reason, ids in expected.items()}
