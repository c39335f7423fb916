"""Matching beside bare assignment and beside arrival order: ``python -m tests.bench.bench_matching``."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from lawyers.matching import Result, Stage, certificates, shortlist_for, solve, value_by_region, why_not
from lawyers.matching.prepare import prepare
from tests.bench.matching_world import LARGE, SMALL, Shape, bare_assignment, explain_all, greedy, problem

Answer = TypeVar("Answer")


def timed(call: Callable[[], Answer]) -> tuple[float, Answer]:
    began = time.perf_counter()
    answer = call()
    return time.perf_counter() - began, answer


def line(what: str, seconds: float, note: str = "") -> None:
    print(f"  {what:<52} {seconds:9.3f} s  {note}", flush=True)


def describe(result: Result) -> str:
    stages = " ".join(f"{row.stage}={row.value}" for row in result.stages)
    return f"{result.status}; {len(result.assignments)} pairs, {len(result.shortfalls)} short; {stages}"


def whole(shape: Shape) -> tuple[float, Result]:
    """A run with all explanations, from facts to words."""
    given = problem(shape)
    # As long as a proof takes, to measure it; what a page waits for is the policy's own limit.
    given = replace(given, policy=replace(given.policy, time_limit_s=600))
    solving, result = timed(lambda: solve(given))
    explaining, told = timed(lambda: explain_all(result))
    cutting, cuts = timed(lambda: certificates(result))
    valuing, values = timed(lambda: value_by_region(result))
    print(f"{shape.needs} cases, {shape.places} lawyers, {len(result.prepared.pairs.need)} eligible pairs")
    line("solve, proved", solving, describe(result))
    line("explain every case", explaining, f"{told['options']} options, {told['reasons']} reasons")
    line("certificates", cutting, f"{len(cuts)} cuts")
    line("one more lawyer, by region", valuing, f"{len(values)} regions")
    total = solving + explaining + cutting + valuing
    line("TOTAL with explanations", total)
    return total, result


def main() -> None:
    total, result = whole(SMALL)
    preparing, prepared = timed(lambda: prepare(problem(SMALL)))
    line("of which: judge and measure all pairs", preparing)
    bare, _ = timed(lambda: bare_assignment(prepared))
    line("bare scipy assignment (yardstick)", bare, f"the whole run is {total / bare:.1f} times as long")
    arriving, (fit, missing) = timed(lambda: greedy(prepared))
    best, short = result.value(Stage.FIT) or 0, sum(row.missing for row in result.shortfalls)
    note = f"{100 * (best - fit) / best:.1f} % less fit; {missing} lawyers missing, against {short}"
    line("arrival order (yardstick)", arriving, note)
    need = result.prepared.needs[0]
    one, _ = timed(
        lambda: shortlist_for(need, prepared.places, policy=prepared.problem.policy, at=prepared.problem.at)
    )
    line("live shortlist of one case", one)
    pair = result.shortlist(need.id)[-1].place_id
    asking, answer = timed(lambda: why_not(result, need.id, pair))
    line("price of one override, solved again", asking, f"chain of {len(answer.chain)}")
    whole(LARGE)


if __name__ == "__main__":
    main()
