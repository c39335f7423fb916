"""Money laws of gifts, beside those of the books."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Concat

from donations import arrived
from donations.models import Donation, Fact, Movement, Payout, Refund
from donations.models.gifts import BOOKED, MOVED
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
_PAYOUT_KEYS = {
    Movement.BookedAs.PAYOUT: "payout-sent:",
    Movement.BookedAs.PAYOUT_FAILED: "payout-failed:",
}
_OTHER_KEYS = {
    Movement.BookedAs.FEE: "processor:",
    Movement.BookedAs.SUSPENSE: "suspense:",
}
_Row = TypeVar("_Row", Fact, Movement)


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
    facts = Fact.objects.exclude(object_id__startswith=TAKEN_OVER)
    # A fee taken with a payout is booked beside it.
    return (
        _apart(facts, "kind", _KEYS, "object_id", "net_minor")
        + _apart(Movement.objects.all(), "booked_as", _PAYOUT_KEYS, "source_id", "gross_minor")
        + _apart(Movement.objects.all(), "booked_as", _OTHER_KEYS, "id", "net_minor")
    )


def _apart(rows: QuerySet[_Row], kind: str, keys: Mapping[Any, str], name: str, amount: str) -> int:
    """How far what rows of each kind say is from what their journals did to the clearing account."""
    begin = Case(*(When(**{kind: each}, then=Value(key)) for each, key in keys.items()))
    known = rows.filter(**{f"{kind}__in": list(keys)}).order_by()
    booked = known.annotate(journal_key=Concat(begin, F(name))).annotate(did=Subquery(_cleared_by_journal()))
    per_kind = booked.values(kind).annotate(said=Sum(amount), done=Sum("did"))
    return sum(abs(int(row["said"] or 0) - int(row["done"] or 0)) for row in per_kind)


def _cleared_by_journal() -> QuerySet[Transfer, Any]:
    """What the journal that a row names did to the clearing account."""
    came, went = (Q(**{f"{side}__code": "clearing:stripe"}) for side in ("debit", "credit"))
    signed = Case(When(came, then=F("amount_minor")), default=-F("amount_minor"))
    one = Transfer.objects.filter(came | went, journal__key=OuterRef("journal_key")).order_by()
    return one.values("journal__key").annotate(total=Sum(signed)).values("total")


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
