"""Who could defend whom: an exact matching of cases and lawyers that explains itself. Pure, without Django.

``solve(problem)`` proposes for all cases at once, ``shortlist_for(need, ...)`` ranks lawyers for one.
"""

from lawyers.matching.certificate import Certificate, certificates
from lawyers.matching.codes import Ask, Component, LockFault, Reason, Stage, Status
from lawyers.matching.explain import WhyNot, why_not
from lawyers.matching.facts import BadInput, Competence, Coverage, Days, Lock, Need, Place, Problem, Span
from lawyers.matching.identity import RunComparison, RunIdentity, RunSummary, compare_runs
from lawyers.matching.newcomer import RegionValue, value_by_region
from lawyers.matching.policy import Policy
from lawyers.matching.result import Result
from lawyers.matching.shortlist import Option, Shortlist, shortlist_for
from lawyers.matching.solve import solve

__all__ = [
    "Ask",
    "BadInput",
    "Certificate",
    "Competence",
    "Component",
    "Coverage",
    "Days",
    "Lock",
    "LockFault",
    "Need",
    "Option",
    "Place",
    "Policy",
    "Problem",
    "Reason",
    "RegionValue",
    "Result",
    "RunComparison",
    "RunIdentity",
    "RunSummary",
    "Shortlist",
    "Span",
    "Stage",
    "Status",
    "WhyNot",
    "certificates",
    "compare_runs",
    "shortlist_for",
    "solve",
    "value_by_region",
    "why_not",
]
