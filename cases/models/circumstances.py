"""What happens around a case: custody, incidents, testimonies, officials, parties, referrals."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from audit.tracked import Tracked, TrackedManager, TrackedQuerySet
from cases import kinds
from cases.circumstances import (
    Criteria,
    IncidentKind,
    ObserverKind,
    OfficialKind,
    PartyKind,
    ReferralKind,
    ReferralOutcome,
)
from cases.models.court import Case, Hearing
from cases.models.people import Client
from vault.fields import SealedField
from vault.keys import ORGANISATION


class EntryQuerySet(TrackedQuerySet[Any]):
    """Adjectives for entries."""

    def standing(self) -> Any:
        """Not struck out."""
        return self.filter(struck_at=None)


class Entry(Tracked):
    """Something recorded about a case. A mistaken one is struck out, never deleted."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="%(class)s_entries")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    recorded_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True, blank=True)

    objects: Any = TrackedManager.from_queryset(EntryQuerySet)()

    class Meta(Tracked.Meta):
        abstract = True
        ordering = ["-recorded_at", "id"]


class CustodyPeriod(Entry):
    """Held in a place from a day until a day. ``place`` is a code of ``places_of_detention.csv``, or "".

    ``detail`` (cell, regime, what was told) is sealed.
    """

    place = models.CharField(max_length=40, blank=True, default="")
    from_on = models.DateField()
    from_precision = models.CharField(max_length=5, choices=kinds.Precision, default=kinds.Precision.DAY)
    until_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=10, choices=kinds.Source)
    detail = SealedField(label="custody.detail", subject="client_id", blank=True, default="")

    class Meta(Entry.Meta):
        ordering = ["-from_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="cases_custody_in_order", condition=Q(until_on=None) | Q(until_on__gte=F("from_on"))
            ),
            # Nobody is held in two places at once: one period of a case is open.
            models.UniqueConstraint(
                name="cases_custody_one_open",
                fields=["case"],
                condition=Q(until_on=None, struck_at=None),
            ),
        ]


class Incident(Entry):
    """Something done to the client. ``codes`` are of the HURIDOCS micro-thesauri, separated by commas."""

    kind = models.CharField(max_length=20, choices=IncidentKind)
    codes = models.CharField(max_length=80, blank=True, default="")
    occurred_on = models.DateField()
    precision = models.CharField(max_length=5, choices=kinds.Precision, default=kinds.Precision.DAY)
    source = models.CharField(max_length=10, choices=kinds.Source)
    reliability = models.CharField(max_length=12, choices=kinds.Reliability)
    account = SealedField(label="incident.account", subject="client_id")

    class Meta(Entry.Meta):
        ordering = ["-occurred_on", "id"]


class Testimony(Entry):
    """What the client or a witness told, under an authority of its own: it is used only while that lives."""

    told_on = models.DateField()
    told_by = SealedField(label="testimony.told_by", subject="client_id", blank=True, default="")
    account = SealedField(label="testimony.account", subject="client_id")
    basis = models.CharField(max_length=12, choices=kinds.Basis)
    relation = models.CharField(max_length=12, choices=kinds.Relation)
    may_share = models.BooleanField(default=False)
    withdrawn_on = models.DateField(null=True, blank=True)

    class Meta(Entry.Meta):
        constraints = [
            models.CheckConstraint(
                name="cases_testimony_withdrawn_later",
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("told_on")) & Q(may_share=False),
            )
        ]


class OfficialPart(Entry):
    """An official and their part in this case; the name is sealed for the organisation, not the client."""

    kind = models.CharField(max_length=14, choices=OfficialKind)
    name = SealedField(label="official.name", subject="organisation_id")
    office = SealedField(label="official.office", subject="organisation_id", blank=True, default="")
    organisation_id = ORGANISATION


class RelatedParty(Entry):
    """Somebody whom counsel must not be bound to; named under the client's key.

    ``person`` is set once somebody has looked and said that it is a client of ours.
    """

    kind = models.CharField(max_length=12, choices=PartyKind)
    name = SealedField(label="party.name", subject="client_id")
    remark = SealedField(label="party.remark", subject="client_id", blank=True, default="")
    person = models.ForeignKey(Client, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Entry.Meta):
        constraints = [
            models.CheckConstraint(
                name="cases_party_somebody_else", condition=Q(person=None) | ~Q(person=F("client"))
            )
        ]


class Recognition(Entry):
    """An organisation's recognition of the client as a political prisoner: public, dated, by criteria."""

    organisation = models.CharField(max_length=120)
    criteria = models.CharField(max_length=12, choices=Criteria)
    recognised_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta(Entry.Meta):
        ordering = ["-recognised_on", "id"]
        constraints = [
            models.CheckConstraint(name="cases_recognition_somebody", condition=~Q(organisation="")),
            models.CheckConstraint(
                name="cases_recognition_in_order",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("recognised_on")),
            ),
        ]


class Referral(Entry):
    """Sent on to others for help, and what came of it."""

    kind = models.CharField(max_length=14, choices=ReferralKind)
    referred_on = models.DateField()
    whom = SealedField(label="referral.whom", subject="client_id", blank=True, default="")
    outcome = models.CharField(max_length=12, choices=ReferralOutcome, blank=True, default="")
    outcome_on = models.DateField(null=True, blank=True)
    remark = SealedField(label="referral.remark", subject="client_id", blank=True, default="")

    class Meta(Entry.Meta):
        ordering = ["-referred_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="cases_referral_outcome_whole",
                condition=Q(outcome="", outcome_on=None)
                | ~Q(outcome="") & Q(outcome_on__isnull=False) & Q(outcome_on__gte=F("referred_on")),
            )
        ]


class HearingObserver(Entry):
    """Who came to watch a hearing and whether they were let in; kinds and numbers, no names."""

    hearing = models.ForeignKey(Hearing, models.PROTECT, related_name="observers")
    kind = models.CharField(max_length=10, choices=ObserverKind)
    came = models.PositiveSmallIntegerField()
    admitted = models.PositiveSmallIntegerField()

    class Meta(Entry.Meta):
        constraints = [
            models.UniqueConstraint(
                name="cases_observer_once",
                fields=["case", "hearing", "kind"],
                condition=Q(struck_at=None),
            ),
            models.CheckConstraint(
                name="cases_observer_admitted", condition=Q(came__gte=1, admitted__lte=F("came"))
            ),
        ]
