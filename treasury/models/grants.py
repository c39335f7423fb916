"""What goes on around a fund: reports that funders wait for, pledges that double gifts."""

from django.db import models
from django.db.models import F, Q

from audit.tracked import Tracked, TrackedManager
from treasury import kinds
from treasury.models.funds import Batch, Fund, Grant
from treasury.visibility import MoneyQuerySet


class FunderReportQuerySet(MoneyQuerySet["FunderReport"]):
    """Adjectives for reports."""

    def unsent(self) -> "FunderReportQuerySet":
        return self.filter(sent_on__isnull=True)


class FunderReport(Tracked):
    """A report that an agreement asks for: for the days up to ``covers_until``, due on a day."""

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=10, choices=kinds.ReportKind)
    covers_until = models.DateField()
    due_on = models.DateField()
    sent_on = models.DateField(null=True, blank=True)
    sent_by = models.CharField(max_length=60, blank=True)

    objects = TrackedManager.from_queryset(FunderReportQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["due_on", "kind"]
        constraints = [
            models.UniqueConstraint(name="funder_report_once", fields=["grant", "kind", "due_on"]),
            models.CheckConstraint(name="funder_report_in_order", condition=Q(covers_until__lte=F("due_on"))),
            models.CheckConstraint(
                name="funder_report_sent_paired",
                condition=Q(sent_on__isnull=True, sent_by="") | Q(sent_on__isnull=False) & ~Q(sent_by=""),
            ),
        ]


class Pledge(Tracked):
    """A promise to double the gifts of some days, up to a limit. ``ratio_basis_points`` 10,000 doubles.

    What doubles them is paid into ``source``, a fund that pays for nothing else; who promised it is not kept.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="pledges")
    source = models.OneToOneField(Fund, models.PROTECT, related_name="doubles")
    ratio_basis_points = models.PositiveIntegerField(default=10_000)
    limit_minor = models.BigIntegerField()
    doubled_minor = models.BigIntegerField(default=0)  # owed by it so far, booked or not
    starts_on = models.DateField()
    ends_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    objects = TrackedManager.from_queryset(MoneyQuerySet["Pledge"])()

    class Meta(Tracked.Meta):
        ordering = ["-starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="pledge_within_limit",
                condition=Q(doubled_minor__gte=0, doubled_minor__lte=F("limit_minor")),
            ),
            models.CheckConstraint(
                name="pledge_positive", condition=Q(limit_minor__gt=0, ratio_basis_points__gt=0)
            ),
            models.CheckConstraint(name="pledge_in_order", condition=Q(starts_on__lte=F("ends_on"))),
            models.CheckConstraint(name="pledge_two_funds", condition=~Q(fund=F("source"))),
        ]


class Doubling(Tracked):
    """What a pledge adds to one closed batch: a record of the batch, never of a gift.

    ``gifts`` and ``gifts_minor`` are how many of its gifts fell into the pledge's days, and their sum less
    what went back before the batch was closed. ``booked_in`` is empty while the pledge's money has not come.
    """

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="doublings")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="doublings")
    gifts = models.PositiveIntegerField()
    gifts_minor = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    booked_in = models.OneToOneField(
        "treasury.Journal", models.PROTECT, null=True, blank=True, related_name="doubling"
    )

    class Meta(Tracked.Meta):
        ordering = ["batch__closed_on", "id"]
        constraints = [
            models.UniqueConstraint(name="doubling_once", fields=["pledge", "batch"]),
            models.CheckConstraint(
                name="doubling_not_negative", condition=Q(gifts_minor__gte=0, amount_minor__gte=0)
            ),
        ]
