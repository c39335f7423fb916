"""The tree of RFC 9162, section 2.1: leaves are event texts, complete subtrees are stored.

Pure functions over bytes. ``peaks`` are the roots of the complete subtrees on the right edge, by level;
a tree of size n has one peak for each bit that is set in n.
"""

import hashlib
from collections.abc import Iterable

Peaks = dict[int, bytes]
Node = tuple[int, int, bytes]  # level, index on that level, hash


def leaf_hash(body: bytes) -> bytes:
    return hashlib.sha256(b"\0" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def extend(peaks: Peaks, size: int, leaf: bytes) -> list[Node]:
    """Add one leaf hash to the right edge in place; the subtrees that became complete."""
    level, index = 0, size
    made: list[Node] = [(0, index, leaf)]
    while index & 1:
        leaf = node_hash(peaks.pop(level), leaf)
        level, index = level + 1, index >> 1
        made.append((level, index, leaf))
    peaks[level] = leaf
    return made


def root(peaks: Peaks) -> bytes:
    """The tree's root: peaks folded from the lowest up. The empty tree hashes the empty string."""
    folded: bytes | None = None
    for level in sorted(peaks):
        folded = peaks[level] if folded is None else node_hash(peaks[level], folded)
    return hashlib.sha256(b"").digest() if folded is None else folded


def grow(leaves: Iterable[bytes]) -> tuple[int, Peaks]:
    """Size and peaks of the tree over these leaf hashes, from nothing."""
    peaks: Peaks = {}
    size = 0
    for leaf in leaves:
        extend(peaks, size, leaf)
        size += 1
    return size, peaks
