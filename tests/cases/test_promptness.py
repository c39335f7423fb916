"""How soon counsel came: by the first hearing, in hours, by month and region; in public late and coarse."""

import datetime

import pytest

from accounts.models import User
from cases import promptness
from cases.actions import counsel
from cases.actions.court import cancel_hearing, schedule_hearing
from cases.models import Case, Hearing
from lawyers.intake.cells import PartialDate
from tests.cases.conftest import AddLawyer, Receive

DAY = datetime.timedelta(days=1)


def defend(case: Case, lawyer: AddLawyer, code: str, by: User, at: datetime.datetime) -> None:
    counsel.record_own_counsel(
        case=case, lawyer=lawyer(code), paid_by=counsel.kinds.PaidBy.FAMILY, by=by, at=at
    )


def test_figures_by_month_and_region(
    receive: Receive, lawyer: AddLawyer, coordinator: User, at: datetime.datetime
) -> None:
    told = {"detained": PartialDate((at - DAY).date())}
    in_time, late, _none = (
        receive(days=2, **told),
        receive("Б", days=2, **told),
        receive("В", days=30, **told),
    )
    defend(in_time, lawyer, "Heron-01", coordinator, at)  # 09:30 UTC, 36.5 hours after midnight in Minsk
    defend(late, lawyer, "Heron-02", coordinator, at + 3 * DAY)
    ended = receive("Г", days=2, **told)
    defend(ended, lawyer, "Heron-03", coordinator, at)
    episode = ended.representations.get()
    counsel.end_representation(
        representation=episode, reason=counsel.EpisodeReason.CLIENT_CHANGED, by=coordinator, at=at + DAY
    )
    rows = promptness.facts(Case.objects.all(), at.date(), (at + 60 * DAY).date())
    by_month = dict(promptness.grouped(rows, lambda row: row.first_on.replace(day=1)))
    march, april = by_month[datetime.date(2026, 3, 1)], by_month[datetime.date(2026, 4, 1)]
    assert (march.cases, march.with_counsel, march.percent, march.median_hours) == (3, 1, 33, 36)
    assert (april.cases, april.with_counsel, april.median_hours) == (1, 0, None)
    assert [key for key, _one in promptness.grouped(rows, lambda row: row.region)] == ["homel"]
    # what was cancelled was no first hearing
    hearing = Hearing.objects.get(trial__defendants__case=in_time)
    cancel_hearing(hearing=hearing, by=coordinator, at=at)
    schedule_hearing(trial=hearing.trial, starts_at=at + 40 * DAY, by=coordinator, at=at)
    moved = promptness.facts(Case.objects.filter(pk=in_time.pk), at.date(), (at + 60 * DAY).date())
    assert moved[0].first_on == (at + 40 * DAY).date()


def test_the_public_figure_is_late_coarse_and_of_enough_people(
    receive: Receive,
    lawyer: AddLawyer,
    coordinator: User,
    at: datetime.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for least, of in (("LEAST_CLIENTS", 4), ("LEAST_LAWYERS", 2)):
        monkeypatch.setattr(promptness, least, of)
    told = {"detained": PartialDate((at - DAY).date())}
    cases = [receive(f"А{number}", days=2, **told) for number in range(4)]  # two of four: in fives, 50
    defend(cases[0], lawyer, "Heron-01", coordinator, at)
    shown = datetime.date(2026, 7, 1)
    assert promptness.published(shown) is None  # one lawyer: the figure would be theirs
    defend(cases[1], lawyer, "Heron-02", coordinator, at)
    assert promptness.published(shown) == promptness.Told(percent=50, median_hours=36)
    assert promptness.published(datetime.date(2026, 6, 30)) is None  # not three months yet
    monkeypatch.setattr(promptness, "LEAST_CLIENTS", 5)
    assert promptness.published(shown) is None
