"""What is left in a fund that ended or got more than its goal, and where its givers agreed it goes.

Worked out by batch: each batch's rest is shared as its gifts' fallbacks share the batch. No gift is named,
except one whose giver wanted the money back.
"""

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from donations import arrived
from donations.fallbacks import GENERAL, GIVE_BACK, SAME_CAUSE, has_ended
from donations.models import Donation, Fact
from treasury import batches, eligible
from treasury.kinds import FundKind
from treasury.models import Batch, Fund
from treasury.standing import fund_balances


@dataclass
class Rest:
    """What is left of one batch, by where it goes, in minor units."""

    batch: Batch
    shares: dict[str, int]


@dataclass
class Leftover:
    """All that is left: ``total`` by fallback; ``wanting_back`` are gifts whose givers asked for it."""

    rests: list[Rest] = field(default_factory=list)
    wanting_back: list[Donation] = field(default_factory=list)

    def total(self, fallback: str) -> int:
        return sum(rest.shares.get(fallback, 0) for rest in self.rests)

    @property
    def moves_minor(self) -> int:
        """What goes to other funds; the rest waits to be given back."""
        return self.total(SAME_CAUSE) + self.total(GENERAL)


def share(amount_minor: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Cut an amount by weights into whole minor units; what rounding leaves goes to the largest rests."""
    whole = sum(weights.values())
    if not whole:
        return {}
    parts = {name: amount_minor * weight // whole for name, weight in weights.items()}
    by_rest = sorted(weights, key=lambda name: (-(amount_minor * weights[name] % whole), name))
    for name in by_rest[: amount_minor - sum(parts.values())]:
        parts[name] += 1
    return {name: part for name, part in parts.items() if part}


def spare_minor(fund: Fund, on: datetime.date) -> int:
    """What may go elsewhere: all that is free once the fund has ended, else what is above its goal."""
    if fund.kind not in (FundKind.CAMPAIGN, FundKind.GROUP, FundKind.CASE):
        return 0
    free = eligible.free_in(fund)
    if has_ended(fund, on):
        return free
    if fund.goal_minor is None:
        return 0
    [row] = fund_balances(datetime.date.min, datetime.date.max, fund=fund)
    return min(free, max(sum(row.receipts.values()) - fund.goal_minor, 0))


def left_over(fund: Fund, on: datetime.date) -> Leftover:
    """Where what is spare goes. The newest batches first: what is committed will be paid by the oldest."""
    found, left = Leftover(), spare_minor(fund, on)
    for lot in reversed(batches.lots_of(fund)):
        part = min(lot.remaining_minor, left)
        if not part:
            break
        gifts = _gifts_in(lot.batch)
        found.rests.append(Rest(lot.batch, share(part, _weights(gifts))))
        found.wanting_back += [gift for gift in gifts if gift.fallback == GIVE_BACK and _kept(gift)]
        left -= part
    return found


def _weights(gifts: list[Donation]) -> dict[str, int]:
    weights: Counter[str] = Counter()
    for gift in gifts:
        weights[gift.fallback] += _kept(gift)
    # Money that came in other ways, such as by transfer, went where it is needed most from the beginning.
    return {name: weight for name, weight in weights.items() if weight} or {GENERAL: 1}


def _kept(gift: Donation) -> int:
    came = arrived.of(gift)
    return max(came.gross_minor - gift.refunded_minor - gift.disputed_minor, 0) if came else 0


def _gifts_in(batch: Batch) -> list[Donation]:
    settled = Fact.objects.filter(kind=Fact.Kind.SETTLED, batch=batch)
    return list(Donation.objects.filter(pk__in=settled.values("donation")).order_by("pk"))
