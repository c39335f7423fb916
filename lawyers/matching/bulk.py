"""The hard filters over all pairs at once: distinct combinations are judged once, rare ones are joined."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from lawyers.matching import filters
from lawyers.matching.arrays import BitArray, IntArray, coded, ints, joined_spans
from lawyers.matching.codes import Ask, Reason
from lawyers.matching.facts import Need, Place, Span
from lawyers.matching.policy import Policy

REASON_BIT = {reason: 1 << at for at, reason in enumerate(Reason)}
ASK_BIT = {ask: 1 << (16 + at) for at, ask in enumerate(Ask)}
REFUSED = 0xFFFF
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Rows = tuple[IntArray, IntArray]


class PairBits:
    """Reasons and questions of every pair as bits, given out by blocks of needs to bound memory."""

    def __init__(self, needs: Sequence[Need], places: Sequence[Place], policy: Policy, at: datetime) -> None:
        self.places = len(places)
        self.tables: list[tuple[IntArray, BitArray]] = []
        self.sparse: list[tuple[IntArray, IntArray, int]] = []
        unknown = [ASK_BIT[Ask.CAPACITY] * (place.max_open is None) for place in places]
        self.base: BitArray = np.asarray(unknown, dtype=np.uint32)
        for each in filters.FILTERS:
            rare = rare_refusals(each.reason, needs, places, policy, at)
            if rare is None:
                need_code, place_code, table = table_of(each, needs, places, policy, at)
                self.tables.append((need_code, table[:, place_code]))
            else:
                self.refuse(*rare, reason=each.reason)

    def refuse(self, need: IntArray, place: IntArray, *, reason: Reason) -> None:
        """Add single refusals by index."""
        order = np.argsort(need, kind="stable")
        self.sparse.append((need[order], place[order], REASON_BIT[reason]))

    def block(self, first: int, last: int) -> BitArray:
        """Bits of needs ``first`` to ``last`` (not included) by places."""
        bits = np.tile(self.base, (last - first, 1))
        for need_code, table in self.tables:
            bits |= table[need_code[first:last]]
        for need, place, bit in self.sparse:
            low, high = np.searchsorted(need, [first, last])
            bits[need[low:high] - first, place[low:high]] |= np.uint32(bit)
        return bits


def table_of(
    each: filters.Filter, needs: Sequence[Need], places: Sequence[Place], policy: Policy, at: datetime
) -> tuple[IntArray, IntArray, BitArray]:
    need_code, need_facts = coded([each.need_facts(need, at) for need in needs])
    place_code, place_facts = coded([each.place_facts(place) for place in places])
    bit_of = {
        filters.Verdict.PASSES: 0,
        filters.Verdict.REFUSES: REASON_BIT[each.reason],
        filters.Verdict.ASK: ASK_BIT[each.ask] if each.ask else 0,
    }
    rows = [[bit_of[each.verdict(n, p, policy)] for p in place_facts] for n in need_facts]
    return need_code, place_code, np.asarray(rows, dtype=np.uint32).reshape(len(need_facts), len(place_facts))


def rare_refusals(
    reason: Reason, needs: Sequence[Need], places: Sequence[Place], policy: Policy, at: datetime
) -> Rows | None:
    """Pairs refused by a filter on ids or times; None for filters that go by tables."""
    if reason is Reason.CONFLICT:
        return named_pairs([need.excluded for need in needs], places)
    if reason is Reason.VETO:
        return named_pairs([need.vetoed for need in needs], places)
    if reason is Reason.CALENDAR:
        return calendar_pairs(needs, places, policy, at)
    if reason is Reason.AWAY:
        return away_pairs(needs, places, at)
    return None


def named_pairs(named: Sequence[frozenset[str]], places: Sequence[Place]) -> Rows:
    number = {place.id: at for at, place in enumerate(places)}
    rows = [(n, number[p]) for n, ids in enumerate(named) for p in ids if p in number]
    return ints([n for n, _ in rows]), ints([p for _, p in rows])


def moment(at: datetime) -> int:
    """Whole microseconds, so that comparisons are exact."""
    return (at - EPOCH) // timedelta(microseconds=1)


@dataclass(frozen=True)
class SpanRows:
    """One row for each span: whose it is, its times in microseconds, its sitting by number."""

    owner: IntArray
    starts: IntArray
    ends: IntArray
    sitting: IntArray
    """Below zero for a span of no named sitting."""


def span_rows(spans: Sequence[tuple[Span, ...]], sittings: dict[str, int]) -> SpanRows:
    """Rows in the order of owners; one table numbers the sittings of all that will be compared."""
    rows = [
        (at, moment(s.starts_at), moment(s.ends_at), number_of(s.sitting, sittings))
        for at, owned in enumerate(spans)
        for s in owned
    ]
    table = np.asarray(rows, dtype=np.int64).reshape(-1, 4)
    return SpanRows(table[:, 0], table[:, 1], table[:, 2], table[:, 3])


def number_of(sitting: str, sittings: dict[str, int]) -> int:
    return sittings.setdefault(sitting, len(sittings)) if sitting else -1


def overlapping(rows: SpanRows, others: SpanRows, policy: Policy) -> tuple[IntArray, IntArray]:
    """Indexes of all spans that overlap, the policy's gap included, unless both are of one sitting."""
    gap = policy.hearing_gap_minutes * 60_000_000
    mine, theirs = joined_spans(rows.starts, rows.ends, others.starts - gap, others.ends + gap)
    apart = (rows.sitting[mine] < 0) | (rows.sitting[mine] != others.sitting[theirs])
    return mine[apart], theirs[apart]


def calendar_pairs(needs: Sequence[Need], places: Sequence[Place], policy: Policy, at: datetime) -> Rows:
    sittings: dict[str, int] = {}
    hearings = span_rows([filters.hearings_ahead(each, at) for each in needs], sittings)
    calendars = span_rows([each.calendar for each in places], sittings)
    mine, theirs = overlapping(hearings, calendars, policy)
    return hearings.owner[mine], calendars.owner[theirs]


def day_rows(days: Sequence[tuple[tuple[date, date], ...]]) -> tuple[IntArray, IntArray, IntArray]:
    rows = [(at, a.toordinal(), b.toordinal() + 1) for at, own in enumerate(days) for a, b in own]
    table = np.asarray(rows, dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def away_pairs(needs: Sequence[Need], places: Sequence[Place], at: datetime) -> Rows:
    single = [tuple((day, day) for day in filters.hearing_days(each, at)) for each in needs]
    need, need_from, need_to = day_rows(single)
    windows = [tuple((w.from_on, w.until_on) for w in each.away) for each in places]
    place, place_from, place_to = day_rows(windows)
    mine, theirs = joined_spans(need_from, need_to, place_from, place_to)
    return need[mine], place[theirs]
