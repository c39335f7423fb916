"""Gifts. Their status is a projection of facts, so order, doubles and gaps cannot matter."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.tracked import AppendOnly, Tracked, TrackedManager, TrackedQuerySet
from donations.models.alarms import Alarm
from treasury.models import Batch, Fund


class Level(models.TextChoices):
    """How much the giver wants us to remember."""

    QUIET = "quiet", _("Nothing at all")
    CODE = "code", _("A code that only you know")
    RECEIPT = "receipt", _("A receipt by e-mail")
    IN_TOUCH = "in-touch", _("My address, to stay in touch")


# Levels at which somebody left an address.
WITH_ADDRESS = (Level.RECEIPT, Level.IN_TOUCH)


class Status(models.TextChoices):
    """What the facts about a gift amount to; see donations/status.py."""

    DRAFT = "draft", _("Not yet sent to the payment page")
    OPEN = "open", _("Payment page open")
    PROCESSING = "processing", _("The bank is working on it")
    PAID = "paid", _("Paid, not yet booked")
    SETTLED = "settled", _("Booked")
    PAID_OUT = "paid-out", _("Paid out to the bank")
    FAILED = "failed", _("Payment failed")
    EXPIRED = "expired", _("Payment page expired")
    ABANDONED = "abandoned", _("Never went to the payment page")


# The money is in the books.
BOOKED = (Status.SETTLED, Status.PAID_OUT)
# May still turn out either way.
UNDECIDED = (Status.OPEN, Status.PROCESSING, Status.PAID)


class DonationQuerySet(TrackedQuerySet["Donation"]):
    def settled(self) -> "DonationQuerySet":
        """Gifts whose money is in the books."""
        return self.filter(status__in=BOOKED)

    def unresolved(self) -> "DonationQuerySet":
        """Gifts that may still turn out either way."""
        return self.filter(status__in=UNDECIDED)

    def held(self) -> "DonationQuerySet":
        """Gifts that wait for a human's decision."""
        waiting = Alarm.objects.open().filter(kind__in=Alarm.HOLDS, donation=models.OuterRef("pk"))
        return self.filter(models.Exists(waiting))


class Donation(Tracked):
    """One gift to one fund. ``donor`` is an opaque id, only of those who asked to be found again.

    ``code_digest`` is the SHA-256 of a random code that the giver holds, or empty. ``amount_minor`` is
    what was asked for; what arrived is in the facts and in the books. ``status`` and the amounts given back
    (``refunded_minor``) or contested (``disputed_minor``), in the books' currency, are projections of its
    facts.
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
    recurring = models.ForeignKey(
        "donations.RecurringDonation", models.PROTECT, null=True, blank=True, related_name="donations"
    )
    refunded_minor = models.BigIntegerField(default=0)
    disputed_minor = models.BigIntegerField(default=0)
    donor = models.ForeignKey(
        "donations.Donor", models.PROTECT, null=True, blank=True, related_name="donations"
    )

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
            models.CheckConstraint(
                name="donation_donor_if_asked",
                condition=Q(level__in=["receipt", "in-touch"], donor__isnull=False)
                | Q(level__in=["quiet", "code"], donor=None),
            ),
            models.CheckConstraint(
                name="donation_overlays_not_negative",
                condition=Q(refunded_minor__gte=0, disputed_minor__gte=0),
            ),
        ]


class Attempt(Tracked):
    """One attempt to pay a gift. The key is stored before Stripe is asked, so asking again is safe.

    An attempt is made by a payment page (``session_id``) or by an invoice of a recurring donation
    (``invoice_id``); the first invoice has both. Ids that are not known yet are null.
    """

    donation = models.ForeignKey(Donation, models.PROTECT, related_name="attempts")
    idempotency_key = models.CharField(max_length=64, unique=True)
    session_id = models.CharField(max_length=120, null=True, blank=True, unique=True)  # many are unknown
    invoice_id = models.CharField(max_length=120, null=True, blank=True, unique=True)
    payment_intent_id = models.CharField(max_length=120, blank=True, default="", db_index=True)
    charge_id = models.CharField(max_length=120, blank=True, default="", db_index=True)
    opened_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()

    class Meta(Tracked.Meta):
        ordering = ["opened_at"]


class Fact(AppendOnly):
    """Something that is so about a gift, learnt from Stripe; each is recorded once.

    ``object_id`` is Stripe's id of what shows it: session, payment, refund, dispute, or the balance
    transaction where money moved (``MOVED``); of a payout, its id and the transaction's. Amounts are minor
    units in ``currency``, negative when money leaves.
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
        FOREIGN = "foreign", _("Arrived in a currency the books do not run in")
        PAID_OUT = "paid-out", _("Paid out to the bank")
        PAYOUT_FAILED = "payout-failed", _("The payout came back")
        REFUNDED = "refunded", _("Given back")
        REFUND_RETURNED = "refund-returned", _("What was given back came back to us")
        DISPUTED = "disputed", _("The bank of the giver contests the payment")
        INQUIRY = "inquiry", _("The bank of the giver asks about the payment")
        DISPUTE_TAKEN = "dispute-taken", _("Contested money was taken from us")
        DISPUTE_RETURNED = "dispute-returned", _("Contested money came back to us")
        DISPUTE_WON = "dispute-won", _("Dispute won")
        DISPUTE_LOST = "dispute-lost", _("Dispute lost")
        INQUIRY_CLOSED = "inquiry-closed", _("The inquiry was closed")
        ABANDONED = "abandoned", _("Never went to the payment page")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    donation = models.ForeignKey(Donation, models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=20, choices=Kind)
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


# Each of these is one balance transaction in the books.
MOVED = (
    Fact.Kind.SETTLED,
    Fact.Kind.REFUNDED,
    Fact.Kind.REFUND_RETURNED,
    Fact.Kind.DISPUTE_TAKEN,
    Fact.Kind.DISPUTE_RETURNED,
)
