"""Nothing is called optimal on the solver's word: the proof refuses what is not."""

import numpy as np
import pytest

from lawyers.matching import Policy, search, solve
from lawyers.matching.arrays import IntArray
from lawyers.matching.network import Costs, Flow, Network, build, flow_through
from lawyers.matching.objectives import Pack, objectives, packed
from lawyers.matching.prepare import prepare
from lawyers.matching.proof import is_proved
from lawyers.matching.settle import NoPrices, prices, settled
from tests.matching.worlds import plain_need, plain_place, problem_of, random_problem


def solved(seed: int) -> tuple[Network, Pack, Flow, IntArray]:
    prepared = prepare(random_problem(seed))
    network = build(prepared, ())
    pack = packed(objectives(prepared, network), 16)
    nothing = flow_through(network, np.zeros(len(network.pair_need), np.bool_))
    zero, live = np.zeros(network.sink + 1, np.int64), np.flatnonzero(network.is_open)
    costs = pack.costs(len(pack.stages))
    flow, _ = settled(network, costs, nothing, zero, live)
    return network, pack, flow, prices(network, costs, flow)


@pytest.mark.parametrize("seed", range(0, 200, 2))
def test_a_worse_flow_has_no_proof(seed: int) -> None:
    """With one pair less it is worse in some stage or another, and neither old nor new prices prove it."""
    network, pack, best, price = solved(seed)
    stages, costs = [each.costs for each in pack.stages], pack.costs(len(pack.stages))
    assert is_proved(network, stages, best, pack.unpack(price))
    for at in np.flatnonzero(best.pair):
        used = best.pair.copy()
        used[at] = False
        less = flow_through(network, used)
        if [each.of(less) for each in stages] == [each.of(best) for each in stages]:
            continue
        assert not is_proved(network, stages, less, pack.unpack(price))
        with pytest.raises(NoPrices):
            prices(network, costs, less)


@pytest.mark.parametrize("seed", range(0, 60, 2))
def test_a_wrong_price_proves_nothing(seed: int) -> None:
    """A need's price moved beyond what its ways allow, in one stage only."""
    network, pack, best, price = solved(seed)
    stages, rows = [each.costs for each in pack.stages], pack.unpack(price)
    for need in np.unique(network.pair_need[best.pair]).tolist():
        wrong = [row.copy() for row in rows]
        wrong[0][need] += 1_000
        assert not is_proved(network, stages, best, wrong)


def test_a_flow_beyond_its_bounds_has_no_proof() -> None:
    prepared = prepare(problem_of([plain_need("n1"), plain_need("n2")], [plain_place(max_open=1)]))
    network = build(prepared, ())
    stages = [each.costs for each in objectives(prepared, network)]
    zero = [np.zeros(network.sink + 1, np.int64)] * len(stages)
    free = [Costs(each.pair * 0, each.short * 0, each.slot * 0) for each in stages]
    both = flow_through(network, np.ones(2, np.bool_))
    one = flow_through(network, np.asarray([True, False]))
    assert not is_proved(network, free, both, zero)
    assert is_proved(network, free, one, zero)
    assert not is_proved(network, free, Flow(one.pair, one.short, one.load - 1, one.gate), zero)


def test_a_solver_that_errs_is_never_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    def idle(network: Network, *_: object) -> tuple[Flow, IntArray]:
        used = np.zeros(len(network.pair_need), np.bool_)
        return flow_through(network, used), np.zeros(network.sink + 1, np.int64)

    def free(network: Network, *_: object) -> IntArray:
        return np.zeros(network.sink + 1, np.int64)

    monkeypatch.setattr(search, "settled", idle)
    with pytest.raises(search.NotProved):
        solve(problem_of([plain_need()], [plain_place()]))
    monkeypatch.setattr(search, "prices", free)
    with pytest.raises(search.NotProved):
        solve(problem_of([plain_need()], [plain_place()]))


def test_points_too_large_to_stay_exact_are_refused() -> None:
    policy = Policy(continuity_same_client=1 << 60)
    problem = problem_of([plain_need(previous=frozenset({"p1"}))], [plain_place()], policy=policy)
    with pytest.raises(OverflowError):
        solve(problem)


def test_a_packing_too_small_for_its_paths_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: with factors of one the stages run into each other, and the proof sees it."""
    monkeypatch.setattr(search, "packed", lambda stages, _: Pack(tuple(stages), (1,) * len(stages)))
    refused = 0
    for seed in range(20):
        try:
            solve(random_problem(seed))
        except search.NotProved:
            refused += 1
    assert refused > 5
