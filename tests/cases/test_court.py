"""Trials, defendants, hearings and known trials."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from cases import kinds
from cases.actions import court, reference
from cases.actions.reference import KnownTrialFact, load_reference
from cases.kinds import HearingOutcome
from cases.models import Article, Court, Hearing, KnownTrial
from cases.reference import load
from lawyers.intake.cells import PartialDate
from tests.cases.conftest import COURT, Receive

HOUR = datetime.timedelta(hours=1)


def _hearing(receive: Receive) -> Hearing:
    hearing: Hearing = receive(seeking=False).defendants.get().trial.hearings.get()
    return hearing


def test_the_reference_is_loaded_once(reference: None, coordinator: User, at: datetime.datetime) -> None:
    assert Court.objects.count() == len(load.courts())
    assert Article.objects.count() == len(load.articles())
    assert not Article.objects.filter(checked_by_counsel=True).exists()
    assert not Court.objects.filter(citation="").exists()
    assert load_reference(by=coordinator, at=at) == (0, 0)


def test_an_unlisted_article_gets_its_citation_when_it_is_listed(
    receive: Receive, coordinator: User, at: datetime.datetime
) -> None:
    listed = load.articles()[0]
    row = Article.objects.get(number=listed.number, part="")
    original = row.severity

    from audit.actions import action

    @action("test.damage")
    def damage(*, by: User, at: datetime.datetime) -> None:
        row.severity, row.citation = 0, ""
        row.save()

    damage(by=coordinator, at=at)
    assert load_reference(by=coordinator, at=at) == (0, 1)
    row.refresh_from_db()
    assert (row.severity, row.citation) == (original, listed.citation)


def test_an_adjourned_hearing_points_to_the_next(
    receive: Receive, coordinator: User, at: datetime.datetime
) -> None:
    hearing = _hearing(receive)
    new = court.reschedule_hearing(
        hearing=hearing, starts_at=at + datetime.timedelta(days=9), by=coordinator, at=at
    )
    hearing.refresh_from_db()
    assert (hearing.status, hearing.adjourned_to) == ("adjourned", new)
    assert (new.status, new.zone) == ("scheduled", hearing.zone)
    with pytest.raises(court.HearingIsOver):
        court.cancel_hearing(hearing=hearing, by=coordinator, at=at)


def test_an_outcome_only_after_it_began(receive: Receive, coordinator: User, at: datetime.datetime) -> None:
    hearing = _hearing(receive)
    with pytest.raises(court.NotYetHeld):
        court.record_outcome(hearing=hearing, outcome=HearingOutcome.JUDGMENT, by=coordinator, at=at)
    later = hearing.starts_at + HOUR
    court.record_outcome(
        hearing=hearing,
        outcome=HearingOutcome.CONTINUES,
        next_starts_at=later + HOUR * 24,
        by=coordinator,
        at=later,
    )
    assert sorted(hearing.trial.hearings.values_list("status", flat=True)) == ["held", "scheduled"]
    with pytest.raises(court.HearingIsOver):
        court.record_outcome(hearing=hearing, outcome=HearingOutcome.JUDGMENT, by=coordinator, at=later)


def test_moving_a_hearing_raises_its_version_for_calendars(
    receive: Receive, coordinator: User, at: datetime.datetime
) -> None:
    hearing = _hearing(receive)
    before = hearing.version
    court.move_hearing(hearing=hearing, starts_at=hearing.starts_at + HOUR, room="12", by=coordinator, at=at)
    assert (hearing.version, hearing.room, hearing.status) == (before + 1, "12", "scheduled")


@pytest.mark.parametrize(
    "change",
    [
        "status = 'held'",
        "status = 'scheduled', outcome = 'judgment'",
        "status = 'cancelled', outcome = 'judgment'",
        "status = 'adjourned', outcome = 'judgment'",
        "status = 'adjourned', adjourned_to_id = id",
        "status = 'lost'",
    ],
)
def test_the_database_knows_the_ends_of_a_hearing(receive: Receive, change: str) -> None:
    _hearing(receive)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"update cases_hearing set {change}")


def test_one_trial_tries_several_clients(receive: Receive, coordinator: User, at: datetime.datetime) -> None:
    first, second = receive(seeking=False), receive("Зязюля Янка", seeking=False, days=None)
    trial = first.defendants.get().trial
    defendant = court.add_defendant(trial=trial, case=second, interest_group="b", by=coordinator, at=at)
    assert defendant.interest_group == "B"
    with pytest.raises(court.InTrialAlready):
        court.add_defendant(trial=trial, case=second, by=coordinator, at=at)


def test_an_appeal_is_another_trial_of_the_case(
    receive: Receive, coordinator: User, at: datetime.datetime
) -> None:
    case = receive(seeking=False)
    court.add_trial(
        court=Court.objects.get(code="by-homel-region"),
        instance=kinds.Instance.APPEAL,
        case=case,
        by=coordinator,
        at=at,
    )
    assert case.defendants.count() == 2


def test_accusations_change(receive: Receive, coordinator: User, at: datetime.datetime) -> None:
    case = receive(seeking=False)
    article = Article.objects.get(number="361-2", part="")
    added = court.add_accusation(case=case, article=article, by=coordinator, at=at)
    with pytest.raises(court.AccusedAlready):
        court.add_accusation(case=case, article=article, by=coordinator, at=at)
    court.drop_accusation(accusation=added, until_on=at.date(), by=coordinator, at=at)
    assert court.add_accusation(case=case, article=article, by=coordinator, at=at)


def test_a_known_trial_is_one_cases(receive: Receive, coordinator: User, at: datetime.datetime) -> None:
    first, second = receive(seeking=False), receive("Зязюля Янка", seeking=False)
    fact = KnownTrialFact(COURT, PartialDate(at.date()), "342", "monitor")
    one, other = reference.add_known_trials(trials=[fact, fact], by=coordinator, at=at)
    assert one is not None
    assert other is not None
    reference.link_known_trial(known_trial=one, case=first, by=coordinator, at=at)
    with pytest.raises(reference.TrialHasCase):
        reference.link_known_trial(known_trial=one, case=second, by=coordinator, at=at)
    with pytest.raises(reference.CaseHasTrial):
        reference.link_known_trial(known_trial=other, case=first, by=coordinator, at=at)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update cases_knowntrial set case_id = (select case_id from cases_knowntrial"
                       " where case_id is not null)")  # fmt: skip
    reference.unlink_known_trial(known_trial=one, by=coordinator, at=at)
    reference.link_known_trial(known_trial=one, case=second, by=coordinator, at=at)
    assert KnownTrial.objects.get(case=second) == one
