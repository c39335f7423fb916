"""Who could defend whom: an exact matching of cases and lawyers that explains itself. Pure, without Django.

``solve(problem)`` proposes for all cases at once, ``shortlist_for(need, ...)`` ranks lawyers for one.
"""

from lawyers.matching.codes import Ask, Component, LockFault, Reason, Stage, Status
from lawyers.matching.explain import why_not
from lawyers.matching.facts import BadInput, Competence, Coverage, Days, Lock, Need, Place, Problem, Span
from lawyers.matching.identity import RunIdentity, compare_runs
from lawyers.matching.policy import Policy
from lawyers.matching.result import Result
from lawyers.matching.shortlist import shortlist_for
from lawyers.matching.solve import solve

__all__ = [
    "Ask",
    "BadInput",
    "Competence",
    "Component",
    "Coverage",
    "Days",
    "Lock",
    "LockFault",
    "Need",
    "Place",
    "Policy",
    "Problem",
    "Reason",
    "Result",
    "RunIdentity",
    "Span",
    "Stage",
    "Status",
    "compare_runs",
    "shortlist_for",
    "solve",
    "why_not",
]
