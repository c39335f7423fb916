"""Mandates: the decision of a giver that a gift is made every month."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.tracked import Tracked, TrackedManager, TrackedQuerySet
from treasury.models import Fund


class RecurringQuerySet(TrackedQuerySet["RecurringDonation"]):
    def running(self) -> "RecurringQuerySet":
        """Mandates under which money may still be taken."""
        states = RecurringDonation.State
        return self.filter(state__in=[states.ACTIVE, states.PAUSED, states.FAILING])

    def to_stop(self) -> "RecurringQuerySet":
        """Mandates that somebody told us to stop and Stripe has not yet confirmed as over."""
        return self.filter(stop_asked_at__isnull=False).exclude(state=RecurringDonation.State.STOPPED)


class RecurringDonation(Tracked):
    """A gift every month. ``donor`` is set as in its gifts.

    ``amount_minor`` is what each month asks; ``former_minor`` what it asked before the last change, for an
    invoice that was on its way. ``seen_at`` is when Stripe was last asked, so that an older answer never
    replaces a newer one. ``stop_reason`` says who wanted the end. Stopping is final.
    """

    class State(models.TextChoices):
        BEGUN = "begun", _("Not yet confirmed")
        ACTIVE = "active", _("Every month")
        PAUSED = "paused", _("Paused")
        FAILING = "failing", _("The last payment failed")
        STOPPED = "stopped", _("Stopped")

    class StopReason(models.TextChoices):
        DONOR = "donor", _("The giver")
        STAFF = "staff", _("Staff, on the giver’s word")
        RISK_COUNTRY = "risk-country", _("A card of a risk country")
        FUND_ENDED = "fund-ended", _("The fund has ended and the giver wanted no other")
        KILL_SWITCH = "kill-switch", _("All mandates were stopped")
        PAYMENTS_FAILED = "failed", _("The payments failed")
        PROCESSOR = "processor", _("The payment company")

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="recurring_donations")
    amount_minor = models.BigIntegerField()
    former_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    level = models.CharField(max_length=10)
    language = models.CharField(max_length=8)
    fallback = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State, default=State.BEGUN, db_index=True)
    subscription_id = models.CharField(max_length=120, null=True, blank=True, unique=True)
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    next_on = models.DateField(null=True, blank=True)
    paused_until_on = models.DateField(null=True, blank=True)
    failed_tries = models.PositiveSmallIntegerField(default=0)
    stop_asked_at = models.DateTimeField(null=True, blank=True)
    stop_reason = models.CharField(max_length=14, choices=StopReason, blank=True, default="")
    stopped_at = models.DateTimeField(null=True, blank=True)
    donor = models.ForeignKey(
        "donations.Donor", models.PROTECT, null=True, blank=True, related_name="recurring_donations"
    )

    objects = TrackedManager.from_queryset(RecurringQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["begun_at", "id"]
        constraints = [
            models.CheckConstraint(name="recurring_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="recurring_stopped_whole",
                condition=~Q(state="stopped") | (Q(stopped_at__isnull=False) & ~Q(stop_reason="")),
            ),
        ]
