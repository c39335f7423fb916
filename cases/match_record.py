"""A finished run as JSON of ids and figures, for its page; no queries."""

from collections.abc import Iterable
from typing import Any

from lawyers.matching import Result
from lawyers.matching.certificate import Certificate, certificates
from lawyers.matching.shortlist import Option

# Beyond this many cases the shortlists are worked out when somebody looks, not kept.
MOST_EXPLAINED = 2_000


def stages(result: Result) -> dict[str, dict[str, int | None]]:
    """Value and proved bound of each stage."""
    return {str(row.stage): {"value": row.value, "bound": row.bound} for row in result.stages}


def kept(result: Result) -> dict[str, Any]:
    """What the match page shows of the run as a whole and of each of its cases."""
    return {
        "result_sha256": result.identity.result_sha256,
        "solver_version": result.identity.solver_version,
        "lock_problems": [
            {"need": row.lock.need_id, "place": row.lock.place_id, "fault": str(row.fault)}
            for row in result.lock_problems
        ],
        "shortfalls": [
            {
                "need": row.need_id,
                "missing": row.missing,
                "uncovered": row.uncovered,
                "eligible": row.eligible,
            }
            for row in result.shortfalls
        ],
        "certificates": [_certificate(row) for row in certificates(result)],
        "asks": {row.need_id: [str(ask) for ask in row.asks] for row in result.assignments if row.asks},
        "cases": _cases(result),
    }


def _cases(result: Result) -> dict[str, Any]:
    needs = result.prepared.needs
    if len(needs) > MOST_EXPLAINED:
        return {}
    return {
        need.id: {
            "options": [_option(option) for option in result.shortlist(need.id)],
            "refused": {str(reason): count for reason, count in result.refused_counts(need.id).items()},
        }
        for need in needs
    }


def _option(option: Option) -> dict[str, Any]:
    return {
        "place": option.place_id,
        "fit": option.fit,
        "parts": parts(option.parts),
        "asks": [str(ask) for ask in option.asks],
        "load": option.load,
        "room": option.room,
        "chosen": option.chosen,
    }


def _certificate(row: Certificate) -> dict[str, Any]:
    return {
        "needs": list(row.need_ids),
        "missing": list(row.missing_ids),
        "places": list(row.place_ids),
        "seats": row.seats,
        "capacity": row.capacity,
    }


def parts(rows: Iterable[tuple[Any, int]]) -> dict[str, int]:
    """Components of a fit; they add up to it."""
    return {str(component): points for component, points in rows}
