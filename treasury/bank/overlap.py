"""Which lines of a statement are new, when files overlap and two equal lines on one day are two lines."""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from audit.canonical import canonical
from treasury.bank.models import BankAccount, BankLine, BankStatement
from treasury.bank.shape import Line, Statement
from vault import indexes


@dataclass(frozen=True)
class Sorted:
    """The lines that are new with their digests, how many were known, and the gap to what came before."""

    new: list[tuple[Line, str]]
    known: int
    gap_minor: int


def content_index(statement: Statement) -> str:
    """A keyed digest of all that the statement says; equal for the same statement in another file."""
    head = [
        statement.account, statement.currency, statement.number, statement.opening_minor,
        statement.closing_minor, str(statement.opening_on), str(statement.closing_on),
    ]  # fmt: skip
    lines = [_content(statement.account, line) for line in statement.lines]
    return indexes.exact_index("bank.statement", canonical([head, lines]))


def sort_lines(account: BankAccount | None, statement: Statement) -> Sorted:
    """Tell new lines from known ones so that the balances of the bank agree, if they can."""
    digests = [
        indexes.exact_index("bank.line", canonical(_content(statement.account, line)))
        for line in statement.lines
    ]
    pairs = list(zip(statement.lines, digests, strict=True))
    before = _before(account, statement)
    readings = _readings(account, statement, pairs, before)
    if before is None or before.closing_minor is None or statement.closing_minor is None:
        new = readings[0]
        return Sorted(new, len(pairs) - len(new), 0)
    gaps = [
        statement.closing_minor - before.closing_minor - sum(line.amount_minor for line, _digest in new)
        for new in readings
    ]
    best = gaps.index(0) if 0 in gaps else 0
    # What a file lacks in itself is told of the file, not of what came before it.
    return Sorted(readings[best], len(pairs) - len(readings[best]), gaps[best] - statement.off_minor)


def _readings(
    account: BankAccount | None,
    statement: Statement,
    pairs: list[tuple[Line, str]],
    before: BankStatement | None,
) -> list[list[tuple[Line, str]]]:
    """Likeliest first: without the lines we know; all of them; without those of equal day and amount."""
    if account is None:
        return [pairs]
    unknown = _without(pairs, [digest for _line, digest in pairs], _known_digests(account, pairs))
    days = [f"{line.booked_on} {line.amount_minor}" for line, _digest in pairs]
    coarse = _without(pairs, days, _known_days(account, statement.lines))
    if _follows(statement, before) and not _same_by_reference(pairs, unknown):
        return [pairs, unknown, coarse]
    return [unknown, coarse, pairs]


def _follows(statement: Statement, before: BankStatement | None) -> bool:
    """Whether it begins where the one before ended: then equal lines on the day between are two lines."""
    if before is None or statement.opening_minor is None:
        return False
    later = statement.opening_on is None or statement.opening_on >= before.closing_on
    return later and statement.opening_minor == before.closing_minor


def _same_by_reference(pairs: list[tuple[Line, str]], unknown: list[tuple[Line, str]]) -> bool:
    kept = {digest for _line, digest in unknown}
    return any(line.bank_reference and digest not in kept for line, digest in pairs)


def _without(
    pairs: list[tuple[Line, str]], keys: Sequence[str], known: Counter[str]
) -> list[tuple[Line, str]]:
    left = Counter(known)
    new = []
    for pair, key in zip(pairs, keys, strict=True):
        if left[key] > 0:
            left[key] -= 1
        else:
            new.append(pair)
    return new


def _known_digests(account: BankAccount, pairs: list[tuple[Line, str]]) -> Counter[str]:
    wanted = sorted({digest for _line, digest in pairs})
    found: Counter[str] = Counter()
    for start in range(0, len(wanted), 500):
        rows = BankLine.objects.filter(account=account, line_index__in=wanted[start : start + 500])
        found.update(rows.values_list("line_index", flat=True))
    return found


def _known_days(account: BankAccount, lines: Sequence[Line]) -> Counter[str]:
    days = [line.booked_on for line in lines]
    if not days:
        return Counter()
    rows = BankLine.objects.filter(account=account, booked_on__range=(min(days), max(days)))
    return Counter(f"{on} {amount}" for on, amount in rows.values_list("booked_on", "amount_minor"))


def _before(account: BankAccount | None, statement: Statement) -> BankStatement | None:
    """The statement before this one in time."""
    if account is None:
        return None
    closing = closing_day(statement)
    earlier = account.statements.filter(closing_on__lte=closing, closing_minor__isnull=False)
    found: BankStatement | None = earlier.order_by("closing_on", "imported_at", "opening_on").last()
    return found


def closing_day(statement: Statement) -> datetime.date:
    """The day a statement ends; without a balance that of its last line."""
    if statement.closing_on is not None:
        return statement.closing_on
    days = [line.booked_on for line in statement.lines]
    return max(days) if days else statement.opening_on or datetime.date.min


def _content(account: str, line: Line) -> list[object]:
    return [
        account, line.amount_minor, line.currency, line.booked_on.isoformat(), line.value_on.isoformat(),
        line.bank_reference, line.end_to_end, line.batch_reference, line.part, line.text, line.name,
        line.iban,
    ]  # fmt: skip
