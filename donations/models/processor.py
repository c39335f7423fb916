"""What Stripe does with the money besides single payments: refunds we ask for, payouts, other movements."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.tracked import AppendOnly, Tracked, TrackedManager, TrackedQuerySet
from donations.models.gifts import Donation


class RefundQuerySet(TrackedQuerySet["Refund"]):
    def unsent(self) -> "RefundQuerySet":
        """Asked for here, and Stripe has not answered yet."""
        return self.filter(state=Refund.State.ASKED)

    def standing(self) -> "RefundQuerySet":
        """All that take money from a gift or will."""
        return self.exclude(state__in=[Refund.State.FAILED, Refund.State.REFUSED])


class Refund(Tracked):
    """Part or all of a gift that goes back: asked for here, or made on Stripe's dashboard.

    The key is stored before Stripe is asked. ``refund_id`` is Stripe's, null until it answered. Made on the
    dashboard: no ``asked_by``.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Not yet sent to the payment company")
        PENDING = "pending", _("On its way")
        SUCCEEDED = "succeeded", _("Given back")
        FAILED = "failed", _("Did not arrive")
        REFUSED = "refused", _("Refused by the payment company")

    donation = models.ForeignKey(Donation, models.PROTECT, related_name="refunds")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED, db_index=True)
    refund_id = models.CharField(max_length=120, null=True, blank=True, unique=True)
    idempotency_key = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=60, blank=True, default="")
    second_by = models.CharField(max_length=60, blank=True, default="")

    objects = TrackedManager.from_queryset(RefundQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["-asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="refund_one_at_a_time", fields=["donation"], condition=Q(state="asked")
            ),
            models.CheckConstraint(name="refund_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="refund_sent_or_asked",
                condition=Q(refund_id__isnull=False) | Q(state__in=["asked", "refused"]),
            ),
        ]


class Payout(Tracked):
    """Money on its way from Stripe to the bank; matched when it is the sum of its transactions.

    ``amount_minor`` is what the bank will show. ``entries_minor`` is the sum of the transactions it pays,
    null until Stripe names them (a payout by hand names none).
    """

    class State(models.TextChoices):
        ON_THE_WAY = "in_transit", _("On the way")
        PAID = "paid", _("At the bank")
        FAILED = "failed", _("Came back")

    payout_id = models.CharField(max_length=120, unique=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=State, default=State.ON_THE_WAY)
    created_at = models.DateTimeField()
    arrives_on = models.DateField()
    entries = models.PositiveIntegerField(default=0)
    entries_minor = models.BigIntegerField(null=True, blank=True)

    class Meta(Tracked.Meta):
        ordering = ["-created_at", "id"]


class PayoutEntry(AppendOnly):
    """One balance transaction that a payout paid; ``net_minor`` as Stripe has it."""

    id = models.CharField(primary_key=True, max_length=120)  # payout and transaction
    payout = models.ForeignKey(Payout, models.PROTECT, related_name="lines")
    transaction_id = models.CharField(max_length=120, db_index=True)
    kind = models.CharField(max_length=40)
    net_minor = models.BigIntegerField()

    class Meta(AppendOnly.Meta):
        constraints = [models.UniqueConstraint(name="payout_entry_once", fields=["payout", "transaction_id"])]


class Movement(AppendOnly):
    """A balance transaction that belongs to no gift: a payout, one that failed, a fee, something unknown.

    Those of gifts are facts. ``booked_as`` says what the books made of it.
    """

    class BookedAs(models.TextChoices):
        PAYOUT = "payout", _("Payout")
        PAYOUT_FAILED = "payout-failed", _("Payout that came back")
        FEE = "fee", _("Fee")
        SUSPENSE = "suspense", _("To be decided")
        NOTHING = "nothing", _("Not in the books")

    id = models.CharField(primary_key=True, max_length=120)
    kind = models.CharField(max_length=40)
    source_id = models.CharField(max_length=120, blank=True, default="")
    gross_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    net_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField()
    booked_as = models.CharField(max_length=14, choices=BookedAs)

    class Meta(AppendOnly.Meta):
        ordering = ["-created_at", "id"]


class Cursor(models.Model):
    """How far we have looked by ourselves; ``reached_at`` is Stripe's time of the last thing seen."""

    name = models.CharField(primary_key=True, max_length=20)
    reached_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
