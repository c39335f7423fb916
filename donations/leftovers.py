"""What is left in a fund that ended or got more than its goal, and where its givers agreed it goes.

Worked out by batch: each batch's rest is shared as its gifts' fallbacks share the batch. No gift is named,
except one whose giver wanted the money back.
"""

import datetime
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Q, Sum

from donations.fallbacks import GENERAL, GIVE_BACK, SAME_CAUSE, has_ended
from donations.models import Donation, Fact
from treasury import batches, eligible, holding
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
    """Where what is spare goes. The newest batches first: what is committed will be paid by the oldest.

    A gift that waits for a human neither goes nor weighs: the money of others would go in its stead.
    """
    found, left = Leftover(), spare_minor(fund, on)
    for lot in reversed(batches.lots_of(fund)):
        if not left:
            break
        gifts = _gifts_in(lot.batch)
        # A gift is held in the fund it was given to, wherever else its batch went since.
        kept_back = sum(one.kept_back_minor for one in gifts) if lot.batch.fund_id == fund.pk else 0
        part = min(lot.remaining_minor - kept_back, left)
        if part <= 0:
            continue
        decided = [one for one in gifts if not one.waits]
        found.rests.append(Rest(lot.batch, share(part, _weights(decided))))
        found.wanting_back += [
            one.gift for one in decided if one.gift.fallback == GIVE_BACK and one.weight_minor
        ]
        left -= part
    return found


@dataclass(frozen=True)
class _Given:
    """A gift of a batch: what is left of it before fees, and what of the batch stays for its sake."""

    gift: Donation
    weight_minor: int
    kept_back_minor: int
    waits: bool


def _weights(gifts: list[_Given]) -> dict[str, int]:
    weights: Counter[str] = Counter()
    for one in gifts:
        weights[one.gift.fallback] += one.weight_minor
    # Money that came in other ways, such as by transfer, went where it is needed most from the beginning.
    return {name: weight for name, weight in weights.items() if weight} or {GENERAL: 1}


def _gifts_in(batch: Batch) -> list[_Given]:
    settled = Fact.objects.filter(kind=Fact.Kind.SETTLED, batch=batch)
    held = holding.held_in(batch)
    held_of: Counter[uuid.UUID] = Counter()
    for donation_id, source_id in settled.filter(object_id__in=held).values_list("donation", "object_id"):
        held_of[donation_id] += held[source_id]
    in_books = Q(facts__kind=Fact.Kind.SETTLED)
    gifts = Donation.objects.filter(pk__in=settled.values("donation")).order_by("pk")
    undecided = set(gifts.held().values_list("pk", flat=True))
    gross, net = (Sum(f"facts__{name}_minor", filter=in_books, default=0) for name in ("gross", "net"))
    rows = gifts.annotate(gross=gross, net=net)
    return [
        _given(row, row.gross, row.net, held_of[row.pk], undecided)  # type: ignore[attr-defined]
        for row in rows
    ]


def _given(gift: Donation, gross: int, net: int, held_minor: int, undecided: set[uuid.UUID]) -> _Given:
    gone = gift.refunded_minor + gift.disputed_minor
    whole = max(net - gone, 0)
    # One whose giver wants it back, held in part because the rest was committed, has a share in what is free.
    waits = 0 < whole <= held_minor
    if gift.fallback != GIVE_BACK:
        waits = waits or held_minor > 0 or gift.pk in undecided
    kept_back = max(held_minor, whole) if waits else held_minor
    return _Given(gift, max(gross - gone, 0), kept_back, waits)
