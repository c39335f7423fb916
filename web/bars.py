"""Widths of bars as whole per cents and class names, because the policy forbids style attributes."""

from collections.abc import Sequence
from dataclasses import dataclass

KINDS = 4


@dataclass(frozen=True)
class Slice:
    """One part of a stacked bar: ``kind`` 1 to 4 chooses the fill, ``percent`` the width."""

    kind: int
    percent: int

    @property
    def css(self) -> str:
        """Class names: the fill, tens and units of a per cent."""
        tens, units = divmod(self.percent, 10)
        names = [f"k{self.kind}", f"t{tens}" if tens else "", f"u{units}" if units else ""]
        return " ".join(name for name in names if name)


def slices(parts: Sequence[int], whole: int | None = None) -> list[Slice]:
    """Cut a bar into at most four parts of ``whole`` (their sum when left out or exceeded).

    The widths never exceed a hundred together, and a part that is not zero is always seen.
    Raises ValueError for a negative part or a fifth one.
    """
    if len(parts) > KINDS or any(part < 0 for part in parts):
        raise ValueError("a stacked bar takes at most four parts, none below zero")
    full = max(whole or 0, sum(parts))
    if not full:
        return []
    widths = _seen(parts, _edges(parts, full))
    return [Slice(kind, width) for kind, width in enumerate(widths, start=1) if width]


def _edges(parts: Sequence[int], full: int) -> list[int]:
    """Round the edges, not the widths, so that rounding errors do not add up."""
    widths, before, reached = [], 0, 0
    for part in parts:
        reached += part
        edge = (200 * reached + full) // (2 * full)
        widths.append(edge - before)
        before = edge
    return widths


def _seen(parts: Sequence[int], widths: list[int]) -> list[int]:
    for place, part in enumerate(parts):
        if part and not widths[place]:
            widths[place] = 1
            if sum(widths) > 100:
                widths[widths.index(max(widths))] -= 1
    return widths
