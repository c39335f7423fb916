"""The organisation's choices. Precedence of the stages is not among them: it is fixed in ``codes.Stage``, but
for a repair (``steady``), where fewest changes come before fit."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Points and limits of a run; stored with it, so a change needs a new ``version``.

    ``urgency_by_hours`` are pairs of hours and points; the first row that a hearing falls within counts, a
    case without a known hearing gets ``urgency_later``. Only the order of cases that compete for the same
    lawyer depends on these points. ``hearing_gap_minutes`` is kept free between two hearings of a lawyer.
    ``assumed_room`` stands for a lawyer whose capacity is unknown. ``forbidden_risks`` are pairs of a case's
    risk and a lawyer's risk flag. ``time_limit_s`` bounds the search where clashes make it hard.
    A ``steady`` run repairs a plan: who is covered still comes first, then the fewest changes of the current
    proposal, and only then fit and fair loads.
    """

    version: str = "2026-1"
    urgency_by_hours: tuple[tuple[int, int], ...] = ((48, 48), (7 * 24, 32), (14 * 24, 16), (30 * 24, 8))
    urgency_later: int = 4
    urgency_custody: int = 8
    urgency_minor: int = 16
    urgency_illness: int = 8
    competence_family: int = 10
    competence_severity: int = 10
    competence_instance: int = 10
    locality_court: int = 20
    locality_region: int = 15
    locality_journey: int = 5
    language_shared: int = 10
    continuity_same_client: int = 40
    hearing_gap_minutes: int = 30
    assumed_room: int = 1
    forbidden_risks: frozenset[tuple[str, str]] = frozenset()
    time_limit_s: float = 20.0
    shortlist_length: int = 5
    steady: bool = False
