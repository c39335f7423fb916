"""Which cases a person finds, and the adjectives of lists."""

import datetime
from typing import TYPE_CHECKING

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from accounts.models import Grant, User
from accounts.models.teams import held, is_held
from audit.actors import Actor
from audit.tracked import TrackedQuerySet
from cases import kinds

if TYPE_CHECKING:
    from cases.models.counsel import RepresentationQuerySet
    from cases.models.court import Case, HearingQuerySet  # noqa: F401

GRANT_KIND = "case"
CLOSED = (kinds.CaseStatus.CLOSED, kinds.CaseStatus.NOT_ELIGIBLE, kinds.CaseStatus.DUPLICATE)


class CaseQuerySet(TrackedQuerySet["Case"]):
    """Lists of cases. Filters by person come first, so that nothing below them can widen a list."""

    def visible_to(self, actor: Actor, at: datetime.datetime) -> "CaseQuerySet":
        """Cases a person may find in a list, by code name.

        Coordinators and second officers: all but the restricted ones they hold no grant on. Auditors: all.
        A lawyer with an account: where they defend. Strangers and machines: none.
        """
        if not isinstance(actor, User) or not actor.is_active:
            return self.none()
        if actor.has("cases.work"):
            return self.filter(Q(confidentiality=kinds.Confidentiality.NORMAL) | held(actor, GRANT_KIND, at))
        if actor.has("cases.see"):
            return self.all()
        return self._defended_by(actor)

    def open_to(self, actor: Actor, at: datetime.datetime) -> "CaseQuerySet":
        """Cases whose names and papers a person may open: the permission to work, and a live grant, one's own
        or a team's."""
        if not isinstance(actor, User) or not actor.has("cases.work"):
            return self.none()
        return self.filter(held(actor, GRANT_KIND, at))

    def of_colleague(self, user: User, at: datetime.datetime) -> "CaseQuerySet":
        """Cases a person is responsible for, or deputy."""
        lasting = Grant.objects.filter(
            user=user,
            object_kind=GRANT_KIND,
            kind__in=["responsible", "deputy"],
            ended_at=None,
            until__gt=at,
        )
        return self.filter(id__in=lasting.values("object_id"))

    def _defended_by(self, user: User) -> "CaseQuerySet":
        if not user.has("portal.enter"):
            return self.none()
        return self.filter(
            id__in=_representations().filter(lawyer__user=user, state__in=kinds.DEFENDING).values("case")
        )

    def open(self) -> "CaseQuerySet":
        """Neither closed nor turned away."""
        return self.exclude(status__in=CLOSED)

    def without_counsel(self) -> "CaseQuerySet":
        """Nobody has accepted the lead."""
        return self.filter(~Exists(_representations().lead().defending().filter(case=OuterRef("pk"))))

    def with_next_hearing(self, at: datetime.datetime) -> "CaseQuerySet":
        """Adds ``next_at`` (a moment or None) and ``next_court`` (its code)."""
        coming = _hearings().coming(at).filter(trial__defendants__case=OuterRef("pk")).order_by("starts_at")
        return self.annotate(
            next_at=Subquery(coming.values("starts_at")[:1]),
            next_time_known=Subquery(coming.values("time_known")[:1]),
            next_instance=Subquery(coming.values("trial__court_instance")[:1]),
        )

    def with_counsel(self) -> "CaseQuerySet":
        """Adds ``counsel`` (code name of the lead, "" if none) and ``offers`` (whether one is out)."""
        lead = _representations().lead().filter(case=OuterRef("pk"))
        return self.annotate(
            counsel=Coalesce(Subquery(lead.defending().values("lawyer__code_name")[:1]), Value("")),
            own_counsel=Exists(lead.defending().filter(lawyer=None)),
            offer_out=Exists(lead.filter(state=kinds.EpisodeState.OFFERED)),
        )

    def with_names_open(self, actor: Actor, at: datetime.datetime) -> "CaseQuerySet":
        """Adds ``names_open``: whether this reader may open the names of the row."""
        if not isinstance(actor, User) or not actor.has("cases.work"):
            return self.annotate(names_open=Value(value=False, output_field=BooleanField()))
        return self.annotate(
            names_open=ExpressionWrapper(is_held(actor, GRANT_KIND, at), output_field=BooleanField())
        )

    def soonest_first(self) -> "CaseQuerySet":
        """By next hearing, those without one last; after :meth:`with_next_hearing`."""
        return self.order_by(F("next_at").asc(nulls_last=True), "-year", "-number")

    def for_list(self, actor: Actor, at: datetime.datetime) -> "CaseQuerySet":
        """All a list page shows, in one query."""
        return (
            self.select_related("client", "court")
            .with_next_hearing(at)
            .with_counsel()
            .with_names_open(actor, at)
        )


def _representations() -> "RepresentationQuerySet":
    from cases.models.counsel import Representation

    return Representation.objects.all()


def _hearings() -> "HearingQuerySet":
    from cases.models.court import Hearing

    return Hearing.objects.all()
