"""What a human has to look at. A fact is always booked; what it means is decided here."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.tracked import Tracked, TrackedManager, TrackedQuerySet


class AlarmQuerySet(TrackedQuerySet["Alarm"]):
    def open(self) -> "AlarmQuerySet":
        """Alarms that nobody has decided yet."""
        return self.filter(decided_at=None)


class Alarm(Tracked):
    """One thing that went another way than it should, and what was decided about it.

    ``object_id`` is the id of what shows it at the payment company; each is raised once. ``amount_minor``
    is what it is about, 0 where no amount is. ``country`` is set for a card of a risk country only.
    """

    class Kind(models.TextChoices):
        DIFFERS = "differs", _("Amount or currency differs from what was asked")
        RISK_COUNTRY = "risk-country", _("Card of a risk country")
        FOREIGN = "foreign", _("Money in a currency the books do not run in")
        UNKNOWN = "unknown", _("A movement of a kind we do not know")
        STRAY = "stray", _("A payment that belongs to no gift of ours")
        LOSS = "loss", _("Taken back after the money was spent")
        DISPUTE = "dispute", _("A dispute that wants an answer")
        REFUND_FAILED = "refund-failed", _("A refund did not arrive")
        PAYOUT_FAILED = "payout-failed", _("A payout came back")
        PAYOUT_DIFFERS = "payout-differs", _("A payout is not the sum of its transactions")
        AFTER_STOP = "after-stop", _("A payment after the monthly gift was stopped")
        LARGE = "large", _("A large gift without a valid check of who gives")
        DECLINES = "declines", _("Many declined cards: somebody may be testing stolen ones")
        FUND_CLOSED = "fund-closed", _("A gift to a fund that has ended; the giver wanted it back")

    class Decision(models.TextChoices):
        KEEP = "keep", _("Keep it")
        REFUND = "refund", _("Give it back")
        FEE = "fee", _("It is a fee")
        COVERED = "covered", _("Another fund bears the loss")
        SEEN = "seen", _("Seen; nothing more to do")

    HOLDS = (Kind.DIFFERS, Kind.RISK_COUNTRY, Kind.FOREIGN, Kind.AFTER_STOP, Kind.FUND_CLOSED, Kind.LARGE)

    kind = models.CharField(max_length=20, choices=Kind)
    object_id = models.CharField(max_length=120)
    donation = models.ForeignKey(
        "donations.Donation", models.PROTECT, null=True, blank=True, related_name="alarms"
    )
    amount_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    raised_at = models.DateTimeField()
    decision = models.CharField(max_length=10, choices=Decision, blank=True, default="")
    decided_by = models.CharField(max_length=60, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = TrackedManager.from_queryset(AlarmQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["-raised_at", "id"]
        constraints = [
            models.UniqueConstraint(name="alarm_once", fields=["kind", "object_id"]),
            models.CheckConstraint(
                name="alarm_decided_whole",
                condition=Q(decided_at=None, decision="", decided_by="")
                | (Q(decided_at__isnull=False) & ~Q(decision="") & ~Q(decided_by="")),
            ),
        ]
