"""Terms: the pure calendar and rules, what sets them going, and remedies that are dead."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from cases import kinds, worklist
from cases.actions import remedies, terms
from cases.actions.court import record_verdict
from cases.actions.stage import record_stage
from cases.actions.status import close_case
from cases.deadlines import calendar, counting
from cases.deadlines.remedies import WHY_CLOSED, Facts, draft
from cases.deadlines.remedies import remedies as bodies
from cases.deadlines.words import Body, Category, FilingState, Rule, Settled, Trigger
from cases.models import Case, Deadline, RemedyFiling
from cases.stages import Stage
from tests.cases.conftest import Receive

D = datetime.date
DAY = datetime.timedelta(days=1)


def test_every_code_has_its_rule_and_its_citation() -> None:
    assert set(counting.terms()) == {one.value for one in Rule}
    assert set(bodies()) == {one.value for one in Body}
    cited = [*counting.terms().values(), *bodies().values(), *calendar.holidays()]
    assert all(one.citation and not one.checked_by_counsel for one in cited)


@pytest.mark.parametrize("easter", [D(2020, 4, 19), D(2024, 5, 5), D(2025, 4, 20), D(2026, 4, 12)])
def test_orthodox_easter(easter: datetime.date) -> None:
    assert calendar.orthodox_easter(easter.year) == easter
    assert not calendar.is_working(easter + 9 * DAY)


def test_the_second_of_january_became_free_in_2020() -> None:
    assert calendar.is_working(D(2019, 1, 2))
    assert not calendar.is_working(D(2020, 1, 2))
    assert calendar.next_working(D(2026, 5, 1)) == D(2026, 5, 4)  # a holiday and a weekend


@pytest.mark.parametrize(
    ("rule", "start", "end"),
    [
        (Rule.APPEAL, D(2026, 3, 2), D(2026, 3, 12)),
        (Rule.APPEAL, D(2026, 2, 26), D(2026, 3, 9)),  # 8 March is a Sunday and a holiday
        (Rule.APPEAL, D(2026, 4, 11), D(2026, 4, 22)),  # the 21st is Radunitsa
        (Rule.CUSTODY_2_MONTHS, D(2025, 12, 31), D(2026, 2, 28)),
        (Rule.DETENTION_72H, D(2026, 3, 5), D(2026, 3, 8)),  # liberty does not wait for a working day
        (Rule.CASSATION_OLD, D(2014, 1, 23), D(2014, 2, 3)),
    ],
)
def test_when_a_term_ends(rule: Rule, start: datetime.date, end: datetime.date) -> None:
    assert counting.terms()[rule].ends_on(start) == end


def test_a_rule_holds_in_its_time_only() -> None:
    with pytest.raises(counting.OutOfForce):
        counting.terms()[Rule.APPEAL].ends_on(D(2014, 1, 23))
    for on, code in ((D(2014, 1, 23), Rule.CASSATION_OLD), (D(2014, 1, 24), Rule.APPEAL)):
        found = counting.running_from(Trigger.VERDICT, on, kind="criminal", in_custody=False)
        assert code in {term.code for term in found}
        assert len([term for term in found if term.ours]) == 1


def test_unknown_custody_runs_the_sooner_term_too() -> None:
    found = counting.running_from(Trigger.RULING, D(2026, 3, 2), kind="administrative", in_custody=None)
    assert min(term.ends_on(D(2026, 3, 2)) for term in found) == D(2026, 3, 9)  # 7 March is a Saturday


def _convict(case: Case, by: User, at: datetime.datetime) -> None:
    place = case.defendants.select_related("trial", "case").get()
    record_verdict(
        defendant=place, verdict=kinds.Verdict.CONVICTED, verdict_on=at.date(), sentence={}, by=by, at=at
    )


def test_a_verdict_sets_the_appeal_running(
    receive: Receive, coordinator: User, at: datetime.datetime
) -> None:
    case = receive(seeking=False)
    record_stage(
        case=case,
        stage=Stage.DETAINED,
        occurred_on=at.date(),
        source=kinds.Source.FAMILY,
        by=coordinator,
        at=at,
    )
    assert case.deadlines.get().rule == Rule.DETENTION_72H
    _convict(Case.objects.get(pk=case.pk), coordinator, at)
    appeal = case.deadlines.get(rule=Rule.APPEAL_CUSTODY)
    assert appeal.provisional
    assert appeal.due_on == at.date() + 10 * DAY
    with pytest.raises(terms.ServedTooEarly):
        terms.record_service(deadline=appeal, served_on=at.date() - DAY, by=coordinator, at=at)
    terms.record_service(deadline=appeal, served_on=at.date() + 8 * DAY, by=coordinator, at=at + 8 * DAY)
    assert (appeal.provisional, appeal.due_on) == (False, at.date() + 18 * DAY)
    assert (
        case.deadlines.get(rule=Rule.COPY_SERVED).settled == Settled.MISSED
    )  # the 7th was a Saturday, so until the 9th
    with pytest.raises(terms.NotFromCopy):
        terms.record_service(deadline=appeal, served_on=at.date() + 8 * DAY, by=coordinator, at=at + 8 * DAY)
    due = worklist.deadlines_due(Case.objects.all(), at)
    assert [one.rule for one in due] == [Rule.DETENTION_72H]
    assert appeal in worklist.deadlines_due(Case.objects.all(), at + 5 * DAY)
    with pytest.raises(terms.SayWhy):
        terms.settle_deadline(
            deadline=appeal, settled=Settled.WAIVED, settled_on=at.date(), by=coordinator, at=at
        )
    terms.settle_deadline(deadline=appeal, settled=Settled.MET, settled_on=at.date(), by=coordinator, at=at)
    with pytest.raises(terms.SettledAlready):
        terms.settle_deadline(
            deadline=appeal, settled=Settled.MET, settled_on=at.date(), by=coordinator, at=at
        )
    close_case(case=Case.objects.get(pk=case.pk), reason=kinds.ClosingReason.ENDED, by=coordinator, at=at)
    assert not case.deadlines.running().exists()


def test_a_late_fact_sets_nothing_running(receive: Receive, coordinator: User, at: datetime.datetime) -> None:
    case = receive(seeking=False)
    long_ago = at.date() - 60 * DAY
    record_stage(
        case=case,
        stage=Stage.DETAINED,
        occurred_on=long_ago,
        source=kinds.Source.FAMILY,
        by=coordinator,
        at=at,
    )
    assert not case.deadlines.exists()
    with pytest.raises(terms.RuleOfAnotherKind):
        terms.start_deadline(case=case, rule=Rule.ARREST_APPEAL, trigger_on=at.date(), by=coordinator, at=at)
    with pytest.raises(terms.RuleNotInForce):
        terms.start_deadline(case=case, rule=Rule.CASSATION_OLD, trigger_on=at.date(), by=coordinator, at=at)
    terms.start_deadline(case=case, rule=Rule.APPEAL, trigger_on=at.date(), by=coordinator, at=at)
    with pytest.raises(terms.RunsAlready):
        terms.start_deadline(case=case, rule=Rule.APPEAL, trigger_on=at.date(), by=coordinator, at=at)


def test_dead_remedies_are_refused_with_the_reason(
    receive: Receive, coordinator: User, at: datetime.datetime
) -> None:
    case = receive(seeking=False)
    for body in (Body.HRC, Body.CAT, Body.ECHR):
        with pytest.raises(remedies.RemedyDead) as refusal:
            remedies.begin_filing(case=case, body=body, by=coordinator, at=at)
        assert str(WHY_CLOSED[bodies()[body].why_closed]) in refusal.value.text
    old = remedies.begin_filing(case=case, body=Body.HRC, filed_on=D(2023, 2, 7), by=coordinator, at=at)
    with pytest.raises(remedies.RemedyDead):
        remedies.begin_filing(case=case, body=Body.HRC, filed_on=D(2023, 2, 8), by=coordinator, at=at)
    with pytest.raises(remedies.CategoryNeeded):
        remedies.begin_filing(case=case, body=Body.WGAD, by=coordinator, at=at)
    with pytest.raises(remedies.NoCategoriesThere):
        remedies.begin_filing(case=case, body=Body.CEDAW, categories=[Category.I], by=coordinator, at=at)
    filing = remedies.begin_filing(
        case=case, body=Body.WGAD, categories=[Category.III, Category.I], by=coordinator, at=at
    )
    assert filing.categories == "I III"
    with pytest.raises(remedies.NotANextState):
        remedies.move_filing(filing=filing, state=FilingState.DECIDED, on=at.date(), by=coordinator, at=at)
    with pytest.raises(remedies.FiledWhen):
        remedies.move_filing(
            filing=filing, state=FilingState.FILED, on=at.date() + DAY, by=coordinator, at=at
        )
    remedies.move_filing(filing=filing, state=FilingState.FILED, on=at.date(), by=coordinator, at=at)
    remedies.move_filing(filing=old, state=FilingState.DECIDED, on=at.date(), by=coordinator, at=at)
    assert (filing.filed_on, old.answered_on) == (at.date(), at.date())


@pytest.mark.parametrize(
    "change",
    [
        "cases_remedyfiling set body = 'un-hrc', filed_on = '2023-02-08', categories = ''",
        "cases_remedyfiling set body = 'un-hrc', filed_on = null, categories = ''",
        "cases_remedyfiling set body = 'echr', categories = ''",
        "cases_remedyfiling set body = 'supervisory'",  # with categories of the Working Group
        "cases_remedyfiling set state = 'filed'",
        "cases_deadline set settled = 'met'",
        "cases_deadline set due_on = '2020-01-01'",
        "cases_deadline set provisional = true",
    ],
)
def test_the_database_refuses(
    receive: Receive, coordinator: User, at: datetime.datetime, change: str
) -> None:
    case = receive(seeking=False)
    remedies.begin_filing(case=case, body=Body.WGAD, categories=[Category.V], by=coordinator, at=at)
    terms.start_deadline(case=case, rule=Rule.APPEAL, trigger_on=at.date(), by=coordinator, at=at)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"update {change}")
    assert Deadline.objects.get().settled == ""
    assert RemedyFiling.objects.get().filed_on is None


def test_a_draft_says_what_is_known_and_what_is_not() -> None:
    facts = Facts("Alena", "", "colony 4", "342", (("1 March 2026", "Detained"),), "")
    page = {part.heading: part.lines for part in draft(Body.WGAD, ["III", "I"], facts)}
    assert page["What happened"] == ("1 March 2026: Detained",)
    assert page["What is claimed"][0].startswith("I:")
    assert "Born: [not known yet]" in page["About"]
