"""What a line on the statement may be, with a score and the reasons for it. Pure: no queries, no clock.

Only a reference of ours with its check signs makes a match sure; everything else is a suggestion.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

LEAST_SCORE = 40
_SURE = 100
_MOST_UNSURE = 95


class CandidateKind(StrEnum):
    """What a line can be matched with."""

    CLAIM = "claim"  # approved, to be paid by this line
    JOURNAL = "journal"  # booked before, awaiting its line
    INSTALMENT = "instalment"
    GIFT = "gift"  # a transfer that quotes a reference of a fund
    RETURN = "return"  # undoes an earlier line
    ADVANCE = "advance"  # what the payee of an advance gives back of it
    COST = "cost"  # a running cost or a fee, by its words
    OWN = "own"  # between accounts of ours


class Reason(StrEnum):
    """Why a suggestion was made; each has its words on the page."""

    REFERENCE = "reference"
    AMOUNT = "amount"
    NEARLY = "nearly"
    DAY = "day"
    NEAR_DAY = "near-day"
    ACCOUNT = "account"
    WORDS = "words"
    BEFORE = "before"


@dataclass(frozen=True)
class Facts:
    """A line as far as matching needs it: what is open, when, and opaque marks found in its words."""

    amount_minor: int
    booked_on: datetime.date
    references: frozenset[str] = frozenset()
    payees: frozenset[str] = frozenset()
    hints: frozenset[str] = frozenset()
    reversal: bool = False


@dataclass(frozen=True)
class Candidate:
    """Something that may be behind a line. ``amount_minor`` is signed as the line would be."""

    kind: CandidateKind
    key: str
    amount_minor: int
    expected_on: datetime.date
    reference: str = ""
    payee: str = ""
    hint: str = ""
    seen_before: bool = False
    any_amount: bool = False


@dataclass(frozen=True)
class Scored:
    """A suggestion; ``sure`` means that no human is needed."""

    candidate: Candidate
    score: int
    reasons: tuple[Reason, ...] = field(default=())
    sure: bool = False


def rank(facts: Facts, candidates: Iterable[Candidate]) -> list[Scored]:
    """The suggestions worth a look, best first. Two equally sure ones are both left to a human."""
    scored = [score(facts, candidate) for candidate in candidates]
    kept = sorted((one for one in scored if one.score >= LEAST_SCORE), key=_order)
    sure = [one for one in kept if one.sure]
    if len(sure) > 1:
        kept = [Scored(one.candidate, min(one.score, _MOST_UNSURE), one.reasons) for one in kept]
    return kept


def _order(one: Scored) -> tuple[int, datetime.date, str]:
    return -one.score, one.candidate.expected_on, one.candidate.key


def score(facts: Facts, candidate: Candidate) -> Scored:
    """Points for one candidate; another direction, or more than the line has, is no candidate at all."""
    if (facts.amount_minor > 0) != (candidate.amount_minor > 0):
        return Scored(candidate, 0)
    reasons: list[Reason] = []
    points = _amount(facts, candidate, reasons)
    by_reference = bool(candidate.reference) and candidate.reference in facts.references
    if by_reference:
        reasons.insert(0, Reason.REFERENCE)
        if points or candidate.any_amount:
            return Scored(candidate, _SURE, tuple(reasons), sure=Reason.NEARLY not in reasons)
        points += 60
    if not points and not candidate.any_amount:
        return Scored(candidate, 0)
    points += _day(facts, candidate, reasons)
    if candidate.payee and candidate.payee in facts.payees:
        reasons.append(Reason.ACCOUNT)
        points += 30
    if candidate.hint and candidate.hint in facts.hints:
        reasons.append(Reason.WORDS)
        points += 25 if not candidate.any_amount else 45
    if candidate.seen_before:
        reasons.append(Reason.BEFORE)
        points += 10
    if facts.reversal and candidate.kind == CandidateKind.RETURN:
        points += 20
    return Scored(candidate, min(points, _MOST_UNSURE), tuple(reasons))


def _amount(facts: Facts, candidate: Candidate, reasons: list[Reason]) -> int:
    """50 for the very amount, 20 within two in a hundred (a bank that kept a fee)."""
    if candidate.any_amount:
        return 0
    wanted, there = abs(candidate.amount_minor), abs(facts.amount_minor)
    if wanted == there:
        reasons.append(Reason.AMOUNT)
        return 50
    if abs(wanted - there) * 50 <= wanted:
        reasons.append(Reason.NEARLY)
        return 20
    return 0


def _day(facts: Facts, candidate: Candidate, reasons: list[Reason]) -> int:
    apart = abs((facts.booked_on - candidate.expected_on).days)
    if apart <= 3:
        reasons.append(Reason.DAY)
        return 20
    if apart <= 14:
        reasons.append(Reason.NEAR_DAY)
        return 10
    return 0
