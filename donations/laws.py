"""Money laws of gifts, beside those of the books."""

from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat

from donations.models import Donation, Fact
from donations.models.gifts import Status
from treasury.models import Journal

TAKEN_OVER = "past:"


def settled_gifts_are_booked() -> int:
    """Gifts we say are settled, whose balance transaction is in no journal."""
    booked = Journal.objects.filter(key=Concat(Value("gift:"), OuterRef("object_id")))
    settled = Fact.objects.filter(kind=Fact.Kind.SETTLED).exclude(object_id__startswith=TAKEN_OVER)
    return settled.exclude(Exists(booked)).count()


def booked_gifts_are_settled() -> int:
    """Gifts with a booked payment that are not shown as settled."""
    booked = Fact.objects.filter(kind=Fact.Kind.SETTLED, donation=OuterRef("pk"))
    return Donation.objects.exclude(status=Status.SETTLED).filter(Exists(booked)).count()
