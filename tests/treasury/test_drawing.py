"""The fixed order of drawing, as a property: nothing is taken further on while something is left before."""

from hypothesis import given
from hypothesis import strategies as st

from treasury.drawing import Draw, Lots, plan
from treasury.kinds import DRAWING_ORDER, FundKind

FREE = st.lists(st.integers(0, 50), max_size=8)


@given(need=st.integers(0, 300), free=FREE)
def test_the_earlier_source_is_used_up_first(need: int, free: list[int]) -> None:
    draws, missing = plan(need, list(enumerate(free)))
    assert sum(draw.amount_minor for draw in draws) + missing == need
    assert missing == max(need - sum(free), 0)
    taken = {draw.fund: draw.amount_minor for draw in draws}
    assert [draw.fund for draw in draws] == sorted(taken)
    for place, amount in taken.items():
        assert 0 < amount <= free[place]
        assert all(taken.get(before, 0) == free[before] for before in range(place))


@given(free=FREE, needs=st.lists(st.integers(0, 40), max_size=5))
def test_the_oldest_batch_is_used_up_first(free: list[int], needs: list[int]) -> None:
    lots, taken = Lots(enumerate(free)), dict.fromkeys(range(len(free)), 0)
    for need in needs:
        if need > sum(free) - sum(taken.values()):
            break
        for batch, part in lots.take(need):
            taken[batch] += part
            assert all(taken[before] == free[before] for before in range(batch))
    assert all(taken[batch] <= free[batch] for batch in taken)


def test_case_before_group_or_campaign_before_grant_before_general() -> None:
    order = sorted(DRAWING_ORDER, key=lambda kind: DRAWING_ORDER[kind])
    assert order[0] == FundKind.CASE
    assert set(order[1:3]) == {FundKind.GROUP, FundKind.CAMPAIGN}
    assert order[3:] == [FundKind.GRANT, FundKind.GENERAL]
    assert set(FundKind) - set(order) == {FundKind.RESERVE, FundKind.PLEDGE}
    assert Draw("fund", 1).ahead is False
