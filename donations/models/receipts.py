"""Receipts: a random number for the outside, and what it stands for now."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.tracked import Tracked
from donations.models.gifts import Donation


class Receipt(Tracked):
    """What we confirm of one gift. ``number`` is random: it counts nothing and joins nothing.

    After part of the gift went back, a new receipt over the rest replaces it; after all of it, it is void.
    Amounts are minor units of ``currency``, what reached us before fees.
    """

    class State(models.TextChoices):
        VALID = "valid", _("Valid")
        REPLACED = "replaced", _("Replaced")
        VOID = "void", _("Void")

    donation = models.ForeignKey(Donation, models.PROTECT, related_name="receipts")
    number = models.CharField(max_length=14, unique=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    given_on = models.DateField()
    issued_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.VALID)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(Tracked.Meta):
        ordering = ["issued_at", "id"]
        constraints = [
            models.CheckConstraint(name="receipt_positive", condition=Q(amount_minor__gt=0)),
            models.UniqueConstraint(
                name="receipt_one_valid", fields=["donation"], condition=Q(state="valid")
            ),
            models.CheckConstraint(
                name="receipt_ended_whole",
                condition=Q(state="valid", ended_at=None)
                | Q(state__in=["replaced", "void"], ended_at__isnull=False),
            ),
        ]
