"""One run: prepare, search, and put what was found and proved into words."""

import hashlib

import numpy as np

from lawyers.matching.codes import Stage, Status
from lawyers.matching.facts import Problem
from lawyers.matching.identity import (
    SOLVER,
    RunIdentity,
    StageValue,
    canonical_text,
    input_hash,
    solver_version,
)
from lawyers.matching.objectives import Objective
from lawyers.matching.prepare import Prepared, prepare
from lawyers.matching.result import (
    Assignment,
    Result,
    assignments_of,
    minimum_shortfalls_of,
    shortfalls_of,
)
from lawyers.matching.search import Found, Search


def solve(problem: Problem) -> Result:
    """The best lawful proposal for all cases at once, with its proof.

    Raises ``stages.NotProved`` rather than returning a result that failed its proof, and ``OverflowError``
    when a policy's points are too large to stay exact.
    """
    prepared = prepare(problem)
    found = Search(prepared).run()
    assignments = assignments_of(prepared, found.flow)
    return Result(
        prepared=prepared,
        flow=found.flow,
        relaxed=found.relaxed,
        identity=identity_of(prepared, found, assignments),
        assignments=assignments,
        shortfalls=shortfalls_of(prepared, found.flow),
        minimum_shortfalls=minimum_shortfalls_of(prepared, found.flow),
    )


def identity_of(prepared: Prepared, found: Found, assignments: tuple[Assignment, ...]) -> RunIdentity:
    values = tuple(stage_value(prepared, each, found, assignments) for each in found.stages)
    pairs = sorted((row.need_id, row.place_id, row.fixed) for row in assignments)
    return RunIdentity(
        inputs_sha256=input_hash(prepared.problem),
        policy_version=prepared.problem.policy.version,
        solver=SOLVER,
        solver_version=solver_version(),
        status=Status.OPTIMAL if all(row.proved for row in values) else Status.GAP,
        stages=values,
        result_sha256=hashlib.sha256(canonical_text(pairs).encode()).hexdigest(),
    )


def stage_value(
    prepared: Prepared, each: Objective, found: Found, assignments: tuple[Assignment, ...]
) -> StageValue:
    """From the cost of the free part to the stage's own units, fixed pairs included."""
    sign = -1 if each.stage is Stage.FIT else 1
    constant = constant_of(prepared, each.stage, assignments)
    bound = found.bounds[each.stage]
    value = constant + sign * each.costs.of(found.flow)
    return StageValue(each.stage, value, None if bound is None else constant + sign * bound)


def constant_of(prepared: Prepared, stage: Stage, assignments: tuple[Assignment, ...]) -> int:
    """What a stage has before anything is proposed."""
    fixed = {(row.need_id, row.place_id) for row in assignments if row.fixed}
    if stage is Stage.MINIMUM:
        return int(prepared.minimum.sum())
    if stage is Stage.FIT:
        return sum(row.fit for row in assignments if row.fixed)
    if stage is Stage.LOAD:
        return int(np.square(prepared.load).sum())
    if stage is Stage.CHANGES:
        return len(prepared.problem.current - fixed) + len(fixed - prepared.problem.current)
    return 0
