"""Thermometers: two looks at them, whenever taken, never show one known gift."""

import datetime
import itertools
import os
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from donations.totals import ROUND_TO_MINOR, raised
from tests import people
from treasury import batches
from treasury.actions.funds import open_fund
from treasury.actions.gifts import book_gift, close_batches_due
from treasury.kinds import FundKind
from treasury.models import Fund, Transfer

pytestmark = pytest.mark.django_db(transaction=True)
LEAST = 4
START = people.START
# An amount in tens of euro, or days that pass.
STEPS = st.lists(st.one_of(st.integers(1, 60), st.just("week")), min_size=4, max_size=18)


def story(steps: list[int | str], look: Callable[[Fund], int]) -> list[tuple[int, int]]:
    """After each step what a reader sees, and how many gifts were booked until then."""
    code = f"f{story.number}"  # type: ignore[attr-defined]
    story.number += 1  # type: ignore[attr-defined]
    fund = open_fund(
        code=code, name=code, kind=FundKind.CAMPAIGN, goal_minor=10_000_000, by=people.SETUP, at=START
    )
    at, gifts, seen = START, 0, [(0, 0)]
    for step in steps:
        if isinstance(step, str):
            at += datetime.timedelta(days=batches.LEAST_DAYS)
        else:
            gifts += 1
            book_gift(
                source_id=f"txn_{code}_{gifts}", fund=fund, gross_minor=step * 1_000, fee_minor=0,
                net_minor=step * 1_000, on=at.date(), by=people.SETUP, at=at,
            )  # fmt: skip
        close_batches_due(by=people.SETUP, at=at)
        seen.append((look(fund), gifts))
    return seen


story.number = 0  # type: ignore[attr-defined]


def revealing(seen: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pairs of looks whose difference comes from fewer gifts than a batch holds."""
    counted, found = 0, []
    for (before, _gifts), (after, gifts) in itertools.pairwise(seen):
        if after != before:
            if gifts - counted < LEAST:
                found.append((before, after))
            counted = gifts
    return found


@given(steps=STEPS)
@settings(max_examples=int(os.environ.get("TOTALS_EXAMPLES", "6")))
def test_no_two_looks_reveal_one_gift(steps: list[int | str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches, "LEAST_GIFTS", LEAST)
        seen = story(steps, lambda fund: raised(fund).shown_minor)
    assert not revealing(seen)
    assert all(shown % ROUND_TO_MINOR == 0 for shown, _gifts in seen)
    assert all(before <= after for (before, _a), (after, _b) in itertools.pairwise(seen))


def test_the_law_would_notice_a_thermometer_that_moves_with_each_gift() -> None:
    """The mutant: the same story, told by a sum over the open batch too."""

    def eager(fund: Fund) -> int:
        moved = Transfer.objects.filter(batch__fund=fund, category="gift", credit__kind="fund")
        return sum(moved.values_list("amount_minor", flat=True))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches, "LEAST_GIFTS", LEAST)
        assert revealing(story([5, 7, "week", 9, 11], eager))
        assert not revealing(story([5, 7, 9, 11, "week", 3], lambda fund: raised(fund).shown_minor))
