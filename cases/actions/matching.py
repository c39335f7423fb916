"""Match runs: solved outside any transaction, then stored with what they were made of; a human decides."""

import datetime
import time
import uuid
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from cases import counters, kinds, match_record, matches
from cases.models import Exclusion, MatchProposal, MatchRun
from cases.models.case_lists import CaseQuerySet
from lawyers.matching import Policy, Problem, Result, Status, solve
from lawyers.models import Lawyer

# Scored pairs are kept this long; decisions stay.
RESULTS_LAST = datetime.timedelta(days=30)


class NobodyToMatch(DomainError):
    code = "nobody-to-match"
    message = _("No case waits for counsel, so there is nothing to propose.")


class DecidedAlready(DomainError):
    code = "decided-already"
    message = _("This proposal was decided already. Reload the page to see how.")


class NobodyChosen(DomainError):
    code = "nobody-chosen"
    message = _("Choose another lawyer of the panel who is not excluded from this client.")


def run_match(
    *,
    cases: CaseQuerySet | None = None,
    policy: Policy | None = None,
    by: Actor,
    at: datetime.datetime,
) -> MatchRun:
    """Solve for all cases that wait for counsel and store the run. Raises NobodyToMatch.

    The solver runs before the transaction begins, as it may take seconds and the lock would wait for it;
    what has changed since is checked when somebody is asked.
    """
    problem, result, milliseconds = solved(cases=cases, policy=policy, at=at)
    return store_run(problem=problem, result=result, milliseconds=milliseconds, by=by, at=at)


def solved(
    *, cases: CaseQuerySet | None = None, policy: Policy | None = None, at: datetime.datetime
) -> tuple[Problem, Result, int]:
    """The problem as it stands, its result, and the solver's time in milliseconds. Raises NobodyToMatch."""
    problem = matches.problem_now(at, cases=cases, policy=policy)
    if not problem.needs:
        raise NobodyToMatch()
    began = time.perf_counter()
    result = solve(problem)
    return problem, result, int((time.perf_counter() - began) * 1000)


@action("match.stored")
def store_run(
    *, problem: Problem, result: Result, milliseconds: int = 0, by: Actor, at: datetime.datetime
) -> MatchRun:
    """Keep a run: its identity, a proposal for each case (or nobody), and its explanations."""
    (number,) = counters.take("match")
    identity = result.identity
    missing = {row.need_id for row in result.shortfalls if row.uncovered}
    run = MatchRun(
        number=number,
        solved_at=at,
        solved_by=by.actor_id,
        inputs_sha256=identity.inputs_sha256,
        solver=f"{identity.solver} {identity.solver_version}"[:120],
        status=identity.status,
        bound=match_record.stages(result),
        policy=_policy(problem.policy),
        needs=len(problem.needs),
        places=len(problem.places),
        placed=len(problem.needs) - len(missing),
        milliseconds=milliseconds,
        result=match_record.kept(result),
    )
    run.save()
    MatchProposal.objects.insert_many(_proposals(run, result, missing))
    touch(run.id)
    fact(
        number=number,
        inputs_sha256=run.inputs_sha256,
        result_sha256=identity.result_sha256,
        optimal=identity.status == Status.OPTIMAL,
        placed=run.placed,
        needs=run.needs,
    )
    return run


@action("match.decided")
def decide_proposal(
    *,
    proposal: MatchProposal,
    decision: kinds.Decision,
    chosen: Lawyer | None = None,
    by: Actor,
    at: datetime.datetime,
) -> MatchProposal:
    """Accept (to be asked), refuse, or choose somebody else. The next run keeps what was decided.

    Raises DecidedAlready, NobodyChosen.
    """
    proposal.refresh_from_db()
    if proposal.decision != kinds.Decision.OPEN or decision == kinds.Decision.OPEN:
        raise DecidedAlready()
    _refuse_nobody(proposal, decision, chosen)
    proposal.decision, proposal.chosen = decision, chosen
    proposal.decided_at, proposal.decided_by = at, by.actor_id
    proposal.save()
    touch(proposal.case_id, proposal.run_id)
    fact(decision=decision)
    return proposal


@action("match.scores_dropped")
def drop_old_results(*, before: datetime.datetime | None = None, by: Actor, at: datetime.datetime) -> int:
    """Delete the scored pairs of runs from before a moment, or over thirty days old; how many runs."""
    old = [run for run in MatchRun.objects.filter(solved_at__lt=before or at - RESULTS_LAST) if run.result]
    for run in old:
        run.result = {}
        run.save()
        touch(run.id)
    fact(runs=len(old))
    return len(old)


def _refuse_nobody(proposal: MatchProposal, decision: kinds.Decision, chosen: Lawyer | None) -> None:
    replaced = decision == kinds.Decision.REPLACED
    if replaced != (chosen is not None) or (decision == kinds.Decision.ACCEPTED and not proposal.lawyer_id):
        raise NobodyChosen()
    if (
        chosen is not None
        and Exclusion.objects.filter(lawyer=chosen, client__cases=proposal.case_id).exists()
    ):
        raise NobodyChosen()


def _policy(policy: Policy) -> dict[str, Any]:
    return {
        **asdict(policy),
        "urgency_by_hours": [list(row) for row in policy.urgency_by_hours],
        "forbidden_risks": sorted(list(row) for row in policy.forbidden_risks),
    }


def _proposals(run: MatchRun, result: Result, missing: set[str]) -> list[MatchProposal]:
    rows = [
        MatchProposal(
            run=run,
            case_id=uuid.UUID(row.need_id),
            lawyer_id=uuid.UUID(row.place_id),
            fit=row.fit,
            components=match_record.parts(row.parts),
            is_lock=row.fixed,
        )
        for row in result.assignments
    ]
    rows += [MatchProposal(run=run, case_id=uuid.UUID(need_id)) for need_id in sorted(missing)]
    return rows
