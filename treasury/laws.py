"""The money laws: what must hold in the books at any moment, each with the difference that breaks it.

Rooms above add theirs with :func:`register`. A difference of 0 means the law holds.
"""

from collections import Counter as Tally
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, Max, Q, Sum, Value, When

from treasury import commitments, standing
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
    moved = Transfer.objects.filter(kind__in=POSTED).order_by().values("journal")
    net = moved.annotate(
        off=Sum(_in("debit", NET_ASSETS) - _in("credit", NET_ASSETS))
        + Sum(_in("debit", _FUND_SIDE) - _in("credit", _FUND_SIDE))
    )
    return sum(abs(int(row["off"])) for row in net.exclude(off=0))


def _in(side: str, kinds: tuple[AccountKind, ...]) -> Case:
    return Case(When(**{f"{side}__kind__in": kinds}, then=F("amount_minor")), default=Value(0))


def totals_as_recomputed() -> int:
    """Each account's totals are the sums of its transfers."""
    posted = Q(kind__in=POSTED)
    made = Q(kind=TransferKind.PEND)
    used = Q(kind__in=(TransferKind.POST_PEND, TransferKind.VOID_PEND))
    sums: dict[tuple[str, Any], tuple[int, int]] = {}
    for side in ("debit", "credit"):
        grouped = (
            Transfer.objects.order_by()
            .values_list(f"{side}_id")
            .annotate(
                done=Sum("amount_minor", filter=posted),
                held=Sum("amount_minor", filter=made),
                gone=Sum("amount_minor", filter=used),
            )
        )
        for account_id, done, held, gone in grouped:
            sums[side, account_id] = (done or 0, (held or 0) - (gone or 0))
    difference = 0
    for kept in Balance.objects.all():
        debit, credit = (sums.pop((side, kept.account_id), (0, 0)) for side in ("debit", "credit"))
        difference += abs(kept.debit_posted - debit[0]) + abs(kept.debit_pending - debit[1])
        difference += abs(kept.credit_posted - credit[0]) + abs(kept.credit_pending - credit[1])
    return difference + sum(abs(done) + abs(held) for done, held in sums.values())


def funds_are_net_assets() -> int:
    """Funds less uncovered losses = bank + clearing + cash + advances + receivables - payables - suspense."""
    return _standing(Q(account__kind__in=_FUND_SIDE)) + _standing(Q(account__kind__in=NET_ASSETS))


def _standing(which: Q) -> int:
    sums = Balance.objects.filter(which).aggregate(credits=Sum("credit_posted"), debits=Sum("debit_posted"))
    return int(sums["credits"] or 0) - int(sums["debits"] or 0)


def debits_are_credits() -> int:
    """All debits are all credits, posted and held."""
    names = ("debit_posted", "credit_posted", "debit_pending", "credit_pending")
    sums = Balance.objects.aggregate(**{f"all_{name}": Sum(name) for name in names})
    debit, credit, held_debit, held_credit = (sums[f"all_{name}"] or 0 for name in names)
    return int(abs(debit - credit) + abs(held_debit - held_credit))


def batches_add_up() -> int:
    """What is left of each batch in each fund is what came in less what went out."""
    expected: dict[tuple[Any, Any], int] = {}
    for side, sign in (("credit", 1), ("debit", -1)):
        moved = Transfer.objects.filter(kind__in=POSTED, **{f"{side}__kind__in": TRACED}).order_by()
        for account, batch, total in moved.values_list(f"{side}_id", "batch_id").annotate(
            total=Sum("amount_minor")
        ):
            expected[account, batch] = expected.get((account, batch), 0) + sign * total
    for lot in Lot.objects.all():
        key = (lot.account_id, lot.batch_id)
        expected[key] = expected.get(key, 0) - lot.remaining_minor
    return sum(abs(difference) for difference in expected.values())


def holds_are_pending() -> int:
    """What is left of all holds on an account is its pending total."""
    held = Hold.objects.order_by().values_list("transfer__debit_id").annotate(total=Sum("remaining_minor"))
    left = dict(held)
    balances = Balance.objects.filter(Q(debit_pending__gt=0) | Q(account__in=list(left)))
    return sum(abs(kept.debit_pending - (left.get(kept.account_id) or 0)) for kept in balances)


def commitments_within_funds() -> int:
    """No fund has spent and committed more than it received."""
    return _overdrawn(TRACED)


def commitments_within_ceilings() -> int:
    """No case has spent and committed more than its ceiling."""
    return _overdrawn((AccountKind.CEILING,))


def _overdrawn(kinds: tuple[AccountKind, ...]) -> int:
    used = F("debit_posted") + F("debit_pending") - F("credit_posted")
    over = Balance.objects.filter(account__kind__in=kinds).annotate(over=used).filter(over__gt=0)
    return int(over.aggregate(total=Sum("over"))["total"] or 0)


def ceilings_as_approved() -> int:
    """Each ceiling's account was given what its last approved version says."""
    approved = {row.case_id: row.total_minor for row in Ceiling.objects.order_by("case_id", "number")}
    granted = Transfer.objects.filter(category=Category.CEILING).order_by()
    for side, sign in (("credit", -1), ("debit", 1)):
        rows = granted.filter(**{f"{side}__kind": AccountKind.CEILING}).values_list(f"{side}__subject_id")
        for case_id, total in rows.annotate(total=Sum("amount_minor")):
            approved[case_id] = approved.get(case_id, 0) + sign * total
    return sum(abs(difference) for difference in approved.values())


def claims_as_paid() -> int:
    """Each paid claim left the bank, or the advance it accounts for, once and in full."""
    paid = Claim.objects.filter(status__in=(ClaimStatus.PAID, ClaimStatus.RECONCILED))
    out = (AccountKind.BANK, AccountKind.ADVANCE)
    bank = Sum("paid_in__transfers__amount_minor", filter=Q(paid_in__transfers__credit__kind__in=out))
    rows = paid.annotate(left=bank).values_list("base_minor", "left")
    return sum(abs(base - (left or 0)) for base, left in rows)


def instalments_as_booked() -> int:
    """Each instalment received is in the books in full."""
    bank = Sum(
        "received_in__transfers__amount_minor", filter=Q(received_in__transfers__debit__kind=AccountKind.BANK)
    )
    rows = Instalment.objects.annotate(came=bank).values_list("received_minor", "came")
    return sum(abs(received - (came or 0)) for received, came in rows)


def clearing_explained() -> int:
    """Stripe clearing = gifts net of fees, less refunds, disputes and payouts; nothing else touches it."""
    known = (Category.GIFT, Category.PROCESSING_FEE, Category.REFUND, Category.DISPUTE, Category.PAYOUT)
    other = Transfer.objects.filter(
        Q(debit__kind=AccountKind.CLEARING) | Q(credit__kind=AccountKind.CLEARING)
    ).exclude(category__in=known)
    return int(other.aggregate(total=Sum("amount_minor"))["total"] or 0)


def one_fund_each() -> int:
    """No transfer out of a fund's account names another fund, so none is in two funders' reports."""
    astray = Transfer.objects.filter(debit__kind__in=TRACED).exclude(fund_id=F("debit__subject_id"))
    return int(astray.aggregate(total=Sum("amount_minor"))["total"] or 0)


def numbers_have_no_gap() -> int:
    """Journals are numbered 1, 2, 3 and so on; the difference is a count."""
    found = Journal.objects.aggregate(count=Count("id"), last=Max("number"))
    counter = Counter.objects.filter(pk=1).values_list("last_number", flat=True).first() or 0
    return int(abs(counter - found["count"]) + abs((found["last"] or 0) - found["count"]))


def closed_periods_stand() -> int:
    """Each closed period shows the figures it was closed with."""
    difference = 0
    for period in Period.objects.all():
        journals, posted = standing.control_figures(period.starts_on, period.ends_on)
        difference += abs(period.journals - journals) + abs(period.posted_minor - posted)
    return difference


def commitments_within_lines() -> int:
    """No line of a grant has more spent and committed on it than its funder accepts."""
    return _overdrawn((AccountKind.GRANT_LINE,))


def advances_as_held() -> int:
    """What is out as advances is still held by funds for its vouchers, and belongs to a paid claim."""
    out: Tally[Any] = Tally()
    difference = 0
    kept = Balance.objects.filter(account__kind=AccountKind.ADVANCE).exclude(debit_posted=F("credit_posted"))
    left = {row.account.subject_id: -row.posted_minor for row in kept.select_related("account")}
    paid = Claim.objects.filter(pk__in=list(left), paid_in__isnull=False).select_related("commitment")
    found = {claim.pk: claim for claim in paid}
    for claim_id, amount in left.items():
        claim = found.get(claim_id) if claim_id is not None else None
        if claim is None or claim.commitment is None:
            difference += abs(amount)
        else:
            out[claim.commitment] += amount
    return difference + sum(max(amount - commitments.in_hand_minor(one), 0) for one, amount in out.items())


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
