"""Money laws of gifts, beside those of the books."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Concat

from donations import arrived
from donations.models import Donation, Fact, Movement, Payout, Refund
from donations.models.gifts import BOOKED, MOVED
from treasury.asking import Rows, rows
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
    return sum(count for _kind, count in rows(_settled_unbooked))


def _settled_unbooked() -> Rows:
    booked = Journal.objects.filter(key=Concat(Value("gift:"), OuterRef("object_id")))
    settled = Fact.objects.filter(kind=Fact.Kind.SETTLED).exclude(object_id__startswith=TAKEN_OVER)
    return settled.exclude(Exists(booked)).order_by().values_list("kind").annotate(count=Count("id"))


def booked_gifts_are_settled() -> int:
    """Gifts with a booked payment that are not shown as settled."""
    return sum(count for _status, count in rows(_booked_unsettled))


def _booked_unsettled() -> Rows:
    booked = Fact.objects.filter(kind=Fact.Kind.SETTLED, donation=OuterRef("pk"))
    others = Donation.objects.exclude(status__in=BOOKED).filter(Exists(booked)).order_by()
    return others.values_list("status").annotate(count=Count("id"))


def clearing_is_net_less_payouts() -> int:
    """What each known balance transaction did to Stripe's balance, the books did to the clearing account."""
    asked = (_cleared_by_gifts, _cleared_by_payouts, _cleared_otherwise)
    return sum(abs((said or 0) - (done or 0)) for of in asked for _kind, said, done in rows(of))


def _cleared_by_gifts() -> Rows:
    facts = Fact.objects.exclude(object_id__startswith=TAKEN_OVER)
    return _beside(facts, "kind", _KEYS, "object_id", "net_minor")


def _cleared_by_payouts() -> Rows:
    # A fee taken with a payout is booked beside it.
    return _beside(Movement.objects.all(), "booked_as", _PAYOUT_KEYS, "source_id", "gross_minor")


def _cleared_otherwise() -> Rows:
    return _beside(Movement.objects.all(), "booked_as", _OTHER_KEYS, "id", "net_minor")


def _beside(of: QuerySet[_Row], kind: str, keys: Mapping[Any, str], name: str, amount: str) -> Rows:
    """What rows of each kind say, and what their journals did to the clearing account."""
    begin = Case(*(When(**{kind: each}, then=Value(key)) for each, key in keys.items()))
    known = of.filter(**{f"{kind}__in": list(keys)}).order_by()
    booked = known.annotate(journal_key=Concat(begin, F(name))).annotate(did=Subquery(_cleared_by_journal()))
    return booked.values_list(kind).annotate(said=Sum(amount), done=Sum("did"))


def _cleared_by_journal() -> QuerySet[Transfer, Any]:
    """What the journal that a row names did to the clearing account."""
    came, went = (Q(**{f"{side}__code": "clearing:stripe"}) for side in ("debit", "credit"))
    signed = Case(When(came, then=F("amount_minor")), default=-F("amount_minor"))
    one = Transfer.objects.filter(came | went, journal__key=OuterRef("journal_key")).order_by()
    return one.values("journal__key").annotate(total=Sum(signed)).values("total")


def payouts_are_their_transactions() -> int:
    """Each payout is the sum of the transactions it names."""
    return sum(
        abs(amount - kept) + abs(kept - (total or 0)) for amount, kept, total in rows(_named_by_payouts)
    )


def _named_by_payouts() -> Rows:
    named = Payout.objects.exclude(entries_minor=None).order_by()
    summed = named.annotate(total=Sum("lines__net_minor"))
    return summed.values_list("amount_minor", "entries_minor", "total")


def gifts_show_what_went_back() -> int:
    """What a gift shows as given back or contested is the sum of its facts."""
    return sum(
        abs(shown + (gross or 0)) + abs(disputed + (held or 0))
        for shown, disputed, gross, held in rows(_touched)
    )


def _touched() -> Rows:
    back = Q(facts__kind__in=[Fact.Kind.REFUNDED, Fact.Kind.REFUND_RETURNED])
    taken = Q(facts__kind__in=[Fact.Kind.DISPUTE_TAKEN, Fact.Kind.DISPUTE_RETURNED])
    touched = (
        Q(refunded_minor__gt=0)
        | Q(disputed_minor__gt=0)
        | Exists(Fact.objects.filter(donation=OuterRef("pk"), kind__in=MOVED).exclude(kind=Fact.Kind.SETTLED))
    )
    summed = Donation.objects.filter(touched).annotate(
        back=Sum("facts__gross_minor", filter=back), taken=Sum("facts__gross_minor", filter=taken)
    )
    return summed.order_by().values_list("refunded_minor", "disputed_minor", "back", "taken")


def refunds_within_gifts() -> int:
    """No gift gives back more than arrived."""
    asked = rows(_asked_back)
    facts: dict[Any, list[arrived.Told]] = defaultdict(list)
    for gift, *told in rows(_told) if asked else ():
        facts[gift].append((told[0], told[1], told[2]))
    over = 0
    for gift, currency, amount, back in asked:
        came = arrived.by(facts[gift], currency, amount)
        over += max(0, back - came.paid_minor) if came else 0
    return over


def _asked_back() -> Rows:
    standing = Refund.objects.standing().order_by()
    of_gift = standing.values_list("donation_id", "donation__currency", "donation__amount_minor")
    return of_gift.annotate(total=Sum("amount_minor"))


def _told() -> Rows:
    standing = Refund.objects.standing().order_by().values("donation_id")
    facts = Fact.objects.filter(donation__in=standing, kind__in=arrived.TELLING).order_by()
    return facts.values_list("donation_id", *arrived.TOLD)


LAWS = {
    "settled-gifts-are-booked": settled_gifts_are_booked,
    "booked-gifts-are-settled": booked_gifts_are_settled,
    "stripe-clearing-is-net-less-payouts": clearing_is_net_less_payouts,
    "payouts-are-their-transactions": payouts_are_their_transactions,
    "gifts-show-what-went-back": gifts_show_what_went_back,
    "refunds-within-gifts": refunds_within_gifts,
}
