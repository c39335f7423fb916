"""What is held for a commitment, and the entries that hold, post and release it."""

import uuid
from collections.abc import Iterable
from typing import cast

from django.db.models import Sum

from treasury import batches, chart, lines
from treasury.books import Entry
from treasury.drawing import Draw, Lots
from treasury.kinds import POSTED, AccountKind, Category, TransferKind
from treasury.models import Account, Balance, Batch, Commitment, Fund, Transfer

IN_HAND = (AccountKind.FUND, AccountKind.RESERVE)
# What a commitment may rest on: money that is there, and instalments that are signed.
FUND_SIDE = (*IN_HAND, AccountKind.AHEAD)
CEILING_SIDE = (AccountKind.CEILING,)
_CONTROLS = {
    AccountKind.CEILING: chart.ceilings_control,
    AccountKind.GRANT_LINE: chart.lines_control,
    AccountKind.AHEAD: chart.ahead_control,
}


def holds(commitment: Commitment, kinds: Iterable[AccountKind]) -> list[Transfer]:
    """Open holds on accounts of these kinds, oldest first."""
    held = commitment.transfers.filter(hold__remaining_minor__gt=0, debit__kind__in=list(kinds))
    return list(held.select_related("hold", "debit", "credit", "fund").order_by("journal__number", "line"))


def held_minor(commitment: Commitment) -> int:
    """What is still held for it, in funds and on signed instalments."""
    return sum(transfer.hold.remaining_minor for transfer in holds(commitment, FUND_SIDE))


def in_hand_minor(commitment: Commitment) -> int:
    """What funds hold for it of money that is there."""
    return sum(transfer.hold.remaining_minor for transfer in holds(commitment, IN_HAND))


def out_minor(commitment: Commitment) -> int:
    """What of it is out as advances: still held, and kept for the vouchers that are to come."""
    ids = commitment.claims.filter(vouchers_due_on__isnull=False, paid_in__isnull=False).values("pk")
    out = Balance.objects.filter(account__kind=AccountKind.ADVANCE, account__subject_id__in=ids)
    return -sum(kept.posted_minor for kept in out)


def releasable_minor(commitment: Commitment) -> int:
    """What is held and not needed for the vouchers of an advance."""
    return held_minor(commitment) - out_minor(commitment)


def paid_minor(commitment: Commitment) -> int:
    """What was paid on it and not reversed, taken from funds."""
    moved = Transfer.objects.filter(commitment=commitment, kind__in=POSTED)
    out = moved.filter(debit__kind__in=FUND_SIDE).aggregate(total=Sum("amount_minor"))["total"] or 0
    back = moved.filter(credit__kind__in=FUND_SIDE).aggregate(total=Sum("amount_minor"))["total"] or 0
    return int(out - back)


def hold_entries(commitment: Commitment, draws: Iterable[Draw[Fund]]) -> list[Entry]:
    """Hold the draws in their funds, in the lines of grants, and all of it under the case's ceiling."""
    draws = list(draws)
    rooms = lines.Rooms(commitment.category)
    entries = [entry for draw in draws for entry in _drawn(commitment, draw, TransferKind.PEND, rooms=rooms)]
    if commitment.case_id is not None:
        total = sum(draw.amount_minor for draw in draws)
        entries.append(_entry(commitment, chart.ceiling(commitment.case_id), total, TransferKind.PEND))
    return entries


def release_entries(commitment: Commitment, amount_minor: int) -> list[Entry]:
    """Release an amount of what is held: first what no instalment covers, then the fund drawn on last."""
    freed = _Held(_from_the_end(commitment)).take(amount_minor)
    entries = [_used(commitment, held, part, TransferKind.VOID_PEND) for held, part in freed]
    for fund_id, total in _by_fund(freed).items():
        on_lines = reversed(_on_lines(commitment, fund_id))
        entries += _use(commitment, _Held(on_lines), total, TransferKind.VOID_PEND)
    ceilings = _Held(reversed(holds(commitment, CEILING_SIDE)))
    return entries + _use(commitment, ceilings, amount_minor, TransferKind.VOID_PEND)


def _from_the_end(commitment: Commitment) -> list[Transfer]:
    held = list(reversed(holds(commitment, FUND_SIDE)))
    return sorted(held, key=lambda one: one.debit.kind != AccountKind.AHEAD)


def payment_entries(commitment: Commitment, amount_minor: int, more: Iterable[Draw[Fund]]) -> list[Entry]:
    """Post what is held up to the amount, batch by batch; ``more`` are draws beyond what is held.

    What ``more`` pays is no longer waited for from instalments that have not come, and leaves as much of
    what is held for the vouchers of advances.
    """
    purse, rooms = _Purse(), lines.Rooms(commitment.category)
    more = list(more)
    beyond = sum(draw.amount_minor for draw in more)
    posted = _Held(holds(commitment, IN_HAND)).take(amount_minor - beyond)
    waited = _Held(holds(commitment, (AccountKind.AHEAD,))).take(beyond)
    entries = [
        _used(commitment, held, part, TransferKind.POST_PEND, batch)
        for held, whole in posted
        for batch, part in purse.take(cast(Fund, held.fund), whole)
    ]
    entries += [_used(commitment, held, part, TransferKind.VOID_PEND) for held, part in waited]
    paid, given_up = _by_fund(posted), _by_fund(waited)
    for fund_id in {**paid, **given_up}:
        on_lines = _Held(_on_lines(commitment, fund_id))
        entries += _use(commitment, on_lines, paid.get(fund_id, 0), TransferKind.POST_PEND)
        entries += _use(commitment, on_lines, given_up.get(fund_id, 0), TransferKind.VOID_PEND)
    for draw in more:
        entries += _drawn(commitment, draw, TransferKind.POST, rooms=rooms, purse=purse)
    agreed = amount_minor - beyond + sum(part for _held, part in waited)
    return entries + _ceiling_entries(commitment, amount_minor, agreed)


def moved_entries(
    commitment: Commitment, held: Iterable[Transfer], draws: Iterable[Draw[Fund]]
) -> list[Entry]:
    """Let these holds go and hold the draws instead; the ceiling stays as it is."""
    freed = [(one, one.hold.remaining_minor) for one in held]
    entries = [_used(commitment, one, part, TransferKind.VOID_PEND) for one, part in freed]
    for fund_id, total in _by_fund(freed).items():
        on_lines = _Held(_on_lines(commitment, fund_id))
        entries += _use(commitment, on_lines, total, TransferKind.VOID_PEND)
    rooms = lines.Rooms(commitment.category)
    for draw in draws:
        entries += _drawn(commitment, draw, TransferKind.PEND, rooms=rooms)
    return entries


def arrival_entries(fund: Fund, amount_minor: int) -> list[Entry]:
    """Money has come that was committed ahead: it is held in the fund itself, the oldest commitment first."""
    ahead = Transfer.objects.filter(
        debit__kind=AccountKind.AHEAD, debit__subject_id=fund.id, hold__remaining_minor__gt=0
    )
    oldest = ahead.select_related("hold", "debit", "credit", "fund", "commitment").order_by(
        "journal__number", "line"
    )
    entries = []
    for held, part in _Held(oldest).take(amount_minor):
        commitment = cast(Commitment, held.commitment)
        entries.append(_used(commitment, held, part, TransferKind.VOID_PEND))
        entries.append(_entry(commitment, chart.fund(fund), part, TransferKind.PEND, fund=fund))
    return entries


def _ceiling_entries(commitment: Commitment, amount_minor: int, agreed_minor: int) -> list[Entry]:
    """Of the amount, what was agreed uses up what is held under the ceiling."""
    if commitment.case_id is None:
        return []
    ceilings = _Held(holds(commitment, CEILING_SIDE))
    entries = _use(commitment, ceilings, agreed_minor, TransferKind.POST_PEND)
    if left := amount_minor - sum(entry.amount_minor for entry in entries):
        entries.append(_entry(commitment, chart.ceiling(commitment.case_id), left, TransferKind.POST))
    return entries


def _drawn(
    commitment: Commitment,
    draw: Draw[Fund],
    kind: TransferKind,
    *,
    rooms: lines.Rooms,
    purse: "_Purse | None" = None,
) -> list[Entry]:
    """A draw on its fund, and on the line of a grant."""
    fund = draw.fund
    account = chart.accounts(chart.ahead_place(fund))[0] if draw.ahead else chart.fund(fund)
    parts = purse.take(fund, draw.amount_minor) if purse else [(None, draw.amount_minor)]
    entries = [_entry(commitment, account, part, kind, fund=fund, batch=batch) for batch, part in parts]
    line = rooms.account(fund)
    if line is not None:
        entries.append(_entry(commitment, line, draw.amount_minor, kind, fund=fund))
    return entries


def _on_lines(commitment: Commitment, fund_id: uuid.UUID | None) -> list[Transfer]:
    return [held for held in holds(commitment, (AccountKind.GRANT_LINE,)) if held.fund_id == fund_id]


def _use(commitment: Commitment, source: "_Held", amount_minor: int, kind: TransferKind) -> list[Entry]:
    return [_used(commitment, held, part, kind) for held, part in source.take(amount_minor)]


def _by_fund(parts: Iterable[tuple[Transfer, int]]) -> dict[uuid.UUID | None, int]:
    sums: dict[uuid.UUID | None, int] = {}
    for held, part in parts:
        sums[held.fund_id] = sums.get(held.fund_id, 0) + part
    return sums


class _Held:
    """Holds as one journal uses them up, in their order; it gives no more than there is."""

    def __init__(self, transfers: Iterable[Transfer]) -> None:
        self._left = [(transfer, transfer.hold.remaining_minor) for transfer in transfers]

    def take(self, amount_minor: int) -> list[tuple[Transfer, int]]:
        taken = []
        for place, (transfer, left) in enumerate(self._left):
            if part := min(left, amount_minor):
                taken.append((transfer, part))
                self._left[place] = (transfer, left - part)
                amount_minor -= part
        return taken


class _Purse:
    """Lots of several funds as one journal uses them up."""

    def __init__(self) -> None:
        self._lots: dict[object, Lots[Batch]] = {}

    def take(self, fund: Fund, amount_minor: int) -> list[tuple[Batch, int]]:
        if fund.id not in self._lots:
            self._lots[fund.id] = batches.lots(fund)
        return self._lots[fund.id].take(amount_minor)


def _used(
    commitment: Commitment, held: Transfer, amount_minor: int, kind: TransferKind, batch: Batch | None = None
) -> Entry:
    return Entry(
        held.debit,
        held.credit,
        amount_minor,
        Category(commitment.category),
        kind=kind,
        pending=held,
        fund=held.fund,
        batch=batch,
        commitment=commitment,
        case_id=commitment.case_id,
    )


def _entry(
    commitment: Commitment,
    account: Account,
    amount_minor: int,
    kind: TransferKind,
    *,
    fund: Fund | None = None,
    batch: Batch | None = None,
) -> Entry:
    return Entry(
        account,
        _CONTROLS.get(AccountKind(account.kind), chart.funds_control)(),
        amount_minor,
        Category(commitment.category),
        kind=kind,
        fund=fund,
        batch=batch,
        commitment=commitment,
        case_id=commitment.case_id,
    )
