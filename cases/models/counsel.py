"""Who defends: episodes of representation, exclusions, and the solved proposals behind offers."""

import datetime
import uuid

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from audit.actors import Actor
from audit.tracked import AppendOnly, Tracked, TrackedManager, TrackedQuerySet
from cases import kinds
from cases.models.court import Case
from cases.models.people import Client
from lawyers.models import Lawyer
from treasury.models import Commitment
from vault.fields import SealedField


class RepresentationQuerySet(TrackedQuerySet["Representation"]):
    """Adjectives for episodes."""

    def visible_to(self, actor: Actor, at: datetime.datetime) -> "RepresentationQuerySet":
        """Episodes of cases the person may open; a lawyer's own; an auditor's all, by code name."""
        if isinstance(actor, User) and actor.has("cases.see") and not actor.has("cases.work"):
            return self.all()
        if isinstance(actor, User) and actor.has("portal.enter"):
            return self.filter(lawyer__user=actor)
        return self.filter(case__in=Case.objects.open_to(actor, at))

    def lead(self) -> "RepresentationQuerySet":
        return self.filter(role=kinds.Role.LEAD)

    def offered(self) -> "RepresentationQuerySet":
        """Waiting for an answer."""
        return self.filter(state=kinds.EpisodeState.OFFERED)

    def defending(self) -> "RepresentationQuerySet":
        """Accepted or active."""
        return self.filter(state__in=kinds.DEFENDING)

    def live(self) -> "RepresentationQuerySet":
        """Offered, accepted or active."""
        return self.filter(state__in=kinds.LIVE)


class Representation(Tracked):
    """An episode: this lawyer in this case in this role, from the offer to its end.

    Own counsel from outside the panel has no ``lawyer``; their name is sealed with the client's key.
    ``commitment`` holds the fee; ``recorded_by`` wrote down what was said (``reported_via``).
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="representations")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    lawyer = models.ForeignKey(Lawyer, models.PROTECT, null=True, blank=True, related_name="representations")
    own_counsel = SealedField(label="representation.own_counsel", subject="client_id", blank=True, default="")
    role = models.CharField(max_length=8, choices=kinds.Role, default=kinds.Role.LEAD)
    source = models.CharField(max_length=10, choices=kinds.CounselSource)
    state = models.CharField(max_length=10, choices=kinds.EpisodeState)
    paid_by = models.CharField(max_length=12, choices=kinds.PaidBy, default=kinds.PaidBy.ORGANISATION)
    offered_at = models.DateTimeField(null=True, blank=True)
    offered_until = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=16, choices=kinds.EpisodeReason, blank=True, default="")
    reported_via = models.CharField(max_length=8, choices=kinds.ReportedVia, blank=True, default="")
    recorded_by = models.CharField(max_length=60)
    proposal = models.ForeignKey(
        "cases.MatchProposal", models.PROTECT, null=True, blank=True, related_name="representations"
    )
    commitment = models.OneToOneField(
        Commitment, models.PROTECT, null=True, blank=True, related_name="representation"
    )

    objects = TrackedManager.from_queryset(RepresentationQuerySet)()

    class Meta(Tracked.Meta):
        indexes = [models.Index(fields=["state", "offered_until"], name="cases_episode_state_until")]
        constraints = [
            models.UniqueConstraint(
                name="cases_one_lead",
                fields=["case"],
                condition=Q(role="lead", state__in=["accepted", "active"]),
            ),
            models.UniqueConstraint(
                name="cases_episode_once",
                fields=["case", "lawyer", "role"],
                condition=Q(state__in=["offered", "accepted", "active"]),
            ),
            models.CheckConstraint(
                name="cases_episode_somebody", condition=Q(lawyer__isnull=False) | ~Q(source="match")
            ),
            models.CheckConstraint(
                name="cases_episode_over_with_reason",
                condition=Q(state__in=["offered", "accepted", "active"], ended_at=None, reason="")
                | Q(state__in=["ended", "declined", "lapsed", "withdrawn"], ended_at__isnull=False)
                & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="cases_offer_lasts", condition=~Q(state="offered") | Q(offered_until__isnull=False)
            ),
        ]


class Agreement(Tracked):
    """The contract for legal help behind an episode."""

    representation = models.ForeignKey(Representation, models.PROTECT, related_name="agreements")
    signed_on = models.DateField()
    signed_by = models.CharField(max_length=12, choices=kinds.SignedBy)
    payer = models.CharField(max_length=12, choices=kinds.PaidBy)


class Warrant(Tracked):
    """The lawyer's authority at a court or a prison (ордер)."""

    representation = models.ForeignKey(Representation, models.PROTECT, related_name="warrants")
    state = models.CharField(max_length=8, choices=kinds.WarrantState)
    filed_on = models.DateField()
    decided_on = models.DateField(null=True, blank=True)

    class Meta(Tracked.Meta):
        constraints = [
            models.CheckConstraint(
                name="cases_warrant_in_order",
                condition=Q(decided_on=None) | Q(decided_on__gte=F("filed_on")),
            )
        ]


class Exclusion(AppendOnly):
    """This lawyer never defends this client. A row for good: a trigger refuses any later episode."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="exclusions")
    lawyer = models.ForeignKey(Lawyer, models.PROTECT, related_name="exclusions")
    kind = models.CharField(max_length=8, choices=kinds.ExclusionKind)
    excluded_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [models.UniqueConstraint(name="cases_exclusion_once", fields=["client", "lawyer"])]


class MatchRun(Tracked):
    """One solved assignment with its identity. ``result`` holds scored pairs; they end by retention.

    ``number`` is how people call it ("plan 118"); ``inputs_sha256`` is over the collected facts.
    """

    history_excluded = ("result",)

    number = models.PositiveIntegerField(unique=True)
    solved_at = models.DateTimeField()
    solved_by = models.CharField(max_length=60)
    inputs_sha256 = models.CharField(max_length=64)
    solver = models.CharField(max_length=120)
    status = models.CharField(max_length=20)
    bound = models.JSONField(default=dict)
    policy = models.JSONField(default=dict)
    needs = models.PositiveIntegerField()
    places = models.PositiveIntegerField()
    placed = models.PositiveIntegerField()
    milliseconds = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)

    class Meta(Tracked.Meta):
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"plan {self.number}"


class MatchProposal(Tracked):
    """One case of a run: who is proposed, or nobody (then ``lawyer`` is empty). A human decides.

    ``fit`` is in thousandths; ``components`` are the parts that add up to it.
    """

    run = models.ForeignKey(MatchRun, models.PROTECT, related_name="proposals")
    case = models.ForeignKey(Case, models.PROTECT, related_name="proposals")
    lawyer = models.ForeignKey(Lawyer, models.PROTECT, null=True, blank=True, related_name="proposals")
    fit = models.IntegerField(default=0)
    components = models.JSONField(default=dict)
    is_lock = models.BooleanField(default=False)
    decision = models.CharField(max_length=10, choices=kinds.Decision, default=kinds.Decision.OPEN)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=60, blank=True, default="")
    chosen = models.ForeignKey(Lawyer, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Tracked.Meta):
        constraints = [
            models.UniqueConstraint(name="cases_proposal_once", fields=["run", "case", "lawyer"]),
            models.CheckConstraint(
                name="cases_proposal_decided_whole",
                condition=Q(decision="open", decided_at=None, decided_by="")
                | ~Q(decision="open") & Q(decided_at__isnull=False) & ~Q(decided_by=""),
            ),
            models.CheckConstraint(
                name="cases_proposal_replaced_by", condition=~Q(decision="replaced") | Q(chosen__isnull=False)
            ),
        ]
