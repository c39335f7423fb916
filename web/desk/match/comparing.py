"""Two runs beside each other: what they were given, what they reached, which pairs differ."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.models import MatchRun
from lawyers import wording
from lawyers.matching import RunIdentity, RunSummary, Stage, Status, compare_runs
from lawyers.matching.identity import StageValue
from web.desk.match.sight import Names
from web.loading import load, person, room

_MOST = 200


@require_safe
@room("match.see")
def compare(request: HttpRequest, key: uuid.UUID, other: uuid.UUID) -> HttpResponse:
    """The later run against the earlier one."""
    rows = [load(MatchRun.objects.all(), one) for one in (key, other)]
    first, second = sorted(rows, key=lambda run: run.number)
    found = compare_runs(summary(first), summary(second))
    pairs = [*found.removed[:_MOST], *found.added[:_MOST]]
    cases = {need for need, _place in pairs} | {*found.newly_missing, *found.no_longer_missing}
    names = Names(person(request), cases, {place for _need, place in pairs})
    return render(
        request,
        "desk/match/compare.html",
        {
            "first": first,
            "second": second,
            "found": found,
            "stages": [
                (wording.word(wording.STAGES, stage), before, after) for stage, before, after in found.stages
            ],
            "changes": _changes(found.removed, found.added, names),
            "newly_missing": [names.case(ref) for ref in found.newly_missing],
            "no_longer_missing": [names.case(ref) for ref in found.no_longer_missing],
        },
    )


def summary(run: MatchRun) -> RunSummary:
    """A stored run as the solver compares it. What was left without counsel is read off the proposals."""
    proposals = list(run.proposals.values_list("case", "lawyer"))
    identity = RunIdentity(
        inputs_sha256=run.inputs_sha256,
        policy_version=str(run.policy.get("version", "")),
        solver=run.solver,
        solver_version="",
        status=Status(run.status),
        stages=tuple(
            StageValue(stage, row["value"], row["bound"])
            for stage in Stage
            if (row := run.bound.get(stage)) is not None
        ),
        result_sha256=str(run.result.get("result_sha256", "")),
    )
    pairs = frozenset((str(case), str(lawyer)) for case, lawyer in proposals if lawyer is not None)
    return RunSummary(identity, pairs, {str(case): 1 for case, lawyer in proposals if lawyer is None})


def _changes(
    removed: tuple[tuple[str, str], ...], added: tuple[tuple[str, str], ...], names: Names
) -> list[tuple[str, str, str]]:
    """(case, lawyer before, lawyer after) for each case that differs; "" where nobody is."""
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for side, pairs in ((before, removed[:_MOST]), (after, added[:_MOST])):
        for need, place in pairs:
            side.setdefault(need, []).append(names.lawyer(place))
    rows = [
        (names.case(need), ", ".join(before.get(need, [])), ", ".join(after.get(need, [])))
        for need in {**before, **after}
    ]
    return sorted(rows)
