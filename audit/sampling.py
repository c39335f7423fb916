"""The auditors' sample by monetary unit, which nobody can steer.

The rule, so that anybody can draw it again (the stand-alone verifier does):

1. Items are pairs of an id and an amount in minor units; amounts are 0 or more, ids are unique. They are
   sorted by the UTF-8 bytes of their ids, and laid end to end: an item of 500 takes 500 units of money.
2. The seed is SHA-256(root ‖ nonce): the 32 bytes of a signed checkpoint's root, then the auditor's nonce
   in UTF-8. The organisation knows no nonce before the checkpoint is published, the auditor chooses none
   after seeing the items.
3. The total T is cut into n cells; cell k (from 0) has the units from ⌊kT/n⌋ up to but not including
   ⌊(k+1)T/n⌋. From each cell that is not empty one unit is drawn: ⌊kT/n⌋ + (SHA-256(seed ‖ k) mod the
   cell's length), k as eight bytes, big end first, the hash read as one big-endian number.
4. The item in which a unit lies is in the sample, with as many hits as units were drawn from it.

An item as large as two cells is drawn for certain.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True)
class Drawn:
    """One item of the sample; ``units`` are the drawn units of money, counted from 0."""

    id: str
    amount_minor: int
    units: tuple[int, ...]


def draw(items: Iterable[tuple[str, int]], *, root: bytes, nonce: str, size: int) -> list[Drawn]:
    """The sample, in the order of ids. Raises ValueError for items or a size that the rule forbids."""
    laid = sorted(items, key=lambda item: item[0].encode())
    _check(laid, root, size)
    ends = list(accumulate(amount for _id, amount in laid))
    total = ends[-1] if ends else 0
    seed = hashlib.sha256(root + nonce.encode()).digest()
    hits: dict[int, list[int]] = {}
    for cell in range(size):
        low, high = cell * total // size, (cell + 1) * total // size
        if high > low:
            drawn = int.from_bytes(hashlib.sha256(seed + cell.to_bytes(8, "big")).digest(), "big")
            unit = low + drawn % (high - low)
            hits.setdefault(bisect_right(ends, unit), []).append(unit)
    return [Drawn(*laid[place], tuple(units)) for place, units in sorted(hits.items())]


def _check(laid: list[tuple[str, int]], root: bytes, size: int) -> None:
    if len(root) != 32 or size < 1:
        raise ValueError("a root has 32 bytes, and a sample at least one cell")
    if len({key for key, _amount in laid}) != len(laid):
        raise ValueError("an id stands twice")
    if any(amount < 0 for _key, amount in laid):
        raise ValueError("an amount is negative")
