"""What a case is expected to cost: versions of its budget, until one becomes the ceiling."""

from django.db import models
from django.db.models import Q

from audit.tracked import Tracked
from cases.models.court import Case
from treasury.models import Ceiling


class Budget(Tracked):
    """One proposed version of a case's costs: ``lines`` are {category: minor units of the base currency}.

    It counts for nothing until ``ceiling`` is there: the version of the books it was approved as.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="budgets")
    number = models.PositiveIntegerField()
    lines = models.JSONField()
    total_minor = models.BigIntegerField()
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=60)
    ceiling = models.OneToOneField(Ceiling, models.PROTECT, null=True, blank=True, related_name="budget")

    class Meta(Tracked.Meta):
        ordering = ["case", "-number"]
        constraints = [
            models.UniqueConstraint(name="cases_budget_version_once", fields=["case", "number"]),
            models.CheckConstraint(name="cases_budget_not_negative", condition=Q(total_minor__gte=0)),
        ]
