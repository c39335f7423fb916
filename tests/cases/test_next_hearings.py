"""The next hearing kept beside each case: right after every act, whatever writes, and quick to order by."""

import datetime

from django.db import connection

from accounts.models import User
from audit import guards
from cases import next_hearings
from cases.actions import court
from cases.actions.status import close_case
from cases.kinds import ClosingReason, HearingOutcome
from cases.models import Case, Hearing, NextHearing, Trial
from cases.models.dates import NEVER
from tests.cases.conftest import Receive


def test_it_follows_every_act(receive: Receive, coordinator: User, at: datetime.datetime) -> None:
    case, other = receive(days=5), receive("Зязюля Янка", days=None)
    told = {"by": coordinator, "at": at}

    def kept(of: Case = case) -> datetime.datetime:
        assert next_hearings.differing() == []
        return NextHearing.objects.get(case=of).starts_at

    def day(days: float) -> datetime.datetime:
        return at + datetime.timedelta(days=days)

    assert (kept(), kept(other)) == (day(5), NEVER)
    trial, first = Trial.objects.get(), Hearing.objects.get()
    court.add_defendant(trial=trial, case=other, **told)
    assert kept(other) == day(5)
    second = court.schedule_hearing(trial=trial, starts_at=day(3), **told)
    assert (kept(), kept(other)) == (day(3), day(3))
    court.move_hearing(hearing=second, starts_at=day(4), **told)
    assert kept() == day(4)
    court.cancel_hearing(hearing=second, **told)
    assert kept() == day(5)
    later = court.reschedule_hearing(hearing=first, starts_at=day(9), **told)
    assert kept() == day(9)
    court.record_outcome(hearing=later, outcome=HearingOutcome.JUDGMENT, by=coordinator, at=day(10))
    assert kept() == NEVER
    court.schedule_hearing(trial=trial, starts_at=day(20), **told)
    close_case(case=other, reason=ClosingReason.ENDED, **told)
    assert kept() == day(20)  # the trial goes on for the other
    close_case(case=case, reason=ClosingReason.ENDED, **told)
    assert kept() == NEVER


def test_the_check_names_what_a_missing_trigger_left_behind(
    receive: Receive, coordinator: User, at: datetime.datetime
) -> None:
    case = receive(days=5)
    with guards.lifted(connection):
        court.cancel_hearing(hearing=Hearing.objects.get(), by=coordinator, at=at)
        other = receive("Зязюля Янка", days=None)
        assert set(next_hearings.differing()) == {case.pk, other.pk}
    # putting the triggers up again begins a row for each case that has none
    assert next_hearings.differing() == [case.pk]
    with connection.cursor() as cursor:
        cursor.execute("update cases_hearing set room = '2'")
    assert next_hearings.differing() == []
