"""What happened and who may: events of the log, readings, approvals."""

import datetime
import json
from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import URLPattern
from rest_framework import serializers

from accounts.approvals import DECIDES, decide_approval
from accounts.models import Approval, User
from api.building import deed, listing, thing
from api.fields import Flag, Strict
from api.filtering import FilterSet, day, ident, word
from api.opening import sealed_context
from api.tables import Act, Resource
from audit.models import Event, ReadRecord

SEE = "audit.see"


class EventOut(serializers.Serializer[Any]):
    """``body`` is the exact text whose hash is a leaf of the log's tree."""

    seq = serializers.IntegerField()
    kind = serializers.CharField()
    actor_id = serializers.CharField()
    at = serializers.DateTimeField()
    subjects = serializers.SerializerMethodField()
    body = serializers.CharField()

    def get_subjects(self, row: Event) -> list[str]:
        subjects: list[str] = json.loads(row.body)["subjects"]
        return subjects


class EventFilters(FilterSet):
    kind = word()
    actor = word("actor_id")
    subject = word("subjects__subject_id")
    from_on = day("at", "date__gte")
    until_on = day("at", "date__lte")


def visible_events(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return Event.objects.all() if by.has(SEE) else Event.objects.none()


EVENTS = Resource("event", visible_events, EventOut, ("-seq",), EventFilters)


class ReadSubjectOut(serializers.Serializer[Any]):
    subject_id = serializers.UUIDField()
    fields_opened = serializers.CharField(source="fields")


class ReadingOut(serializers.Serializer[Any]):
    """Who opened whose sealed fields, on which page or address."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    actor_id = serializers.CharField()
    purpose = serializers.CharField()
    subjects = ReadSubjectOut(many=True)


class ReadingFilters(FilterSet):
    actor = word("actor_id")
    subject = ident("subjects__subject_id")
    from_on = day("at", "date__gte")
    until_on = day("at", "date__lte")


def visible_readings(by: User, at: datetime.datetime) -> QuerySet[Any]:
    rows = ReadRecord.objects.prefetch_related("subjects")
    return rows if by.has(SEE) else rows.none()


READINGS = Resource("reading", visible_readings, ReadingOut, ("-id",), ReadingFilters)


class ApprovalOut(serializers.Serializer[Any]):
    """``said`` is what the colleague agrees to, told on ``?names=true``; opening it is recorded."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    kind = serializers.CharField()
    object_id = serializers.UUIDField()
    state = serializers.ChoiceField(Approval.STATES)
    asked_by = serializers.UUIDField(source="asked_by_id")
    asked_at = serializers.DateTimeField()
    decided_by = serializers.UUIDField(source="decided_by_id", allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    until = serializers.DateTimeField()
    said = serializers.SerializerMethodField()

    def get_said(self, row: Approval) -> str | None:
        if row.pk not in self.context.get("open", ()):
            return None
        kept: Any = row.summary
        lines = kept.get("said", []) if isinstance(kept, dict) else [["", str(kept)]]
        return "\n".join(": ".join(part for part in line if part) for line in lines)


class ApprovalFilters(FilterSet):
    kind = word()
    state = word(most=10)
    object = ident("object_id")


def visible_approvals(by: User, at: datetime.datetime) -> QuerySet[Any]:
    """What one asked for, and what one may decide; auditors see that it was asked."""
    if by.has(SEE):
        return Approval.objects.all()
    mine = [kind for kind, permission in DECIDES.items() if by.has(permission)]
    return Approval.objects.filter(Q(asked_by=by) | Q(kind__in=mine))


def open_summaries(rows: Sequence[Any], by: User, at: datetime.datetime) -> dict[str, Any]:
    """Words are for who asked and who decides."""
    return sealed_context(
        [row for row in rows if row.asked_by_id == by.pk or by.has(DECIDES[row.kind])], "summary"
    )


APPROVALS = Resource(
    "approval", visible_approvals, ApprovalOut, ("-asked_at", "id"), ApprovalFilters, open_summaries
)


class DecisionIn(Strict):
    agrees = Flag()


# Whoever may ask for anything that takes two people may follow what became of it.
READ = tuple(sorted({*DECIDES.values(), "money.book", "money.pay", "claims.enter", "cases.work", SEE}))
DECIDE = tuple(sorted(set(DECIDES.values())))
urlpatterns: list[URLPattern] = [
    *listing("events/", EVENTS, SEE),
    *thing("events/<int:key>/", EVENTS, SEE),
    *listing("readings/", READINGS, SEE),
    *thing("readings/<int:key>/", READINGS, SEE),
    *listing("approvals/", APPROVALS, READ),
    *thing("approvals/<uuid:key>/", APPROVALS, READ),
    *deed("approvals/<uuid:key>/decide/", APPROVALS, Act(decide_approval, DECIDE, "approval", DecisionIn)),
]
