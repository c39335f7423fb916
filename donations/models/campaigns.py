"""Public pages that ask for gifts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.tracked import Tracked, TrackedManager, TrackedQuerySet
from treasury.models import Fund


class CampaignQuerySet(TrackedQuerySet["CampaignPage"]):
    def public(self) -> "CampaignQuerySet":
        """Pages that anybody may read now."""
        return self.filter(state=CampaignPage.State.PUBLISHED)


class CampaignPage(Tracked):
    """A page that asks for gifts to one fund, for a group of cases under public code names.

    It never says that counsel in one particular case was or will be paid. ``goal_minor`` is in the
    fund's currency.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        DOWN = "down", _("Taken down")

    fund = models.OneToOneField(Fund, models.PROTECT, related_name="campaign_page")
    slug = models.SlugField(max_length=60, unique=True)
    goal_minor = models.BigIntegerField()
    closes_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = TrackedManager.from_queryset(CampaignQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(name="campaign_goal_positive", condition=Q(goal_minor__gt=0)),
            models.CheckConstraint(
                name="campaign_published_at", condition=~Q(state="published") | Q(published_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class CampaignText(Tracked):
    """The words of a campaign page in one language; public once the page is."""

    page = models.ForeignKey(CampaignPage, models.PROTECT, related_name="texts")
    language = models.CharField(max_length=8)
    title = models.CharField(max_length=120)
    lead = models.CharField(max_length=300)
    story = models.TextField(blank=True, default="")

    class Meta(Tracked.Meta):
        constraints = [models.UniqueConstraint(name="campaign_text_once", fields=["page", "language"])]
