"""Which money pays: pure decisions over amounts, no queries.

Funds are drawn on in a fixed order: those for the case, for its group or campaign, grants, the general
fund. Within one fund the oldest batch pays first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Fund = TypeVar("Fund")
Batch = TypeVar("Batch")


@dataclass(frozen=True)
class Draw(Generic[Fund]):
    """An amount from one fund; ``ahead`` of an instalment that is signed and has not come."""

    fund: Fund
    amount_minor: int
    ahead: bool = False


def plan(need_minor: int, sources: Iterable[tuple[Fund, int]]) -> tuple[list[Draw[Fund]], int]:
    """Draw what is needed from (fund, free amount) in their order; the draws and what is missing."""
    draws = []
    left = need_minor
    for fund, free_minor in sources:
        part = min(left, free_minor)
        if part > 0:
            draws.append(Draw(fund, part))
            left -= part
    return draws, left


class Lots(Generic[Batch]):
    """The lots of one fund, oldest first, as they are used up within one journal."""

    def __init__(self, lots: Iterable[tuple[Batch, int]]) -> None:
        self._left = list(lots)

    def take(self, amount_minor: int) -> list[tuple[Batch, int]]:
        """Take an amount. Raises ValueError if the lots hold less, which the books never allow."""
        taken: list[tuple[Batch, int]] = []
        for place, (batch, left) in enumerate(self._left):
            part = min(amount_minor, left)
            if part > 0:
                taken.append((batch, part))
                self._left[place] = (batch, left - part)
                amount_minor -= part
        if amount_minor:
            raise ValueError("a fund's lots hold less than its balance")
        return taken
