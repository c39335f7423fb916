"""Inclusion and consistency proofs (RFC 9162, sections 2.1.3 and 2.1.4) from the stored subtrees.

A proof is a list of hashes, each the root of a range of leaves; a range that is no complete subtree is
folded from the complete ones in it.
"""

from collections.abc import Iterable

from django.db.models import Q

from audit import log
from audit.merkle import node_hash
from audit.models import Event, Node

Range = tuple[int, int]  # first leaf, and the one after the last


class NoSuchPlace(LookupError):
    """The log has no such event, or no such size."""


def inclusion(index: int, size: int) -> list[bytes]:
    """The audit path of one leaf in the tree of a size. Raises NoSuchPlace."""
    if not 0 <= index < size or size > log.head()[0]:
        raise NoSuchPlace(f"{index} in {size}")
    return _hashes(inclusion_ranges(index, size))


def consistency(first: int, second: int) -> list[bytes]:
    """That the tree of the first size is the beginning of that of the second. Raises NoSuchPlace."""
    if not 0 < first <= second or second > log.head()[0]:
        raise NoSuchPlace(f"{first} in {second}")
    return _hashes(consistency_ranges(first, second))


def place_of(leaf: bytes) -> int:
    """The sequence number of the event with this leaf hash. Raises NoSuchPlace."""
    found = Node.objects.filter(level=0, hash=leaf).values_list("index", flat=True).first()
    if found is None or not Event.objects.filter(seq=found).exists():
        raise NoSuchPlace(leaf.hex())
    return int(found)


def leaf_at(index: int) -> bytes:
    """The leaf hash of an event. Raises NoSuchPlace."""
    found = Node.objects.filter(level=0, index=index).values_list("hash", flat=True).first()
    if found is None:
        raise NoSuchPlace(str(index))
    return bytes(found)


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The sibling ranges on the way up from a leaf, the lowest first."""
    low, high, found = 0, size, []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            found.append((middle, high))
            high = middle
        else:
            found.append((low, middle))
            low = middle
    return found[::-1]


def consistency_ranges(first: int, second: int) -> list[Range]:
    """The ranges that both trees are built from, in the order of RFC 9162."""
    low, high, whole, found = 0, second, True, []
    while first != high:
        middle = low + _split(high - low)
        if first <= middle:
            found.append((middle, high))
            high = middle
        else:
            found.append((low, middle))
            low, whole = middle, False
    return ([] if whole else [(low, high)]) + found[::-1]


def _split(count: int) -> int:
    """The largest power of two below a count of two or more."""
    return 1 << ((count - 1).bit_length() - 1)


def _complete(among: Range) -> list[tuple[int, int]]:
    """The complete subtrees in a range that begins at a multiple of its size, left to right."""
    low, high = among
    found = []
    while low < high:
        level = (high - low).bit_length() - 1
        found.append((level, low >> level))
        low += 1 << level
    return found


def _hashes(ranges: Iterable[Range]) -> list[bytes]:
    plan = [_complete(among) for among in ranges]
    wanted = Q()
    for place in (place for places in plan for place in places):
        wanted |= Q(level=place[0], index=place[1])
    stored = {}
    if wanted:
        rows = Node.objects.filter(wanted).values_list("level", "index", "hash")
        stored = {(level, index): bytes(hash_) for level, index, hash_ in rows}
    return [_fold([stored[place] for place in places]) for places in plan]


def _fold(hashes: list[bytes]) -> bytes:
    folded = hashes[-1]
    for left in hashes[-2::-1]:
        folded = node_hash(left, folded)
    return folded
