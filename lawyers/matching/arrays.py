"""Small shapes of integer arrays that several steps share."""

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
BitArray = npt.NDArray[np.uint32]


def ints(values: Sequence[int] | IntArray) -> IntArray:
    return np.asarray(values, dtype=np.int64)


def coded(facts: Sequence[Hashable]) -> tuple[IntArray, list[Any]]:
    """A number for each row, and the distinct facts by number."""
    seen: dict[Hashable, int] = {}
    numbers = [seen.setdefault(fact, len(seen)) for fact in facts]
    return ints(numbers), list(seen)


def starts_of(counts: IntArray) -> IntArray:
    """Where each row's run begins when runs of these lengths stand one after another; one more at the end."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])


def within_runs(counts: IntArray) -> IntArray:
    """0, 1, 2 ... inside each run."""
    starts = starts_of(counts)
    return np.arange(starts[-1], dtype=np.int64) - np.repeat(starts[:-1], counts)


def joined_spans(
    starts: IntArray, ends: IntArray, others_start: IntArray, others_end: IntArray
) -> tuple[IntArray, IntArray]:
    """Indexes (span, other) of all that overlap; ends are not included. Near-linear in spans and overlaps."""
    if not len(starts) or not len(others_start):
        return ints([]), ints([])
    order = np.argsort(starts, kind="stable")
    ordered = starts[order]
    longest = int((ends - starts).max())
    first = np.searchsorted(ordered, others_start - longest, side="right")
    last = np.searchsorted(ordered, others_end, side="left")
    counts = np.maximum(last - first, 0)
    other = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    span = order[np.repeat(first, counts) + within_runs(counts)]
    real = ends[span] > others_start[other]
    return span[real], other[real]
