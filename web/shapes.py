"""Which shape stands beside a status word. The word carries the meaning, the shape helps to scan."""

from enum import StrEnum


class Shape(StrEnum):
    """The six drawn shapes; the value is the class name in parts.css."""

    WAITING = "waiting"  # a ring: nothing has happened yet
    GOING = "going"  # half full: under way
    GOOD = "good"  # full: done, holds
    SOON = "soon"  # amber triangle: needs attention
    LATE = "late"  # rust triangle: overdue, failed, refused
    SHUT = "shut"  # square: ended, nothing to do


_STATES = {
    Shape.GOING: (
        "verified eligible seeking-counsel reopened asked offered processing approved committed advance "
        "running open checkout-open scheduled in-review part-paid"
    ),
    Shape.GOOD: (
        "represented accepted active paid settled paid-out reconciled held admitted filed published done "
        "matched finished received-in-full confirmed"
    ),
    Shape.SOON: "lapsing due short quarantine unmatched attestation-due disputed adjourned suspended",
    Shape.LATE: "late overdue failed rejected revoked refused lapsed lost declined attestation-refused error",
    Shape.SHUT: "closed not-eligible duplicate cancelled expired abandoned withdrawn ended released stopped",
}
SHAPES = {shape.value: shape for shape in Shape} | {
    state: shape for shape, states in _STATES.items() for state in states.split()
}


def shape_of(state: str) -> Shape:
    """The shape for a state of any model, or for a shape's own name; an unknown state is a ring."""
    return SHAPES.get(state.replace("_", "-"), Shape.WAITING)
