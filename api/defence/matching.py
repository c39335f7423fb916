"""Match runs and what they proposed; a human decides."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern
from rest_framework import serializers

from accounts.models import User
from api.building import deed, listing, thing
from api.fields import OneOf, Ref, Strict
from api.filtering import FilterSet, choice, ident
from api.panel import visible_lawyers
from api.tables import Act, Resource
from cases import kinds
from cases.actions import matching
from cases.models import Case, MatchProposal, MatchRun

SEE, RUN = "match.see", "match.run"


class RunOut(serializers.Serializer[Any]):
    """``bound`` is the solver's own proof of how good the result can be."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    number = serializers.IntegerField()
    solved_at = serializers.DateTimeField()
    solved_by = serializers.CharField()
    inputs_sha256 = serializers.CharField()
    solver = serializers.CharField()
    status = serializers.CharField()
    bound = serializers.JSONField()
    policy = serializers.JSONField()
    needs = serializers.IntegerField()
    places = serializers.IntegerField()
    placed = serializers.IntegerField()
    milliseconds = serializers.IntegerField()


class ProposalOut(serializers.Serializer[Any]):
    """``fit`` is in thousandths; ``components`` are the parts that add up to it."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    run = serializers.UUIDField(source="run_id")
    case = serializers.UUIDField(source="case_id")
    code_name = serializers.CharField(source="case.client.code_name")
    lawyer = serializers.UUIDField(source="lawyer_id", allow_null=True)
    lawyer_code_name = serializers.CharField(source="lawyer.code_name", allow_null=True, default=None)
    fit = serializers.IntegerField()
    components = serializers.JSONField()
    is_lock = serializers.BooleanField()
    decision = serializers.ChoiceField(kinds.Decision.choices)
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_by = serializers.CharField()
    chosen = serializers.UUIDField(source="chosen_id", allow_null=True)


class ProposalFilters(FilterSet):
    run = ident("run_id")
    case = ident("case_id")
    lawyer = ident("lawyer_id")
    decision = choice(kinds.Decision)


def visible_runs(by: User, at: datetime.datetime) -> QuerySet[Any]:
    rows = MatchRun.objects.defer("result")
    return rows if by.has(SEE) else rows.none()


def visible_proposals(by: User, at: datetime.datetime) -> QuerySet[Any]:
    """Those of cases the caller may find."""
    rows = MatchProposal.objects.filter(case__in=Case.objects.visible_to(by, at).order_by().values("id"))
    return rows.select_related("case__client", "lawyer")


RUNS = Resource("match", visible_runs, RunOut, ("-number",))
PROPOSALS = Resource("proposal", visible_proposals, ProposalOut, filters=ProposalFilters)


class ProposalDecisionIn(Strict):
    """``chosen`` with "replaced" only: somebody else of the panel."""

    decision = OneOf(kinds.Decision)
    chosen = Ref(visible_lawyers, allow_null=True, default=None)


urlpatterns: list[URLPattern] = [
    *listing("matches/", RUNS, SEE, Act(matching.run_match, RUN, adds=True)),
    *thing("matches/<uuid:key>/", RUNS, SEE),
    *listing("proposals/", PROPOSALS, SEE),
    *thing("proposals/<uuid:key>/", PROPOSALS, SEE),
    *deed(
        "proposals/<uuid:key>/decide/",
        PROPOSALS,
        Act(matching.decide_proposal, RUN, "proposal", ProposalDecisionIn),
    ),
]
