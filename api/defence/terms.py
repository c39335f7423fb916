"""Terms that run in a case, and remedies asked of other bodies."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern
from rest_framework import serializers

from accounts.models import User
from api.building import deed, listing, thing
from api.defence.cases import OPEN
from api.defence.court import OfCase, open_cases_ids
from api.fields import Day, OneOf, Strict, Text
from api.tables import Act, Resource
from cases.actions import remedies, terms
from cases.deadlines.words import Body, Category, FilingState, Rule, Settled
from cases.models import Deadline, RemedyFiling

WORK = "cases.work"


class DeadlineOut(serializers.Serializer[Any]):
    """``due_on`` is the last day; ``citation`` is what the rule rests on."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    case = serializers.UUIDField(source="case_id")
    rule = serializers.ChoiceField(Rule.choices)
    trigger_on = serializers.DateField()
    provisional = serializers.BooleanField()
    due_on = serializers.DateField()
    settled = serializers.ChoiceField(Settled.choices, allow_blank=True)
    settled_on = serializers.DateField(allow_null=True)
    citation = serializers.CharField(source="term.citation")
    checked_by_counsel = serializers.BooleanField(source="term.checked_by_counsel")


class FilingOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    case = serializers.UUIDField(source="case_id")
    body = serializers.ChoiceField(Body.choices)
    categories = serializers.CharField()
    state = serializers.ChoiceField(FilingState.choices)
    filed_on = serializers.DateField(allow_null=True)
    answered_on = serializers.DateField(allow_null=True)
    next_on = serializers.DateField(allow_null=True)


def open_deadlines(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return Deadline.objects.filter(case__in=open_cases_ids(by, at)).select_related("case__client")


def open_filings(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return RemedyFiling.objects.filter(case__in=open_cases_ids(by, at)).select_related("case__client")


DEADLINES = Resource("deadline", open_deadlines, DeadlineOut, ("due_on", "id"), OfCase)
FILINGS = Resource("filing", open_filings, FilingOut, filters=OfCase)


class DeadlineIn(Strict):
    rule = OneOf(Rule)
    trigger_on = Day()


class ServiceIn(Strict):
    served_on = Day()


class SettleIn(Strict):
    settled = OneOf(Settled)
    settled_on = Day()
    reason = Text(default="", max_length=2000)


class FilingIn(Strict):
    body = OneOf(Body)
    categories = serializers.ListField(child=OneOf(Category), default=list, max_length=5)
    filed_on = Day(allow_null=True, default=None)
    next_step = Text(default="", max_length=300)
    next_on = Day(allow_null=True, default=None)


class MoveIn(Strict):
    state = OneOf(FilingState)
    on = Day()
    number = Text(default="", max_length=80)
    next_step = Text(default="", max_length=300)
    next_on = Day(allow_null=True, default=None)


CASE, DEADLINE, FILING = "cases/<uuid:key>/", "deadlines/<uuid:key>/", "filings/<uuid:key>/"
urlpatterns: list[URLPattern] = [
    *listing("deadlines/", DEADLINES, WORK),
    *thing(DEADLINE, DEADLINES, WORK),
    *deed(
        f"{CASE}deadlines/", OPEN, Act(terms.start_deadline, WORK, "case", DeadlineIn, DEADLINES, adds=True)
    ),
    *deed(f"{DEADLINE}served/", DEADLINES, Act(terms.record_service, WORK, "deadline", ServiceIn)),
    *deed(f"{DEADLINE}settle/", DEADLINES, Act(terms.settle_deadline, WORK, "deadline", SettleIn)),
    *listing("filings/", FILINGS, WORK),
    *thing(FILING, FILINGS, WORK),
    *deed(f"{CASE}filings/", OPEN, Act(remedies.begin_filing, WORK, "case", FilingIn, FILINGS, adds=True)),
    *deed(f"{FILING}move/", FILINGS, Act(remedies.move_filing, WORK, "filing", MoveIn)),
]
