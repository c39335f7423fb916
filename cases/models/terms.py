"""Terms that run in a case, and remedies asked of other bodies."""

import datetime

from django.db import models
from django.db.models import F, Q

from audit.tracked import Tracked, TrackedManager, TrackedQuerySet
from cases.deadlines.counting import Term, terms
from cases.deadlines.remedies import Remedy, remedies
from cases.deadlines.words import Body, FilingState, Rule, Settled
from cases.models.court import Case
from cases.models.people import Client
from vault.fields import SealedField

HRC_LEFT = datetime.date(2023, 2, 8)


class DeadlineQuerySet(TrackedQuerySet["Deadline"]):
    """Adjectives for deadlines."""

    def running(self) -> "DeadlineQuerySet":
        """Neither met, missed nor waived."""
        return self.filter(settled="")


class Deadline(Tracked):
    """One rule that runs in one case from one day. ``due_on`` is its last day.

    ``provisional``: counted from the verdict because nobody has said yet when its copy was served; it can
    only become later. ``reason`` says why it was waived or missed.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="deadlines")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    rule = models.CharField(max_length=40, choices=Rule)
    trigger_on = models.DateField()
    provisional = models.BooleanField(default=False)
    due_on = models.DateField()
    settled = models.CharField(max_length=8, choices=Settled, blank=True, default="")
    settled_on = models.DateField(null=True, blank=True)
    reason = SealedField(label="deadline.reason", subject="client_id", blank=True, default="")

    objects = TrackedManager.from_queryset(DeadlineQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["settled", "due_on"], name="cases_deadline_running")]
        constraints = [
            models.UniqueConstraint(name="cases_deadline_once", fields=["case", "rule", "trigger_on"]),
            models.CheckConstraint(name="cases_deadline_later", condition=Q(due_on__gte=F("trigger_on"))),
            models.CheckConstraint(
                name="cases_deadline_settled_whole",
                condition=Q(settled="", settled_on=None)
                | Q(settled__in=["met", "missed", "waived"], settled_on__isnull=False),
            ),
            models.CheckConstraint(
                name="cases_deadline_provisional",
                condition=Q(provisional=False)
                | Q(rule__in=["criminal-appeal-custody", "criminal-cassation-2001-custody"]),
            ),
        ]

    @property
    def term(self) -> Term:
        """The rule with its citation."""
        return terms()[self.rule]


class RemedyFiling(Tracked):
    """What is asked of a body outside the trial. ``categories`` are letters of the Working Group's five.

    ``number`` (the body's own), ``next_step`` are sealed. The Human Rights Committee takes nothing filed
    since ``HRC_LEFT``, the other two never did: the database refuses such a row whatever writes it.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="filings")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    body = models.CharField(max_length=24, choices=Body)
    categories = models.CharField(max_length=16, blank=True, default="")
    state = models.CharField(max_length=14, choices=FilingState, default=FilingState.PREPARING)
    filed_on = models.DateField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    next_on = models.DateField(null=True, blank=True)
    number = SealedField(label="filing.number", subject="client_id", blank=True, default="")
    next_step = SealedField(label="filing.next_step", subject="client_id", blank=True, default="")

    class Meta(Tracked.Meta):
        ordering = ["-filed_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="cases_filing_body_open",
                condition=~Q(body__in=["un-cat", "echr", "un-hrc"])
                | Q(body="un-hrc", filed_on__isnull=False, filed_on__lt=HRC_LEFT),
            ),
            models.CheckConstraint(
                name="cases_filing_filed_whole",
                condition=Q(state__in=["preparing", "withdrawn"]) | Q(filed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="cases_filing_answered_later",
                condition=Q(answered_on=None) | Q(filed_on__isnull=False) & Q(answered_on__gte=F("filed_on")),
            ),
            models.CheckConstraint(
                name="cases_filing_categories", condition=Q(categories="") | Q(body="un-wgad")
            ),
        ]

    @property
    def remedy(self) -> Remedy:
        """The body with its citation."""
        return remedies()[self.body]
