"""The case, and what the court does in it."""

import datetime
import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Substr
from django.db.models.lookups import Exact, GreaterThanOrEqual

from audit.tracked import AppendOnly, Tracked, TrackedManager, TrackedQuerySet
from cases import kinds, stages
from cases.models.case_lists import CaseQuerySet
from cases.models.people import Client
from cases.models.reference import Article, Court
from vault.fields import SealedField
from vault.keys import ORGANISATION


class Counter(models.Model):
    """The last number given out in a series ("case:2026", "match"); its row lock orders the givers.

    Derived from the rows that carry the numbers, so it keeps no history.
    """

    series = models.CharField(max_length=20, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()


class Case(Tracked):
    """One legal matter of one client. ``reference`` counts without a gap through a year.

    ``stage``, ``stage_on`` and ``in_custody`` are what :mod:`cases.stages` makes of the stage events.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="cases")
    reference = models.CharField(max_length=16, unique=True)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=kinds.CaseKind)
    urgency = models.CharField(max_length=10, choices=kinds.Urgency, default=kinds.Urgency.ORDINARY)
    confidentiality = models.CharField(
        max_length=10, choices=kinds.Confidentiality, default=kinds.Confidentiality.NORMAL
    )
    status = models.CharField(max_length=16, choices=kinds.CaseStatus, default=kinds.CaseStatus.RECEIVED)
    stage = models.CharField(max_length=16, choices=stages.Stage, blank=True, default="")
    stage_on = models.DateField(null=True, blank=True)
    stage_precision = models.CharField(max_length=5, choices=kinds.Precision, default=kinds.Precision.DAY)
    in_custody = models.BooleanField(null=True, blank=True)
    detained_on = models.DateField(null=True, blank=True)
    detained_precision = models.CharField(max_length=5, choices=kinds.Precision, default=kinds.Precision.DAY)
    region = models.CharField(max_length=30, blank=True, default="")
    court = models.ForeignKey(Court, models.PROTECT, null=True, blank=True, related_name="cases")
    is_minor = models.BooleanField(default=False)
    is_ill = models.BooleanField(default=False)
    languages = models.CharField(max_length=30, blank=True, default="")
    summary = SealedField(label="case.summary", subject="client_id", blank=True, default="")
    received_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_reason = models.CharField(max_length=16, choices=kinds.ClosingReason, blank=True, default="")
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")

    objects = TrackedManager.from_queryset(CaseQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["-year", "-number"]
        indexes = [
            models.Index(fields=["status", "region"], name="cases_case_status_region"),
            models.Index(fields=["stage"], name="cases_case_stage"),
        ]
        constraints = [
            models.UniqueConstraint(name="cases_case_number_once", fields=["year", "number"]),
            models.CheckConstraint(name="cases_case_number", condition=Q(number__gte=1, year__gte=1990)),
            # XX-YYYY-NNNN or longer, by place: a pattern would need a function SQLite may not trust.
            models.CheckConstraint(
                name="cases_case_reference_shape",
                condition=Q(Exact(Substr("reference", 3, 1), "-"))
                & Q(Exact(Substr("reference", 8, 1), "-"))
                & Q(GreaterThanOrEqual(Length("reference"), 12)),
            ),
            models.CheckConstraint(
                name="cases_case_closed_whole",
                condition=Q(status="closed", closed_at__isnull=False) & ~Q(closing_reason="")
                | ~Q(status="closed") & Q(closed_at=None, closing_reason=""),
            ),
            models.CheckConstraint(
                name="cases_case_duplicate_named",
                condition=~Q(status="duplicate") | Q(duplicate_of__isnull=False) & ~Q(duplicate_of=F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class StageEvent(AppendOnly):
    """A fact about the stage: when it happened, and when we came to know it. Never changed.

    A wrong one is taken back by a later row that names it in ``corrects``; that row's stage may be empty
    when nothing takes its place. ``end_kind`` says how it ended; ``reason`` why an odd step is right.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="stage_events")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=16, choices=stages.Stage, blank=True, default="")
    end_kind = models.CharField(max_length=16, choices=stages.EndKind, blank=True, default="")
    occurred_on = models.DateField()
    precision = models.CharField(max_length=5, choices=kinds.Precision, default=kinds.Precision.DAY)
    known_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=60)
    source = models.CharField(max_length=10, choices=kinds.Source)
    reliability = models.CharField(max_length=12, choices=kinds.Reliability)
    reason = SealedField(label="stage.reason", subject="client_id", blank=True, default="")
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )

    class Meta(AppendOnly.Meta):
        ordering = ["occurred_on", "known_at"]
        constraints = [
            models.CheckConstraint(
                name="cases_stage_or_correction", condition=~Q(stage="") | Q(corrects__isnull=False)
            ),
            models.CheckConstraint(
                name="cases_stage_end_kind", condition=Q(end_kind="") | Q(stage__in=["ended", "executed"])
            ),
        ]


class Accusation(Tracked):
    """What the client is accused of, from a day until it is dropped or changed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="accusations")
    article = models.ForeignKey(Article, models.PROTECT, related_name="accusations")
    since_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)

    class Meta(Tracked.Meta):
        constraints = [
            models.UniqueConstraint(
                name="cases_accusation_once", fields=["case", "article"], condition=Q(until_on=None)
            ),
            models.CheckConstraint(
                name="cases_accusation_in_order",
                condition=Q(since_on=None) | Q(until_on=None) | Q(until_on__gte=F("since_on")),
            ),
        ]


class Trial(Tracked):
    """One court's proceedings at one instance; it may try several clients. The judge's name is sealed."""

    court = models.ForeignKey(Court, models.PROTECT, null=True, blank=True, related_name="trials")
    court_instance = models.CharField(max_length=12, choices=kinds.Instance, default=kinds.Instance.FIRST)
    judge = SealedField(label="trial.judge", subject="organisation_id", blank=True, default="")
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    organisation_id = ORGANISATION

    class Meta(Tracked.Meta):
        constraints = [
            models.CheckConstraint(
                name="cases_trial_in_order",
                condition=Q(started_on=None) | Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
            )
        ]


class Defendant(Tracked):
    """A case's place in a trial. Two different, filled ``interest_group`` letters are adverse.

    ``sentence`` is sealed: the fields of ``cases.intake.sentences.Sentence`` as a dict, empty if none.
    """

    trial = models.ForeignKey(Trial, models.PROTECT, related_name="defendants")
    case = models.ForeignKey(Case, models.PROTECT, related_name="defendants")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    interest_group = models.CharField(max_length=4, blank=True, default="")
    defended_by = models.CharField(max_length=16, choices=kinds.DefendedBy, default=kinds.DefendedBy.UNKNOWN)
    plea = models.CharField(max_length=12, choices=kinds.Plea, default=kinds.Plea.UNKNOWN)
    verdict = models.CharField(max_length=12, choices=kinds.Verdict, blank=True, default="")
    verdict_on = models.DateField(null=True, blank=True)
    sentence = SealedField(label="defendant.sentence", subject="client_id", blank=True, default=dict)

    class Meta(Tracked.Meta):
        constraints = [models.UniqueConstraint(name="cases_defendant_once", fields=["trial", "case"])]


class HearingQuerySet(TrackedQuerySet["Hearing"]):
    """Adjectives for hearings."""

    def coming(self, at: datetime.datetime) -> "HearingQuerySet":
        """Scheduled and not over: one without a known time counts through its whole day."""
        today = at - datetime.timedelta(days=1)
        return self.filter(status=kinds.HearingStatus.SCHEDULED).filter(
            Q(starts_at__gte=at) | Q(time_known=False, starts_at__gt=today)
        )

    def without_outcome(self, at: datetime.datetime) -> "HearingQuerySet":
        """Begun, and nobody has said what came of it."""
        return self.filter(status=kinds.HearingStatus.SCHEDULED, starts_at__lt=at).exclude(
            time_known=False, starts_at__gt=at - datetime.timedelta(days=1)
        )


class Hearing(Tracked):
    """One sitting of a trial, in the court's own time zone. ``version`` counts up for calendars.

    ``starts_at`` is midnight of the day where ``time_known`` is false. held, adjourned and cancelled are
    ends: a new date is a new hearing, named in ``adjourned_to``. ``source`` says how the end is known.
    """

    trial = models.ForeignKey(Trial, models.PROTECT, related_name="hearings")
    starts_at = models.DateTimeField()
    time_known = models.BooleanField(default=True)
    zone = models.CharField(max_length=40)
    room = models.CharField(max_length=40, blank=True, default="")
    kind = models.CharField(max_length=12, choices=kinds.HearingKind, default=kinds.HearingKind.TRIAL)
    is_closed = models.BooleanField(null=True, blank=True)
    observers_admitted = models.BooleanField(null=True, blank=True)
    status = models.CharField(
        max_length=10, choices=kinds.HearingStatus, default=kinds.HearingStatus.SCHEDULED
    )
    outcome = models.CharField(max_length=20, choices=kinds.HearingOutcome, blank=True, default="")
    source = models.CharField(max_length=10, choices=kinds.Source, blank=True, default="")
    adjourned_to = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="adjourned_from"
    )

    objects = TrackedManager.from_queryset(HearingQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["status", "starts_at"], name="cases_hearing_status_start")]
        constraints = [
            models.CheckConstraint(
                name="cases_hearing_end_whole",
                condition=Q(status="held", adjourned_to=None) & ~Q(outcome="")
                | Q(status="adjourned", outcome="")
                | Q(status__in=["scheduled", "cancelled"], outcome="", adjourned_to=None),
            ),
            models.CheckConstraint(name="cases_hearing_not_to_itself", condition=~Q(adjourned_to=F("id"))),
        ]
