"""The stage is what all dated facts make of it, in whatever order they became known."""

import datetime
from itertools import permutations

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from cases import kinds, stages
from cases.actions.stage import CorrectedAlready, FutureFact, OddJump, correct_stage, record_stage
from cases.models import Case, StageEvent
from cases.stages import Fact, Stage
from tests.cases.conftest import Receive
from vault.reading import reading

DAY = datetime.date(2026, 2, 1)
KNOWN = datetime.datetime(2026, 2, 1, tzinfo=datetime.UTC)

facts = st.builds(
    Fact,
    stage=st.sampled_from(stages.COURSES["criminal"]),
    occurred_on=st.dates(datetime.date(2025, 1, 1), datetime.date(2026, 12, 31)),
    precision=st.sampled_from(["day", "month", "year", "by"]),
    known_at=st.integers(0, 500_000).map(lambda minutes: KNOWN + datetime.timedelta(minutes=minutes)),
)


@given(st.lists(facts, max_size=5, unique_by=lambda fact: fact.known_at), st.randoms())
def test_any_order_ends_in_the_same_place(known: list[Fact], chance: object) -> None:
    shuffled = list(known)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert stages.current("criminal", shuffled) == stages.current("criminal", known)


def test_a_month_comes_after_the_days_in_it() -> None:
    march = Fact(Stage.APPEAL, datetime.date(2026, 3, 1), "month", KNOWN)
    day = Fact(Stage.FIRST_INSTANCE, datetime.date(2026, 3, 20), "day", KNOWN)
    assert stages.current("criminal", [march, day]).stage == Stage.APPEAL


@pytest.mark.parametrize(
    ("kind", "before", "after", "odd"),
    [
        ("criminal", "detained", "charged", False),
        ("criminal", "first-instance", "serving", False),
        ("criminal", "serving", "cassation", False),
        ("criminal", "detained", "appeal", True),
        ("criminal", "serving", "detained", True),
        ("criminal", "ended", "investigation", True),
        ("administrative", "detained", "court", False),
        ("administrative", "court", "executed", False),
        ("administrative", "detained", "charged", True),
    ],
)
def test_odd_steps(kind: str, before: str, after: str, odd: bool) -> None:
    assert stages.is_odd(kind, before, after) is odd


def test_what_was_known_then() -> None:
    early = Fact(Stage.DETAINED, DAY, "day", KNOWN)
    late = Fact(Stage.CHARGED, DAY, "day", KNOWN + datetime.timedelta(days=5))
    assert stages.known_then([early, late], KNOWN) == [early]


_STEPS = [
    (Stage.DETAINED, DAY),
    (Stage.CHARGED, DAY + datetime.timedelta(days=3)),
    (Stage.INVESTIGATION, DAY + datetime.timedelta(days=4)),
]


@pytest.mark.parametrize("order", list(permutations(_STEPS)), ids=lambda order: "-".join(s for s, _ in order))
def test_facts_may_arrive_in_any_order(
    receive: Receive, coordinator: User, at: datetime.datetime, order: list[tuple[Stage, datetime.date]]
) -> None:
    case = receive(seeking=False)
    for number, (stage, on) in enumerate(order):
        record_stage(
            case=case,
            stage=stage,
            occurred_on=on,
            source=kinds.Source.FAMILY,
            reason="told later",
            by=coordinator,
            at=at + datetime.timedelta(minutes=number),
        )
    case.refresh_from_db()
    assert (case.stage, case.stage_on, case.in_custody) == ("investigation", _STEPS[-1][1], True)


def _record(case: Case, stage: Stage, by: User, at: datetime.datetime, **known: object) -> StageEvent:
    return record_stage(
        case=case,
        stage=stage,
        occurred_on=known.pop("on", DAY),  # type: ignore[arg-type]
        source=kinds.Source.COUNSEL,
        by=by,
        at=at,
        **known,  # type: ignore[arg-type]
    )


def test_an_odd_jump_asks_for_a_reason(receive: Receive, coordinator: User, at: datetime.datetime) -> None:
    case = receive(seeking=False)
    _record(case, Stage.DETAINED, coordinator, at)
    on = DAY + datetime.timedelta(days=9)
    with pytest.raises(OddJump) as refused:
        _record(case, Stage.APPEAL, coordinator, at, on=on)
    assert "Detained" in refused.value.text
    event = _record(case, Stage.APPEAL, coordinator, at, on=on, reason="the family learned of it late")
    with reading(coordinator.actor_id, "test"):
        assert event.reason == "the family learned of it late"


def test_a_stage_to_come_is_no_fact(receive: Receive, coordinator: User, at: datetime.datetime) -> None:
    case = receive(seeking=False)
    with pytest.raises(FutureFact):
        _record(case, Stage.DETAINED, coordinator, at, on=at.date() + datetime.timedelta(days=2))


def test_a_correction_takes_the_place_of_a_wrong_fact(
    receive: Receive, coordinator: User, at: datetime.datetime
) -> None:
    case = receive(seeking=False)
    event = _record(case, Stage.CHARGED, coordinator, at)
    correct_stage(event=event, stage=Stage.DETAINED, reason="misheard", by=coordinator, at=at)
    case.refresh_from_db()
    assert case.stage == "detained"
    assert StageEvent.objects.filter(case=case).count() == 2
    with pytest.raises(CorrectedAlready):
        correct_stage(event=event, reason="again", by=coordinator, at=at)
    newest = StageEvent.objects.get(corrects=event)
    correct_stage(event=newest, reason="nothing of it", by=coordinator, at=at)
    case.refresh_from_db()
    assert case.stage == ""


@pytest.mark.parametrize(
    "statement", ["update cases_stageevent set stage = 'ended'", "delete from cases_stageevent"]
)
def test_stage_events_never_change(
    receive: Receive, coordinator: User, at: datetime.datetime, statement: str
) -> None:
    _record(receive(seeking=False), Stage.DETAINED, coordinator, at)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
