"""Which run was this: hashes of inputs and result, policy, solver, bounds; and two runs compared."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from importlib.metadata import version
from typing import Any

from lawyers.matching.codes import Stage, Status
from lawyers.matching.facts import Problem

SOLVER = "abarona-matching/2 scipy.csgraph"
"""Raise the number when the same inputs may give another result."""


@dataclass(frozen=True, slots=True)
class StageValue:
    """Value and proved bound of a stage in its own units; no bound when the search ended before it."""

    stage: Stage
    value: int
    bound: int | None

    @property
    def proved(self) -> bool:
        return self.value == self.bound


@dataclass(frozen=True, slots=True)
class RunIdentity:
    """What makes a run repeatable: the same inputs, policy and solver give the same result."""

    inputs_sha256: str
    policy_version: str
    solver: str
    solver_version: str
    status: Status
    stages: tuple[StageValue, ...]
    result_sha256: str

    @property
    def digest(self) -> str:
        """SHA-256 over all of the above."""
        return hashlib.sha256(canonical_text(self).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RunSummary:
    """Enough of a run to compare it with another: who was proposed for which case, who is missing."""

    identity: RunIdentity
    pairs: frozenset[tuple[str, str]]
    missing: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RunComparison:
    """The second run against the first; ``stages`` hold both values, None where a run lacks the stage."""

    same_inputs: bool
    same_policy: bool
    same_solver: bool
    stages: tuple[tuple[Stage, int | None, int | None], ...]
    added: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]
    newly_missing: tuple[str, ...]
    no_longer_missing: tuple[str, ...]


def compare_runs(first: RunSummary, second: RunSummary) -> RunComparison:
    """What differs between two runs, and whether their inputs do."""
    one, two = first.identity, second.identity
    before = {row.stage: row.value for row in one.stages}
    after = {row.stage: row.value for row in two.stages}
    return RunComparison(
        same_inputs=one.inputs_sha256 == two.inputs_sha256,
        same_policy=one.policy_version == two.policy_version,
        same_solver=(one.solver, one.solver_version) == (two.solver, two.solver_version),
        stages=tuple((s, before.get(s), after.get(s)) for s in Stage if s in before or s in after),
        added=tuple(sorted(second.pairs - first.pairs)),
        removed=tuple(sorted(first.pairs - second.pairs)),
        newly_missing=tuple(sorted(set(second.missing) - set(first.missing))),
        no_longer_missing=tuple(sorted(set(first.missing) - set(second.missing))),
    )


def input_hash(problem: Problem) -> str:
    """SHA-256 over the canonical text: the order of rows and sets does not matter, every fact does."""
    rows = sorted(canonical_text(need) for need in problem.needs)
    rows += sorted(canonical_text(place) for place in problem.places)
    rows += [canonical_text(sorted(set(problem.locks))), canonical_text(problem.current)]
    rows += [canonical_text(problem.policy), canonical_text(problem.at)]
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


@cache
def solver_version() -> str:
    return version("scipy")


def canonical_text(value: object) -> str:
    return json.dumps(plain(value), ensure_ascii=True, separators=(",", ":"), sort_keys=True)


PLAIN = frozenset((str, int, float, bool, type(None)))


@lru_cache
def names_of(kind: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


def plain(value: Any) -> Any:
    """JSON values; sets are sorted by their text, moments are told in UTC, a dataclass names its type."""
    kind: Any = type(value)
    if kind in PLAIN or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return [kind.__name__, *[plain(getattr(value, name)) for name in names_of(kind)]]
    rows = [plain(each) for each in value]
    return sorted(rows, key=json.dumps) if len(rows) > 1 and isinstance(value, frozenset | set) else rows
