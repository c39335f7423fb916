"""The money laws: what must hold in the books at any moment, each with the difference that breaks it.

Rooms above add theirs with :func:`register`. A difference of 0 means the law holds.
"""

from collections import Counter as Tally
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.db.models import Case, Count, F, Max, OuterRef, Q, Subquery, Sum, UUIDField, Value, When

from treasury import commitments, standing
from treasury.asking import Rows, rows
from treasury.kinds import NET_ASSETS, POSTED, TRACED, AccountKind, Category, ClaimStatus, TransferKind
from treasury.models import (
    Balance,
    Ceiling,
    Claim,
    Counter,
    Hold,
    Instalment,
    Journal,
    Lot,
    Period,
    Transfer,
)

_FUND_SIDE = (*TRACED, AccountKind.UNCOVERED)


@dataclass(frozen=True)
class Law:
    """One law as it stands; ``difference_minor`` is in minor units of the books' currency, or a count."""

    name: str
    difference_minor: int

    @property
    def ok(self) -> bool:
        return self.difference_minor == 0

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "difference_minor": self.difference_minor, "ok": self.ok}


Difference = Callable[[], int]


def journals_balance() -> int:
    """Each journal moves funds by as much as it moves net assets."""
    return sum(abs(off) for _journal, off in rows(_off_by_journal))


def _off_by_journal() -> Rows:
    moved = Transfer.objects.filter(kind__in=POSTED).order_by().values_list("journal_id")
    net = moved.annotate(
        off=Sum(_in("debit", NET_ASSETS) - _in("credit", NET_ASSETS))
        + Sum(_in("debit", _FUND_SIDE) - _in("credit", _FUND_SIDE))
    )
    return net.exclude(off=0)


def _in(side: str, kinds: tuple[AccountKind, ...]) -> Case:
    return Case(When(**{f"{side}__kind__in": kinds}, then=F("amount_minor")), default=Value(0))


def totals_as_recomputed() -> int:
    """Each account's totals are the sums of its transfers."""
    sums: Tally[tuple[str, bool, Any]] = Tally()
    for debit, credit, kind, total in rows(_moved_between):
        for side, account in (("debit", debit), ("credit", credit)):
            if kind in POSTED:
                sums[side, True, account] += total
            if kind != TransferKind.POST:
                sums[side, False, account] += total if kind == TransferKind.PEND else -total
    for account, *totals in rows(_totals):
        sums.subtract(dict(zip(product(("debit", "credit"), (True, False), (account,)), totals, strict=True)))
    return _off(sums)


def _moved_between() -> Rows:
    moved = Transfer.objects.order_by().values_list("debit_id", "credit_id", "kind")
    return moved.annotate(total=Sum("amount_minor"))


def _totals() -> Rows:
    return Balance.objects.values_list(
        "account_id", "debit_posted", "debit_pending", "credit_posted", "credit_pending"
    )


def _off(sums: Mapping[Any, int]) -> int:
    """What is left where two sides should have cancelled out."""
    return sum(abs(total) for total in sums.values())


def funds_are_net_assets() -> int:
    """Funds less uncovered losses = bank + clearing + cash + advances + receivables - payables - suspense."""
    kinds = (*_FUND_SIDE, *NET_ASSETS)
    return sum(
        credit - debit for kind, debit, credit, _held, _held_too in rows(_totals_by_kind) if kind in kinds
    )


def debits_are_credits() -> int:
    """All debits are all credits, posted and held."""
    columns = list(zip(*rows(_totals_by_kind), strict=True))[1:] or [()] * 4
    debit, credit, held_debit, held_credit = map(sum, columns)
    return abs(debit - credit) + abs(held_debit - held_credit)


def _totals_by_kind() -> Rows:
    names = ("debit_posted", "credit_posted", "debit_pending", "credit_pending")
    sums = {f"all_{name}": Sum(name) for name in names}
    return Balance.objects.order_by().values_list("account__kind").annotate(**sums)


def batches_add_up() -> int:
    """What is left of each batch in each fund is what came in less what went out."""
    off: Tally[tuple[Any, Any]] = Tally()
    for side, sign in (("credit", 1), ("debit", -1)):
        for account, batch, total in rows(_moved_in_batches, side):
            off[account, batch] += sign * total
    for account, batch, remaining in rows(_lots):
        off[account, batch] -= remaining
    return _off(off)


def _moved_in_batches(side: str) -> Rows:
    moved = Transfer.objects.filter(kind__in=POSTED, **{f"{side}__kind__in": TRACED}).order_by()
    return moved.values_list(f"{side}_id", "batch_id").annotate(total=Sum("amount_minor"))


def _lots() -> Rows:
    return Lot.objects.values_list("account_id", "batch_id", "remaining_minor")


def holds_are_pending() -> int:
    """What is left of all holds on an account is its pending total."""
    off = Tally(dict(rows(_pending)))
    off.subtract(dict(rows(_held)))
    return _off(off)


def _pending() -> Rows:
    return Balance.objects.filter(debit_pending__gt=0).values_list("account_id", "debit_pending")


def _held() -> Rows:
    held = Hold.objects.filter(remaining_minor__gt=0).order_by().values_list("transfer__debit_id")
    return held.annotate(total=Sum("remaining_minor"))


def commitments_within_funds() -> int:
    """No fund has spent and committed more than it received."""
    return _overdrawn(TRACED)


def commitments_within_ceilings() -> int:
    """No case has spent and committed more than its ceiling."""
    return _overdrawn((AccountKind.CEILING,))


def commitments_within_lines() -> int:
    """No line of a grant has more spent and committed on it than its funder accepts."""
    return _overdrawn((AccountKind.GRANT_LINE,))


def _overdrawn(kinds: tuple[AccountKind, ...]) -> int:
    return sum(over for kind, over in rows(_overdrawn_by_kind) if kind in kinds)


def _overdrawn_by_kind() -> Rows:
    used = F("debit_posted") + F("debit_pending") - F("credit_posted")
    over = Balance.objects.annotate(over=used).filter(over__gt=0).order_by()
    return over.values_list("account__kind").annotate(total=Sum("over"))


def ceilings_as_approved() -> int:
    """Each ceiling's account was given what its last approved version says."""
    off = Tally(dict(rows(_approved)))  # the last version of each case replaces those before it
    for side, sign in (("credit", -1), ("debit", 1)):
        for case_id, total in rows(_granted, side):
            off[case_id] += sign * total
    return _off(off)


def _approved() -> Rows:
    return Ceiling.objects.order_by("case_id", "number").values_list("case_id", "total_minor")


def _granted(side: str) -> Rows:
    granted = Transfer.objects.filter(category=Category.CEILING, **{f"{side}__kind": AccountKind.CEILING})
    return granted.order_by().values_list(f"{side}__subject_id").annotate(total=Sum("amount_minor"))


def claims_as_paid() -> int:
    """Each paid claim left the bank, or the advance it accounts for, once and in full."""
    return sum(abs(base - (left or 0)) for base, left in rows(_paid))


def _paid() -> Rows:
    paid = Claim.objects.filter(status__in=(ClaimStatus.PAID, ClaimStatus.RECONCILED))
    out = (AccountKind.BANK, AccountKind.ADVANCE)
    bank = Sum("paid_in__transfers__amount_minor", filter=Q(paid_in__transfers__credit__kind__in=out))
    return paid.annotate(left=bank).values_list("base_minor", "left")


def instalments_as_booked() -> int:
    """Each instalment received is in the books in full."""
    return sum(abs(received - (came or 0)) for received, came in rows(_received))


def _received() -> Rows:
    bank = Sum(
        "received_in__transfers__amount_minor", filter=Q(received_in__transfers__debit__kind=AccountKind.BANK)
    )
    return Instalment.objects.annotate(came=bank).values_list("received_minor", "came")


def clearing_explained() -> int:
    """Stripe clearing = gifts net of fees, less refunds, disputes and payouts; nothing else touches it."""
    return sum(total for _category, total in rows(_unknown_in_clearing))


def _unknown_in_clearing() -> Rows:
    known = (Category.GIFT, Category.PROCESSING_FEE, Category.REFUND, Category.DISPUTE, Category.PAYOUT)
    touched = Q(debit__kind=AccountKind.CLEARING) | Q(credit__kind=AccountKind.CLEARING)
    other = Transfer.objects.filter(touched).exclude(category__in=known).order_by()
    return other.values_list("category").annotate(total=Sum("amount_minor"))


def one_fund_each() -> int:
    """No transfer out of a fund's account names another fund, so none is in two funders' reports."""
    return sum(total for _category, total in rows(_astray))


def _astray() -> Rows:
    astray = Transfer.objects.filter(debit__kind__in=TRACED).exclude(fund_id=F("debit__subject_id"))
    # By category: by fund SQLite would walk all transfers along that index to save itself the grouping.
    return astray.order_by().values_list("category").annotate(total=Sum("amount_minor"))


def numbers_have_no_gap() -> int:
    """Journals are numbered 1, 2, 3 and so on; the difference is a count."""
    found = rows(_numbered)
    count = sum(journals for _kind, journals, _last in found)
    last = max((last for _kind, _journals, last in found), default=0)
    counter = sum(number for (number,) in rows(_counter))
    return int(abs(counter - count) + abs(last - count))


def _numbered() -> Rows:
    by_kind = Journal.objects.order_by().values_list("kind")
    return by_kind.annotate(count=Count("id"), last=Max("number"))


def _counter() -> Rows:
    return Counter.objects.filter(pk=1).values_list("last_number")


def closed_periods_stand() -> int:
    """Each closed period shows the figures it was closed with."""
    return sum(
        abs(kept - (journals or 0)) + abs(kept_minor - (posted or 0))
        for kept, kept_minor, journals, posted in rows(_closed)
    )


def _closed() -> Rows:
    days = (OuterRef("starts_on"), OuterRef("ends_on"))
    journals = standing.booked_within(*days).order_by().values(all=Value(1))
    posted = standing.posted_within(*days).order_by()
    return Period.objects.order_by().values_list(
        "journals",
        "posted_minor",
        Subquery(journals.annotate(count=Count("id")).values("count")),
        Subquery(posted.values(all=Value(1)).annotate(total=Sum("amount_minor")).values("total")),
    )


def advances_as_held() -> int:
    """What is out as advances is still held by funds for its vouchers, and belongs to a paid claim."""
    out: Tally[Any] = Tally()
    for commitment, debit, credit in rows(_advances):
        out[commitment] += debit - credit if commitment else abs(debit - credit)
    held = dict(rows(_in_hand)) if out else {}
    return sum(max(amount - held.get(commitment, 0), 0) for commitment, amount in out.items())


def _advances() -> Rows:
    paid = Claim.objects.filter(pk=OuterRef("account__subject_id"), paid_in__isnull=False)
    kept = Balance.objects.filter(account__kind=AccountKind.ADVANCE).exclude(debit_posted=F("credit_posted"))
    # Without its type the id would stay text on SQLite.
    commitment = Subquery(paid.values("commitment_id"), output_field=UUIDField())
    return kept.values_list(commitment, "debit_posted", "credit_posted")


def _in_hand() -> Rows:
    paid = Claim.objects.filter(paid_in__isnull=False)
    held = Hold.objects.filter(
        remaining_minor__gt=0,
        transfer__debit__kind__in=commitments.IN_HAND,
        transfer__commitment__in=paid.values("commitment_id"),
    )
    return held.order_by().values_list("transfer__commitment_id").annotate(total=Sum("remaining_minor"))


LAWS: dict[str, Difference] = {
    "journals-balance": journals_balance,
    "debits-are-credits": debits_are_credits,
    "totals-as-recomputed": totals_as_recomputed,
    "funds-are-net-assets": funds_are_net_assets,
    "batches-add-up": batches_add_up,
    "holds-are-pending": holds_are_pending,
    "commitments-within-funds": commitments_within_funds,
    "commitments-within-ceilings": commitments_within_ceilings,
    "commitments-within-lines": commitments_within_lines,
    "ceilings-as-approved": ceilings_as_approved,
    "claims-as-paid": claims_as_paid,
    "advances-as-held": advances_as_held,
    "instalments-as-booked": instalments_as_booked,
    "clearing-explained": clearing_explained,
    "one-fund-each": one_fund_each,
    "numbers-have-no-gap": numbers_have_no_gap,
    "closed-periods-stand": closed_periods_stand,
}


def register(name: str, difference: Difference) -> None:
    """Let a room above add a law of its own; from ``AppConfig.ready``."""
    LAWS[name] = difference


def check() -> list[Law]:
    """Every law with its difference."""
    return [Law(name, difference()) for name, difference in LAWS.items()]


def broken() -> Iterator[str]:
    """The laws that do not hold, as lines for ``verify``."""
    for law in check():
        if not law.ok:
            yield f"{law.name}: off by {law.difference_minor}"
