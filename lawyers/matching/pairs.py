"""All eligible pairs of a problem, with fit, questions, and how many lawyers each filter refused."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lawyers.matching.arrays import BitArray, BoolArray, IntArray, coded, ints
from lawyers.matching.bulk import REASON_BIT, REFUSED, PairBits, named_pairs
from lawyers.matching.codes import Component
from lawyers.matching.facts import Need, Place
from lawyers.matching.fit import MEASURES, Measure
from lawyers.matching.policy import Policy

BLOCK_CELLS = 2_000_000
"""Pairs judged at a time: 8 MB of bits."""


@dataclass(frozen=True)
class Pairs:
    """Columns of equal length, ordered by need and place; ``parts`` has one row for each component."""

    need: IntArray
    place: IntArray
    asks: BitArray
    parts: IntArray
    fit: IntArray
    refused: IntArray
    """Needs by reasons: how many places each reason refuses."""
    key: IntArray

    def find(self, need: IntArray, place: IntArray, places: int) -> IntArray:
        """Positions of many pairs, -1 for those that are not eligible."""
        if not len(self.key):
            return np.full(len(need), -1, np.int64)
        wanted = need * places + place
        at = np.minimum(np.searchsorted(self.key, wanted), len(self.key) - 1)
        return np.where(self.key[at] == wanted, at, -1)

    def of_need(self, need: int) -> slice:
        low, high = np.searchsorted(self.need, [need, need + 1])
        return slice(int(low), int(high))


def eligible_pairs(needs: Sequence[Need], places: Sequence[Place], policy: Policy, bits: PairBits) -> Pairs:
    """Judge all pairs, block by block, and measure those that are eligible."""
    step = max(1, BLOCK_CELLS // max(1, len(places)))
    need_parts, place_parts, ask_parts = [ints([])], [ints([])], [np.zeros(0, np.uint32)]
    refused = np.zeros((len(needs), len(REASON_BIT)), np.int64)
    for first in range(0, len(needs), step):
        last = min(first + step, len(needs))
        block = bits.block(first, last)
        for at, bit in enumerate(REASON_BIT.values()):
            refused[first:last, at] = np.count_nonzero(block & np.uint32(bit), axis=1)
        row, column = np.nonzero((block & np.uint32(REFUSED)) == 0)
        need_parts.append(row + first)
        place_parts.append(column)
        ask_parts.append(block[row, column])
    need, place = np.concatenate(need_parts), np.concatenate(place_parts)
    parts = measured(needs, places, policy, need, place)
    return Pairs(
        need, place, np.concatenate(ask_parts), parts, parts.sum(axis=0), refused, need * len(places) + place
    )


def without(pairs: Pairs, drop: BoolArray) -> Pairs:
    """The same pairs less some; the counts of refusals stay."""
    keep = ~drop
    return Pairs(
        pairs.need[keep],
        pairs.place[keep],
        pairs.asks[keep],
        pairs.parts[:, keep],
        pairs.fit[keep],
        pairs.refused,
        pairs.key[keep],
    )


def measured(
    needs: Sequence[Need], places: Sequence[Place], policy: Policy, need: IntArray, place: IntArray
) -> IntArray:
    """Points of each component (rows) for each pair (columns)."""
    parts = np.zeros((len(MEASURES), len(need)), np.int64)
    for at, measure in enumerate(MEASURES):
        if measure.component is Component.CONTINUITY:
            known, whose = named_pairs([each.previous for each in needs], places)
            again = np.isin(need * len(places) + place, known * len(places) + whose)
            parts[at] = again * policy.continuity_same_client
        else:
            need_code, place_code, points = point_table(measure, needs, places, policy)
            parts[at] = points[need_code[need], place_code[place]]
    return parts


def point_table(
    measure: Measure, needs: Sequence[Need], places: Sequence[Place], policy: Policy
) -> tuple[IntArray, IntArray, IntArray]:
    """Points of every distinct combination of facts, and which combination each side has."""
    need_code, need_facts = coded([measure.need_facts(each) for each in needs])
    place_code, place_facts = coded([measure.place_facts(each) for each in places])
    rows = [[measure.points(n, p, policy) for p in place_facts] for n in need_facts]
    table = ints([point for row in rows for point in row]).reshape(len(need_facts), len(place_facts))
    return need_code, place_code, table
