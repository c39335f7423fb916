"""Why this lawyer and not that one: the price of an override and the chain of cases it moves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lawyers.matching.codes import Ask, Reason, Stage
from lawyers.matching.facts import Lock
from lawyers.matching.filters import judge
from lawyers.matching.locks import LockProblem
from lawyers.matching.result import Result
from lawyers.matching.solve import solve


@dataclass(frozen=True, slots=True)
class Step:
    """One case that changes lawyers; nobody before or after when the side is empty."""

    need_id: str
    from_place_ids: tuple[str, ...]
    to_place_ids: tuple[str, ...]


@dataclass(frozen=True)
class WhyNot:
    """The answer to "why not this lawyer?".

    ``reasons`` refuse the pair, and ``price`` then says what it would cost all the same. ``price`` is the
    exact change of each stage in its own units (fit: more is better, all others: less), and ``moves`` counts
    the pairs that change. ``chain`` starts with the case asked about; each further step is a case displaced
    by, or moving into the room of, one before it.
    """

    reasons: tuple[Reason, ...]
    asks: tuple[Ask, ...]
    price: Mapping[Stage, int]
    moves: int
    chain: tuple[Step, ...]
    lock_problems: tuple[LockProblem, ...]
    """Faults that the override would bring in."""
    proved: bool
    """Both runs are proved optimal, so that the price is exact."""
    result: Result
    """The run with the override fixed."""


def why_not(result: Result, need_id: str, place_id: str) -> WhyNot:
    """Solve again with the pair fixed, staying as close to this proposal as the better stages allow.

    Takes as long as a run. Raises KeyError for an unknown id.
    """
    prepared = result.prepared
    need, place = prepared.needs[prepared.need_at[need_id]], prepared.places[prepared.place_at[place_id]]
    verdict = judge(need, place, prepared.problem.policy, prepared.problem.at)
    lock = Lock(need_id, place_id)
    again = solve(replace(prepared.problem, locks=(*prepared.problem.locks, lock), current=result.pairs))
    stages = [row.stage for row in again.stages if row.stage is not Stage.CHANGES]
    return WhyNot(
        reasons=verdict.reasons,
        asks=verdict.asks,
        price={stage: (again.value(stage) or 0) - (result.value(stage) or 0) for stage in stages},
        moves=len(again.pairs ^ result.pairs),
        chain=chain(result, again, need_id),
        lock_problems=tuple(each for each in again.lock_problems if each not in result.lock_problems),
        proved=all(row.proved for run in (result, again) for row in run.stages if row.stage in stages),
        result=again,
    )


def chain(before: Result, after: Result, need_id: str) -> tuple[Step, ...]:
    """Cases that change, in the order in which one makes room for or pushes out the next."""
    left, joined = before.pairs - after.pairs, after.pairs - before.pairs
    waiting, seen, steps = [need_id], {need_id}, []
    while waiting:
        at = waiting.pop(0)
        step = Step(at, places_of(left, at), places_of(joined, at))
        if step.from_place_ids or step.to_place_ids:
            steps.append(step)
        pushed = {n for n, p in left if p in step.to_place_ids}
        drawn = {n for n, p in joined if p in step.from_place_ids}
        following = [*sorted(pushed - seen), *sorted(drawn - pushed - seen)]
        seen.update(following)
        waiting.extend(following)
    return tuple(steps)


def places_of(pairs: frozenset[tuple[str, str]], need_id: str) -> tuple[str, ...]:
    return tuple(sorted(place for need, place in pairs if need == need_id))
