"""Money laws of gifts, beside those of the books."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Concat

from donations import arrived
from donations.models import Donation, Fact, Movement, Payout, Refund
from donations.models.gifts import BOOKED, MOVED
from treasury.kinds import AccountKind
from treasury.models import Journal, Transfer

TAKEN_OVER = "past:"
# How the journal of each kind of fact or movement is called.
_KEYS = {
    Fact.Kind.SETTLED: "gift:",
    Fact.Kind.REFUNDED: "refund:",
    Fact.Kind.DISPUTE_TAKEN: "dispute:",
    Fact.Kind.REFUND_RETURNED: "returned:",
    Fact.Kind.DISPUTE_RETURNED: "returned:",
}
_MOVEMENT_KEYS = {
    Movement.BookedAs.PAYOUT: "payout-sent:",
    Movement.BookedAs.PAYOUT_FAILED: "payout-failed:",
    Movement.BookedAs.FEE: "processor:",
    Movement.BookedAs.SUSPENSE: "suspense:",
}


def settled_gifts_are_booked() -> int:
    """Gifts we say are settled, whose balance transaction is in no journal."""
    booked = Journal.objects.filter(key=Concat(Value("gift:"), OuterRef("object_id")))
    settled = Fact.objects.filter(kind=Fact.Kind.SETTLED).exclude(object_id__startswith=TAKEN_OVER)
    return settled.exclude(Exists(booked)).count()


def booked_gifts_are_settled() -> int:
    """Gifts with a booked payment that are not shown as settled."""
    booked = Fact.objects.filter(kind=Fact.Kind.SETTLED, donation=OuterRef("pk"))
    return Donation.objects.exclude(status__in=BOOKED).filter(Exists(booked)).count()


def clearing_is_net_less_payouts() -> int:
    """What each known balance transaction did to Stripe's balance, the books did to the clearing account."""
    difference = 0
    for kind, begin in _KEYS.items():
        facts = Fact.objects.filter(kind=kind).exclude(object_id__startswith=TAKEN_OVER)
        difference += abs(_net(facts) - _cleared(begin, facts.values("object_id")))
    for booked_as, begin in _MOVEMENT_KEYS.items():
        moved = Movement.objects.filter(booked_as=booked_as)
        # A fee taken with a payout is booked beside it.
        paid = (Movement.BookedAs.PAYOUT, Movement.BookedAs.PAYOUT_FAILED)
        field = "gross_minor" if booked_as in paid else "net_minor"
        total = moved.aggregate(total=Sum(field))["total"] or 0
        named = "source_id" if begin.startswith("payout") else "id"
        difference += abs(total - _cleared(begin, moved.values(named)))
    return difference


def _net(facts: QuerySet[Fact]) -> int:
    return int(facts.aggregate(total=Sum("net_minor"))["total"] or 0)


def _cleared(begin: str, ids: QuerySet[object]) -> int:  # type: ignore[type-var]
    """What the journals of these transactions did to the clearing account."""
    name = next(iter(ids.query.values_select), "id")
    keys = ids.annotate(journal_key=Concat(Value(begin), F(name))).values("journal_key")
    moved = Transfer.objects.filter(journal__key__in=keys).order_by()
    stripe = {"kind": AccountKind.CLEARING, "code": "clearing:stripe"}
    came = moved.filter(**{f"debit__{k}": v for k, v in stripe.items()}).aggregate(total=Sum("amount_minor"))
    went = moved.filter(**{f"credit__{k}": v for k, v in stripe.items()}).aggregate(total=Sum("amount_minor"))
    return int(came["total"] or 0) - int(went["total"] or 0)


def payouts_are_their_transactions() -> int:
    """Each payout is the sum of the transactions it names."""
    named = Payout.objects.exclude(entries_minor=None)
    summed = named.annotate(total=Sum("lines__net_minor"))
    rows = summed.values_list("amount_minor", "entries_minor", "total")
    return sum(abs(amount - (kept or 0)) + abs((kept or 0) - (total or 0)) for amount, kept, total in rows)


def gifts_show_what_went_back() -> int:
    """What a gift shows as given back or contested is the sum of its facts."""
    back = Q(facts__kind__in=[Fact.Kind.REFUNDED, Fact.Kind.REFUND_RETURNED])
    taken = Q(facts__kind__in=[Fact.Kind.DISPUTE_TAKEN, Fact.Kind.DISPUTE_RETURNED])
    touched = (
        Q(refunded_minor__gt=0)
        | Q(disputed_minor__gt=0)
        | Exists(Fact.objects.filter(donation=OuterRef("pk"), kind__in=MOVED).exclude(kind=Fact.Kind.SETTLED))
    )
    rows = Donation.objects.filter(touched).annotate(
        back=Sum("facts__gross_minor", filter=back), taken=Sum("facts__gross_minor", filter=taken)
    )
    return sum(
        abs(shown + (gross or 0)) + abs(disputed + (held or 0))
        for shown, disputed, gross, held in rows.values_list(
            "refunded_minor", "disputed_minor", "back", "taken"
        )
    )


def refunds_within_gifts() -> int:
    """No gift gives back more than arrived."""
    standing = Refund.objects.standing().order_by().values("donation")
    over = 0
    asked = dict(standing.values_list("donation").annotate(total=Sum("amount_minor")))
    for donation in Donation.objects.filter(pk__in=list(asked)):
        came = arrived.of(donation)
        over += max(0, asked[donation.pk] - came.paid_minor) if came else 0
    return over


LAWS = {
    "settled gifts are booked": settled_gifts_are_booked,
    "booked gifts are settled": booked_gifts_are_settled,
    "stripe-clearing-is-net-less-payouts": clearing_is_net_less_payouts,
    "payouts-are-their-transactions": payouts_are_their_transactions,
    "gifts-show-what-went-back": gifts_show_what_went_back,
    "refunds-within-gifts": refunds_within_gifts,
}
