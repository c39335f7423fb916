"""Matching beside bare assignment and beside arrival order: ``python -m tests.bench.bench_matching``."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from lawyers.matching import Result, Stage, certificates, shortlist_for, solve, value_by_region, why_not
from lawyers.matching.prepare import Prepared, prepare
from tests.bench.matching_world import (
    LARGE,
    SMALL,
    Shape,
    bare_assignment,
    explain_all,
    greedy,
    problem,
    sparse_assignment,
)

Answer = TypeVar("Answer")
SEEDS = [int(seed) for seed in os.environ.get("SEEDS", "1").split(",")]
"""Worlds to measure, the small one with the first: SEEDS=1,2,3."""


def timed(call: Callable[[], Answer]) -> tuple[float, Answer]:
    """Seconds of the processor, so that a busy machine does not change the figures."""
    began = time.process_time()
    answer = call()
    return time.process_time() - began, answer


def line(what: str, seconds: float, note: str = "") -> None:
    print(f"  {what:<52} {seconds:9.3f} s  {note}", flush=True)


def describe(result: Result) -> str:
    stages = " ".join(f"{row.stage}={row.value}" for row in result.stages)
    return f"{result.status}; {len(result.assignments)} pairs, {len(result.shortfalls)} short; {stages}"


def whole(shape: Shape, seed: int) -> tuple[float, Result]:
    """A run with all explanations, from facts to words."""
    given = problem(shape, seed)
    # As long as a proof takes, to measure it; what a page waits for is the policy's own limit.
    given = replace(given, policy=replace(given.policy, time_limit_s=600))
    solving, result = timed(lambda: solve(given))
    explaining, told = timed(lambda: explain_all(result))
    cutting, cuts = timed(lambda: certificates(result))
    valuing, values = timed(lambda: value_by_region(result))
    pairs = len(result.prepared.pairs.need)
    print(f"{shape.needs} cases, {shape.places} lawyers, {pairs} eligible pairs, seed {seed}")
    line("solve, proved", solving, describe(result))
    line("explain every case", explaining, f"{told['options']} options, {told['reasons']} reasons")
    line("certificates", cutting, f"{len(cuts)} cuts")
    line("one more lawyer, by region", valuing, f"{len(values)} regions")
    total = solving + explaining + cutting + valuing
    line("TOTAL with explanations", total)
    return total, result


def yardsticks(total: float, result: Result, assignment: Callable[[Prepared], int]) -> None:
    """The same problem by scipy alone, for coverage and fit without limits, and by arrival order."""
    preparing, prepared = timed(lambda: prepare(result.prepared.problem))
    line("of which: judge and measure all pairs", preparing)
    bare, _ = timed(lambda: assignment(prepared))
    line("bare scipy assignment (yardstick)", bare, f"the whole run is {total / bare:.1f} times as long")
    arriving, (fit, missing) = timed(lambda: greedy(prepared))
    best, short = result.value(Stage.FIT) or 0, sum(row.missing for row in result.shortfalls)
    note = f"{100 * (best - fit) / best:.1f} % less fit; {missing} lawyers missing, against {short}"
    line("arrival order (yardstick)", arriving, note)


def main() -> None:
    total, result = whole(SMALL, SEEDS[0])
    yardsticks(total, result, bare_assignment)
    prepared, need = result.prepared, result.prepared.needs[0]
    one, _ = timed(
        lambda: shortlist_for(need, prepared.places, policy=prepared.problem.policy, at=prepared.problem.at)
    )
    line("live shortlist of one case", one)
    pair = result.shortlist(need.id)[-1].place_id
    asking, answer = timed(lambda: why_not(result, need.id, pair))
    line("price of one override, solved again", asking, f"chain of {len(answer.chain)}")
    for seed in SEEDS:
        total, result = whole(LARGE, seed)
        yardsticks(total, result, sparse_assignment)


if __name__ == "__main__":
    main()
