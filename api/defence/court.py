"""Trials, who stands in them, and what they are accused of."""

import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import URLPattern
from rest_framework import serializers

from accounts.models import User
from api.building import deed, listing, thing
from api.defence.cases import OPEN, open_cases
from api.defence.reference import articles, courts
from api.fields import Coded, Day, OneOf, Ref, Strict, Text
from api.filtering import FilterSet, ident, word
from api.tables import Act, Resource
from cases import kinds
from cases.actions import court
from cases.models import Accusation, Case, Defendant, Trial

SEE, WORK = "cases.see", "cases.work"


def visible_cases_ids(by: User, at: datetime.datetime) -> QuerySet[Any]:
    """Ids of cases that may be found, as a subquery."""
    return Case.objects.visible_to(by, at).order_by().values("id")


def open_cases_ids(by: User, at: datetime.datetime) -> QuerySet[Any]:
    """Ids of cases that are open to the caller, as a subquery."""
    return Case.objects.open_to(by, at).order_by().values("id")


def visible_trials(by: User, at: datetime.datetime) -> QuerySet[Any]:
    """Trials in which a visible case stands, with those of its defendants who are visible."""
    cases = visible_cases_ids(by, at)
    shown = Defendant.objects.filter(case__in=cases).select_related("client").order_by("id")
    placed = Defendant.objects.filter(case__in=cases).values("trial_id")
    rows = Trial.objects.filter(pk__in=placed).select_related("court")
    return rows.prefetch_related(Prefetch("defendants", queryset=shown))


def open_trials(by: User, at: datetime.datetime) -> QuerySet[Any]:
    """Trials in which a case stands that is open to the caller."""
    placed = Defendant.objects.filter(case__in=open_cases_ids(by, at)).values("trial_id")
    return visible_trials(by, at).filter(pk__in=placed)


class DefendantOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    trial = serializers.UUIDField(source="trial_id")
    case = serializers.UUIDField(source="case_id")
    code_name = serializers.CharField(source="client.code_name")
    interest_group = serializers.CharField()
    defended_by = serializers.ChoiceField(kinds.DefendedBy.choices)
    plea = serializers.ChoiceField(kinds.Plea.choices)
    verdict = serializers.ChoiceField(kinds.Verdict.choices, allow_blank=True)
    verdict_on = serializers.DateField(allow_null=True)


class TrialOut(serializers.Serializer[Any]):
    """The judge's name is not told."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    court = serializers.CharField(source="court.code", allow_null=True, default=None)
    instance = serializers.ChoiceField(kinds.Instance.choices, source="court_instance")
    started_on = serializers.DateField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)
    defendants = DefendantOut(many=True)


class TrialFilters(FilterSet):
    case = ident("defendants__case_id")
    court = word("court__code")


TRIALS = Resource("trial", visible_trials, TrialOut, filters=TrialFilters)
OPEN_TRIALS = Resource("trial", open_trials, TrialOut)


def open_defendants(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return Defendant.objects.filter(case__in=open_cases_ids(by, at)).select_related("client")


DEFENDANTS = Resource("defendant", open_defendants, DefendantOut)


class TrialIn(Strict):
    case = Ref(open_cases)
    court = Ref(courts, allow_null=True, default=None)
    instance = OneOf(kinds.Instance, default=kinds.Instance.FIRST)
    judge = Text(default="")
    started_on = Day(allow_null=True, default=None)


class DefendantIn(Strict):
    case = Ref(open_cases)
    interest_group = Coded(r"^[A-Za-z]{0,4}\Z", default="", allow_blank=True)


class DefenceIn(Strict):
    defended_by = OneOf(kinds.DefendedBy)


class VerdictIn(Strict):
    verdict = OneOf(kinds.Verdict)
    verdict_on = Day()
    plea = OneOf(kinds.Plea, allow_null=True, default=None)


class AccusationOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    case = serializers.UUIDField(source="case_id")
    article = serializers.UUIDField(source="article_id")
    number = serializers.CharField(source="article.number")
    part = serializers.CharField(source="article.part")
    since_on = serializers.DateField(allow_null=True)
    until_on = serializers.DateField(allow_null=True)


def open_accusations(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return Accusation.objects.filter(case__in=open_cases_ids(by, at)).select_related("article")


class OfCase(FilterSet):
    case = ident("case_id")


ACCUSATIONS = Resource("accusation", open_accusations, AccusationOut, filters=OfCase)


class AccusationIn(Strict):
    article = Ref(articles)
    since_on = Day(allow_null=True, default=None)


class UntilIn(Strict):
    until_on = Day()


urlpatterns: list[URLPattern] = [
    *listing("trials/", TRIALS, SEE, Act(court.add_trial, WORK, input=TrialIn, adds=True)),
    *thing("trials/<uuid:key>/", TRIALS, SEE),
    *deed(
        "trials/<uuid:key>/defendants/",
        OPEN_TRIALS,
        Act(court.add_defendant, WORK, "trial", DefendantIn, DEFENDANTS, adds=True),
    ),
    *thing("defendants/<uuid:key>/", DEFENDANTS, WORK),
    *deed(
        "defendants/<uuid:key>/defence/", DEFENDANTS, Act(court.record_defence, WORK, "defendant", DefenceIn)
    ),
    *deed(
        "defendants/<uuid:key>/verdict/", DEFENDANTS, Act(court.record_verdict, WORK, "defendant", VerdictIn)
    ),
    *listing("accusations/", ACCUSATIONS, WORK),
    *thing("accusations/<uuid:key>/", ACCUSATIONS, WORK),
    *deed(
        "cases/<uuid:key>/accusations/",
        OPEN,
        Act(court.add_accusation, WORK, "case", AccusationIn, ACCUSATIONS, adds=True),
    ),
    *deed(
        "accusations/<uuid:key>/drop/", ACCUSATIONS, Act(court.drop_accusation, WORK, "accusation", UntilIn)
    ),
]
