"""What is held for a commitment, and the entries that hold, post and release it."""

from collections.abc import Iterable
from typing import cast

from django.db.models import Sum

from treasury import batches, chart
from treasury.books import Entry
from treasury.drawing import Draw, Lots
from treasury.kinds import POSTED, AccountKind, Category, TransferKind
from treasury.models import Account, Batch, Commitment, Fund, Transfer

FUND_SIDE = (AccountKind.FUND, AccountKind.RESERVE)
CEILING_SIDE = (AccountKind.CEILING,)


def holds(commitment: Commitment, kinds: Iterable[AccountKind]) -> list[Transfer]:
    """Open holds on accounts of these kinds, oldest first."""
    held = commitment.transfers.filter(hold__remaining_minor__gt=0, debit__kind__in=list(kinds))
    return list(held.select_related("hold", "debit", "credit", "fund").order_by("journal__number", "line"))


def held_minor(commitment: Commitment) -> int:
    """What funds still hold for it."""
    return sum(transfer.hold.remaining_minor for transfer in holds(commitment, FUND_SIDE))


def paid_minor(commitment: Commitment) -> int:
    """What was paid on it and not reversed, taken from funds."""
    moved = Transfer.objects.filter(commitment=commitment, kind__in=POSTED)
    out = moved.filter(debit__kind__in=FUND_SIDE).aggregate(total=Sum("amount_minor"))["total"] or 0
    back = moved.filter(credit__kind__in=FUND_SIDE).aggregate(total=Sum("amount_minor"))["total"] or 0
    return int(out - back)


def hold_entries(commitment: Commitment, draws: Iterable[Draw[Fund]]) -> list[Entry]:
    """Hold the draws in their funds and the same amount under the case's ceiling."""
    draws = list(draws)
    entries = [
        _entry(commitment, chart.fund(draw.fund), draw.amount_minor, TransferKind.PEND, fund=draw.fund)
        for draw in draws
    ]
    if commitment.case_id is not None:
        total = sum(draw.amount_minor for draw in draws)
        entries.append(_entry(commitment, chart.ceiling(commitment.case_id), total, TransferKind.PEND))
    return entries


def release_entries(commitment: Commitment, amount_minor: int) -> list[Entry]:
    """Release an amount of what is held: the fund drawn on last is the first to get it back."""
    entries = []
    for side in (FUND_SIDE, CEILING_SIDE):
        left = amount_minor
        for held in reversed(holds(commitment, side)):
            part = min(left, held.hold.remaining_minor)
            if part:
                entries.append(_used(commitment, held, part, TransferKind.VOID_PEND))
                left -= part
    return entries


def payment_entries(commitment: Commitment, amount_minor: int, more: Iterable[Draw[Fund]]) -> list[Entry]:
    """Post what is held up to the amount, batch by batch; ``more`` are draws beyond what is held."""
    purse = _Purse()
    entries = []
    left = amount_minor
    for held in holds(commitment, FUND_SIDE):
        part = min(left, held.hold.remaining_minor)
        entries += [
            _used(commitment, held, slice_minor, TransferKind.POST_PEND, batch)
            for batch, slice_minor in purse.take(cast(Fund, held.fund), part)
        ]
        left -= part
    for draw in more:
        entries += [
            _entry(commitment, chart.fund(draw.fund), part, TransferKind.POST, fund=draw.fund, batch=batch)
            for batch, part in purse.take(draw.fund, draw.amount_minor)
        ]
    return entries + _ceiling_entries(commitment, amount_minor)


def _ceiling_entries(commitment: Commitment, amount_minor: int) -> list[Entry]:
    if commitment.case_id is None:
        return []
    entries = []
    left = amount_minor
    for held in holds(commitment, CEILING_SIDE):
        part = min(left, held.hold.remaining_minor)
        if part:
            entries.append(_used(commitment, held, part, TransferKind.POST_PEND))
            left -= part
    if left:
        entries.append(_entry(commitment, chart.ceiling(commitment.case_id), left, TransferKind.POST))
    return entries


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
        chart.ceilings_control() if account.kind == AccountKind.CEILING else chart.funds_control(),
        amount_minor,
        Category(commitment.category),
        kind=kind,
        fund=fund,
        batch=batch,
        commitment=commitment,
        case_id=commitment.case_id,
    )
