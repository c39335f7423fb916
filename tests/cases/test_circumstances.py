"""What happens around a case: custody, incidents, testimonies, recognitions, referrals, observers."""

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from cases import circumstances as lists
from cases import kinds, models
from cases.actions import circumstances as acts
from cases.actions.court import record_outcome
from cases.models import Case, CustodyPeriod, HearingObserver
from tests.cases.conftest import Receive
from vault.reading import NoReader, reading

DAY = datetime.timedelta(days=1)


def test_one_place_at_a_time(receive: Receive, coordinator: User, at: datetime.datetime) -> None:
    case, day = receive(seeking=False), at.date()
    told: dict[str, Any] = {"case": case, "source": kinds.Source.FAMILY, "by": coordinator, "at": at}
    with pytest.raises(acts.UnknownPlace):
        acts.record_custody(place="nowhere-1", from_on=day, **told)
    first = acts.record_custody(place="colony-1", from_on=day - 9 * DAY, detail="cell 4", **told)
    second = acts.record_custody(place="colony-4", from_on=day - 2 * DAY, **told)
    first.refresh_from_db()
    assert first.until_on == day - 2 * DAY
    with pytest.raises(acts.HeldAlready):
        acts.record_custody(from_on=day - 5 * DAY, **told)
    with pytest.raises(acts.NotYetHappened):
        acts.record_custody(from_on=day + 3 * DAY, **told)
    with pytest.raises(acts.EndsBeforeItBegins):
        acts.end_custody(period=second, until_on=day - 3 * DAY, by=coordinator, at=at)
    with pytest.raises(NoReader):
        str(CustodyPeriod.objects.get(pk=first.pk).detail)
    for change in (
        "until_on = null",  # two open periods
        f"until_on = '{day - 30 * DAY}'",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"update cases_custodyperiod set {change}")
    acts.end_custody(period=second, until_on=day, by=coordinator, at=at)
    with pytest.raises(acts.OverAlready):
        acts.end_custody(period=second, until_on=day, by=coordinator, at=at)


def test_a_withdrawn_testimony_is_never_shared(
    receive: Receive, coordinator: User, at: datetime.datetime
) -> None:
    testimony = acts.take_testimony(
        case=receive(seeking=False),
        told_on=at.date(),
        account="they were beaten",
        basis=kinds.Basis.SPOKEN,
        relation=kinds.Relation.SELF,
        may_share=True,
        by=coordinator,
        at=at,
    )
    acts.withdraw_testimony(testimony=testimony, withdrawn_on=at.date(), by=coordinator, at=at)
    assert not testimony.may_share
    with pytest.raises(acts.OverAlready):
        acts.withdraw_testimony(testimony=testimony, withdrawn_on=at.date(), by=coordinator, at=at)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update cases_testimony set may_share = true")
    with reading(coordinator.actor_id, "test"):
        assert models.Testimony.objects.get().account == "they were beaten"


def test_incidents_people_and_help(receive: Receive, coordinator: User, at: datetime.datetime) -> None:
    case, day = receive(seeking=False), at.date()
    who: dict[str, Any] = {"by": coordinator, "at": at}
    with pytest.raises(acts.NamesNobody):
        acts.name_official(case=case, kind=lists.OfficialKind.JUDGE, name=" ", **who)
    acts.name_official(case=case, kind=lists.OfficialKind.JUDGE, name="Invented J.", **who)
    party = acts.name_party(case=case, kind=lists.PartyKind.WITNESS, name="Invented W.", **who)
    acts.strike_entry(entry=party, **who)
    with pytest.raises(acts.OverAlready):
        acts.strike_entry(entry=party, **who)
    recognition = acts.record_recognition(
        case=case, organisation="A monitor", criteria=lists.Criteria.PACE, recognised_on=day - DAY, **who
    )
    acts.end_recognition(recognition=recognition, ended_on=day, **who)
    referral = acts.refer_client(case=case, kind=lists.ReferralKind.MEDICAL, referred_on=day, **who)
    told = {"referral": referral, "outcome": lists.ReferralOutcome.HELPED, "outcome_on": day}
    acts.record_referral_outcome(**told, **who)  # type: ignore[arg-type]
    with pytest.raises(acts.OverAlready):
        acts.record_referral_outcome(**told, **who)  # type: ignore[arg-type]
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update cases_referral set outcome = ''")
    assert not case.relatedparty_entries.standing().exists()  # type: ignore[attr-defined]


def test_observers_are_counted_once_for_each_kind(
    receive: Receive, coordinator: User, at: datetime.datetime
) -> None:
    case, other = receive(seeking=False), receive("Зязюля Янка", seeking=False)
    hearing = case.defendants.get().trial.hearings.get()
    then = hearing.starts_at + datetime.timedelta(hours=1)
    told: dict[str, Any] = {"hearing": hearing, "kind": lists.ObserverKind.DIPLOMAT, "by": coordinator}
    with pytest.raises(acts.NotYetHappened):
        acts.record_observers(case=case, came=3, admitted=1, at=at, **told)
    with pytest.raises(acts.NotOfThisCase):
        acts.record_observers(case=other, came=3, admitted=1, at=then, **told)
    with pytest.raises(acts.MoreAdmittedThanCame):
        acts.record_observers(case=case, came=1, admitted=2, at=then, **told)
    acts.record_observers(case=case, came=3, admitted=0, at=then, **told)
    acts.record_observers(case=case, came=3, admitted=1, at=then, **told)
    assert HearingObserver.objects.get().admitted == 1
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update cases_hearingobserver set admitted = 4")
    record_outcome(hearing=hearing, outcome=kinds.HearingOutcome.JUDGMENT, by=coordinator, at=then)
    assert Case.objects.get(pk=case.pk).hearingobserver_entries.count() == 1  # type: ignore[attr-defined]
