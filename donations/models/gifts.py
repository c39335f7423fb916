"""Gifts. Their status is a projection of facts, so order, doubles and gaps cannot matter."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.tracked import AppendOnly, Tracked, TrackedManager, TrackedQuerySet
from treasury.models import Batch, Fund


class Level(models.TextChoices):
    """How much the giver wants us to remember."""

    QUIET = "quiet", _("Nothing at all")
    CODE = "code", _("A code that only you know")


class Status(models.TextChoices):
    """What the facts about a gift amount to; see donations/status.py."""

    DRAFT = "draft", _("Not yet sent to the payment page")
    OPEN = "open", _("Payment page open")
    PROCESSING = "processing", _("The bank is working on it")
    PAID = "paid", _("Paid, not yet booked")
    SETTLED = "settled", _("Booked")
    FAILED = "failed", _("Payment failed")
    EXPIRED = "expired", _("Payment page expired")


class DonationQuerySet(TrackedQuerySet["Donation"]):
    def settled(self) -> "DonationQuerySet":
        """Gifts whose money is in the books."""
        return self.filter(status=Status.SETTLED)

    def unresolved(self) -> "DonationQuerySet":
        """Gifts that may still turn out either way."""
        return self.filter(status__in=[Status.OPEN, Status.PROCESSING, Status.PAID])

    def held(self) -> "DonationQuerySet":
        """Gifts that wait for a human's decision."""
        return self.filter(facts__kind__in=[Fact.Kind.DIFFERS, Fact.Kind.RISK_COUNTRY]).distinct()


class Donation(Tracked):
    """One gift to one fund. There is no giver in it.

    ``code_digest`` is the SHA-256 of a random code that the giver holds, or empty. ``amount_minor`` is
    what was asked for; what arrived is in the facts and in the books.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="donations")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    level = models.CharField(max_length=10, choices=Level)
    language = models.CharField(max_length=8)
    fallback = models.CharField(max_length=20)
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT, db_index=True)
    code_digest = models.CharField(max_length=64, blank=True, default="")
    given_on = models.DateField(db_index=True)

    objects = TrackedManager.from_queryset(DonationQuerySet)()

    class Meta(Tracked.Meta):
        constraints = [
            models.CheckConstraint(name="donation_positive", condition=Q(amount_minor__gt=0)),
            models.UniqueConstraint(
                name="donation_code_once", fields=["code_digest"], condition=~Q(code_digest="")
            ),
            models.CheckConstraint(
                name="donation_quiet_has_no_code", condition=Q(level="code") | Q(code_digest="")
            ),
        ]


class Attempt(Tracked):
    """One attempt to pay a gift. The key is stored before Stripe is asked, so asking again is safe."""

    donation = models.ForeignKey(Donation, models.PROTECT, related_name="attempts")
    idempotency_key = models.CharField(max_length=64, unique=True)
    session_id = models.CharField(max_length=120, null=True, blank=True, unique=True)  # many are unknown
    payment_intent_id = models.CharField(max_length=120, blank=True, default="", db_index=True)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta(Tracked.Meta):
        ordering = ["opened_at"]


class Fact(AppendOnly):
    """Something that is so about a gift, learnt from Stripe; each is recorded once.

    ``object_id`` is Stripe's id of what shows it; amounts are minor units in ``currency``, set where the
    fact is about money.
    """

    class Kind(models.TextChoices):
        OPENED = "opened", _("Payment page opened")
        PROCESSING = "processing", _("Payment under way")
        PAID = "paid", _("Payment succeeded")
        SETTLED = "settled", _("Booked from the balance transaction")
        FAILED = "failed", _("Payment failed")
        EXPIRED = "expired", _("Payment page expired")
        DIFFERS = "differs", _("Amount or currency differs from what was asked")
        RISK_COUNTRY = "risk-country", _("Paid with a card of a risk country")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    donation = models.ForeignKey(Donation, models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=12, choices=Kind)
    object_id = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
    gross_minor = models.BigIntegerField(null=True)
    fee_minor = models.BigIntegerField(null=True)
    net_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="+")

    class Meta(AppendOnly.Meta):
        ordering = ["recorded_at", "id"]
        constraints = [
            models.UniqueConstraint(name="fact_once", fields=["kind", "object_id"]),
            models.CheckConstraint(
                name="fact_settled_whole",
                condition=~Q(kind="settled")
                | Q(
                    gross_minor__isnull=False,
                    fee_minor__isnull=False,
                    net_minor__isnull=False,
                    batch__isnull=False,
                ),
            ),
        ]
