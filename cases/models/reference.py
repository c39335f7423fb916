"""Courts and articles: data with a citation, loaded from ``cases/reference`` by an action."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.tracked import Tracked, TrackedManager, TrackedQuerySet
from cases import kinds
from cases.reference.names import localised


class Court(Tracked):
    """A court by its code. ``also`` holds other spellings, separated by bars."""

    code = models.CharField(max_length=60, unique=True)
    region = models.CharField(max_length=30, blank=True, default="")
    level = models.CharField(max_length=20, blank=True, default="")
    name_be = models.CharField(max_length=200, blank=True, default="")
    name_ru = models.CharField(max_length=200, blank=True, default="")
    name_en = models.CharField(max_length=200)
    also = models.TextField(blank=True, default="")
    citation = models.TextField(blank=True, default="")
    checked_by_counsel = models.BooleanField(default=False)

    class Meta(Tracked.Meta):
        ordering = ["region", "name_en"]
        constraints = [models.CheckConstraint(name="cases_court_code", condition=~Q(code=""))]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The court's name in the reader's language."""
        return localised(self, "name")

    @property
    def names(self) -> tuple[str, ...]:
        """Every spelling a list may use."""
        return tuple(
            text for text in (self.name_be, self.name_ru, self.name_en, *self.also.split("|")) if text
        )


class ArticleQuerySet(TrackedQuerySet["Article"]):
    """Adjectives for articles."""

    def cited(self) -> "ArticleQuerySet":
        """From the reference, not only met in a list."""
        return self.exclude(citation="")


class Article(Tracked):
    """A numbered provision, perhaps one part of it. ``severity`` is 1 to 5; 0 where nobody has said.

    One met in a list and not in the reference stands here without citation, so that no case is turned
    away because a monitor knows a provision that we do not.
    """

    code = models.CharField(
        max_length=16, choices=[("criminal", _("Criminal")), ("administrative", _("Administrative"))]
    )
    number = models.CharField(max_length=12)
    part = models.CharField(max_length=6, blank=True, default="")
    family = models.CharField(max_length=30, blank=True, default="")
    title_be = models.TextField(blank=True, default="")
    title_ru = models.TextField(blank=True, default="")
    title_en = models.TextField(blank=True, default="")
    severity = models.PositiveSmallIntegerField(default=0)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    citation = models.TextField(blank=True, default="")
    checked_by_counsel = models.BooleanField(default=False)

    objects = TrackedManager.from_queryset(ArticleQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["code", "number", "part"]
        constraints = [
            models.UniqueConstraint(name="cases_article_once", fields=["code", "number", "part"]),
            models.CheckConstraint(name="cases_article_severity", condition=Q(severity__range=(0, 5))),
            models.CheckConstraint(
                name="cases_article_checked_is_cited", condition=Q(checked_by_counsel=False) | ~Q(citation="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} part {self.part}" if self.part else self.number

    @property
    def title(self) -> str:
        """The provision's title in the reader's language."""
        return localised(self, "title")


class KnownTrial(Tracked):
    """A political trial known from monitors or media, whether or not anybody asked for help.

    It holds nobody's data; ``import_digest`` finds the same row of a list again.
    """

    court = models.ForeignKey(Court, models.PROTECT, related_name="known_trials")
    starts_on = models.DateField()
    starts_precision = models.CharField(max_length=5, choices=kinds.Precision, default=kinds.Precision.DAY)
    articles = models.CharField(max_length=200, blank=True, default="")
    defendants = models.PositiveSmallIntegerField(default=1)
    defended_by = models.CharField(max_length=16, choices=kinds.DefendedBy, default=kinds.DefendedBy.UNKNOWN)
    source = models.CharField(max_length=300)
    import_digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    case = models.OneToOneField(
        "cases.Case", models.PROTECT, null=True, blank=True, related_name="known_trial"
    )

    class Meta(Tracked.Meta):
        ordering = ["-starts_on", "id"]
        indexes = [models.Index(fields=["starts_on"], name="cases_known_trial_day")]
        constraints = [
            models.CheckConstraint(name="cases_known_trial_somebody", condition=Q(defendants__gte=1)),
            models.CheckConstraint(name="cases_known_trial_source", condition=~Q(source="")),
        ]
