"""What a lawyer may and can do. In all of these an absent row means unknown: ask, never refuse."""

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.tracked import Tracked, TrackedManager, TrackedQuerySet
from lawyers.models.panel import Lawyer
from vault.fields import SealedField


class LicenceQuerySet(TrackedQuerySet["Licence"]):
    def in_force(self, on: datetime.date) -> "LicenceQuerySet":
        """Episodes that cover this day."""
        return self.filter(from_on__lte=on).filter(models.Q(until_on=None) | models.Q(until_on__gte=on))


class Licence(Tracked):
    """An episode of a licence: from a day, to a day or open, as far as a source tells.

    ``resumes`` is the suspension after which it stands again by itself.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        REVOKED = "revoked", _("Revoked")
        REFUSED = "attestation-refused", _("Attestation refused")

    lawyer = models.ForeignKey(Lawyer, models.PROTECT, related_name="licences")
    bar = models.CharField(max_length=80, blank=True, default="")
    status = models.CharField(max_length=20, choices=Status)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    resumes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="resumed_by")
    source = SealedField(label="licence.source", subject="lawyer_id", blank=True, default="")

    objects = TrackedManager.from_queryset(LicenceQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["lawyer", "from_on"]
        constraints = [
            models.CheckConstraint(
                name="lawyers_licence_ends_later",
                condition=models.Q(until_on=None) | models.Q(until_on__gte=models.F("from_on")),
            ),
            models.UniqueConstraint(name="lawyers_licence_once", fields=["lawyer", "from_on"]),
            models.CheckConstraint(
                name="lawyers_resumed_is_active", condition=models.Q(resumes=None) | models.Q(status="active")
            ),
        ]


class Competence(Tracked):
    """A family of articles (``criminal``, ``administrative``) the lawyer handles, up to a severity 1–5."""

    lawyer = models.ForeignKey(Lawyer, models.PROTECT, related_name="competences")
    article_family = models.CharField(max_length=30)
    max_severity = models.PositiveSmallIntegerField(default=5)
    instances = models.CharField(max_length=60, blank=True, default="")

    class Meta(Tracked.Meta):
        constraints = [
            models.UniqueConstraint(name="lawyers_competence_once", fields=["lawyer", "article_family"]),
            models.CheckConstraint(
                name="lawyers_severity_range", condition=models.Q(max_severity__range=(1, 5))
            ),
        ]


class Coverage(Tracked):
    """A region, or one court of it, where the lawyer appears; ``travels`` when it takes a journey."""

    lawyer = models.ForeignKey(Lawyer, models.PROTECT, related_name="coverages")
    region = models.CharField(max_length=30)
    court_code = models.CharField(max_length=30, blank=True, default="")
    travels = models.BooleanField(default=False)

    class Meta(Tracked.Meta):
        constraints = [
            models.UniqueConstraint(name="lawyers_coverage_once", fields=["lawyer", "region", "court_code"])
        ]


class Capacity(Tracked):
    """How many cases at once, and how many new ones in a week; hard limits of the matching."""

    lawyer = models.OneToOneField(Lawyer, models.PROTECT, related_name="capacity")
    max_open = models.PositiveSmallIntegerField(default=5)
    min_open = models.PositiveSmallIntegerField(default=0)
    new_per_week = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta(Tracked.Meta):
        constraints = [
            models.CheckConstraint(
                name="lawyers_capacity_order", condition=models.Q(min_open__lte=models.F("max_open"))
            )
        ]


class Away(Tracked):
    """Days on which the lawyer takes no hearing, both ends included."""

    lawyer = models.ForeignKey(Lawyer, models.PROTECT, related_name="aways")
    from_on = models.DateField()
    until_on = models.DateField()

    class Meta(Tracked.Meta):
        constraints = [
            models.CheckConstraint(
                name="lawyers_away_ends_later", condition=models.Q(until_on__gte=models.F("from_on"))
            )
        ]
