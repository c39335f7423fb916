"""Cases: intake, status, stage, costs, claims. Code names always; names on request, with a live grant."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern
from rest_framework import serializers

from accounts.models import User
from api.building import deed, listing, thing
from api.defence.intake import IntakeIn
from api.fields import Day, OneOf, Ref, Strict, Text
from api.filtering import FilterSet, choice, flag, ident, word
from api.opening import read
from api.tables import Act, Resource
from cases import finding, kinds, stages
from cases.actions import bulk, intake, stage, status
from cases.models import Case, StageEvent
from treasury.models import Commitment

SEE, WORK = "cases.see", "cases.work"


def visible_cases(by: User, at: datetime.datetime) -> QuerySet[Any]:
    """Cases that may be found, by code name."""
    return Case.objects.visible_to(by, at).for_list(by, at)


def open_cases(by: User, at: datetime.datetime) -> QuerySet[Any]:
    """Cases whose papers are open to the caller: a live grant."""
    return Case.objects.open_to(by, at).for_list(by, at)


def open_names(rows: Sequence[Any], by: User, at: datetime.datetime) -> dict[str, Any]:
    """Names of those rows on which the caller holds a grant."""
    names = finding.open_names(by, rows, at)
    return {"names": names, "open": set(names)}


class CaseOut(serializers.Serializer[Any]):
    """``names_open`` says whether ``?names=true`` would open them; health and age are told only then."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    client = serializers.UUIDField(source="client_id")
    code_name = serializers.CharField(source="client.code_name")
    name = serializers.SerializerMethodField()
    summary = serializers.SerializerMethodField()
    reference = serializers.CharField()
    kind = serializers.ChoiceField(kinds.CaseKind.choices)
    urgency = serializers.ChoiceField(kinds.Urgency.choices)
    confidentiality = serializers.ChoiceField(kinds.Confidentiality.choices)
    status = serializers.ChoiceField(kinds.CaseStatus.choices)
    stage = serializers.ChoiceField(stages.Stage.choices, allow_blank=True)
    stage_on = serializers.DateField(allow_null=True)
    stage_precision = serializers.ChoiceField(kinds.Precision.choices)
    in_custody = serializers.BooleanField(allow_null=True)
    region = serializers.CharField()
    court = serializers.CharField(source="court.code", allow_null=True, default=None)
    is_minor = serializers.SerializerMethodField()
    is_ill = serializers.SerializerMethodField()
    languages = serializers.CharField()
    received_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    closing_reason = serializers.ChoiceField(kinds.ClosingReason.choices, allow_blank=True)
    duplicate_of = serializers.UUIDField(source="duplicate_of_id", allow_null=True)
    next_at = serializers.DateTimeField(allow_null=True, default=None)
    counsel = serializers.CharField(allow_blank=True, default="")
    own_counsel = serializers.BooleanField(default=False)
    offer_out = serializers.BooleanField(default=False)
    names_open = serializers.BooleanField(default=False)

    def get_name(self, row: Case) -> str | None:
        found: str | None = self.context.get("names", {}).get(row.pk)
        return found

    def get_summary(self, row: Case) -> str | None:
        return read(self, row, "summary")

    def get_is_minor(self, row: Case) -> bool | None:
        return row.is_minor if getattr(row, "names_open", False) else None

    def get_is_ill(self, row: Case) -> bool | None:
        return row.is_ill if getattr(row, "names_open", False) else None


class CaseFilters(FilterSet):
    status = choice(kinds.CaseStatus)
    stage = choice(stages.Stage)
    kind = choice(kinds.CaseKind)
    urgency = choice(kinds.Urgency)
    region = word(most=30)
    court = word("court__code")
    code_name = word("client__code_name", 40)
    reference = word(most=16)
    client = ident("client_id")
    names_open = flag("names_open")


CASES = Resource("case", visible_cases, CaseOut, ("-year", "-number"), CaseFilters, open_names)
OPEN = Resource("case", open_cases, CaseOut)


class StatusIn(Strict):
    to = OneOf(kinds.CaseStatus)
    duplicate_of = Ref(visible_cases, allow_null=True, default=None)


class ClosingIn(Strict):
    """``keep`` are commitments for work that was done and will be claimed."""

    reason = OneOf(kinds.ClosingReason)
    keep = serializers.ListField(
        child=Ref(lambda by, at: Commitment.objects.all()), default=list, max_length=50
    )


def _closing(case: Case, values: dict[str, Any]) -> dict[str, Any]:
    kept = [row for row in values["keep"] if row.case_id == case.pk]
    return {"case": case, "reason": values["reason"], "keep": kept}


class StageOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    case = serializers.UUIDField(source="case_id")
    stage = serializers.ChoiceField(stages.Stage.choices, allow_blank=True)
    end_kind = serializers.ChoiceField(stages.EndKind.choices, allow_blank=True)
    occurred_on = serializers.DateField()
    precision = serializers.ChoiceField(kinds.Precision.choices)
    known_at = serializers.DateTimeField()
    recorded_by = serializers.CharField()
    source = serializers.ChoiceField(kinds.Source.choices)  # type: ignore[assignment]  # DRF's metaclass moves it away
    reliability = serializers.ChoiceField(kinds.Reliability.choices)
    corrects = serializers.UUIDField(source="corrects_id", allow_null=True)


class OfCase(FilterSet):
    case = ident("case_id")


def open_stages(by: User, at: datetime.datetime) -> QuerySet[Any]:
    ids = Case.objects.open_to(by, at).order_by().values("id")
    return StageEvent.objects.filter(case__in=ids).select_related("case", "client")


STAGES = Resource("stage", open_stages, StageOut, ("-occurred_on", "id"), OfCase)


class StageIn(Strict):
    stage = OneOf(stages.Stage)
    occurred_on = Day()
    precision = OneOf(kinds.Precision, default=kinds.Precision.DAY)
    end_kind = OneOf(stages.EndKind, allow_null=True, default=None)
    source = OneOf(kinds.Source)  # type: ignore[assignment]  # DRF's metaclass moves it away
    reliability = OneOf(kinds.Reliability, default=kinds.Reliability.PROBABLE)
    reason = Text(default="", max_length=1000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        end_kind = attrs.get("end_kind")
        if end_kind and attrs["stage"] not in stages.ENDS:
            raise serializers.ValidationError({"end_kind": ["Only an end has a kind."]}, "not-an-end")
        return {**attrs, "end_kind": end_kind or ""}


class CorrectionIn(Strict):
    """Without ``stage`` nothing takes the place of what was wrong."""

    stage = OneOf(stages.Stage, allow_null=True, default=None)
    occurred_on = Day(allow_null=True, default=None)
    precision = OneOf(kinds.Precision, allow_null=True, default=None)
    reason = Text(max_length=1000)


CASE = "cases/<uuid:key>/"


class ReleaseIn(Strict):
    released_on = Day()
    end_kind = OneOf(stages.EndKind, default=stages.EndKind.RELEASED)
    source = OneOf(kinds.Source)  # type: ignore[assignment]  # DRF's metaclass moves it away


class RearrestIn(Strict):
    detained_on = Day()
    source = OneOf(kinds.Source)  # type: ignore[assignment]  # DRF's metaclass moves it away


urlpatterns: list[URLPattern] = [
    *listing("cases/", CASES, SEE, Act(intake.receive_case, "cases.open", input=IntakeIn, adds=True)),
    *thing(CASE, CASES, SEE),
    *deed(f"{CASE}status/", OPEN, Act(status.change_status, WORK, "case", StatusIn)),
    *deed(f"{CASE}close/", OPEN, Act(status.close_case, WORK, "case", ClosingIn, shape=_closing)),
    *deed(f"{CASE}reopen/", OPEN, Act(status.reopen_case, WORK, "case")),
    *deed(f"{CASE}stages/", OPEN, Act(stage.record_stage, WORK, "case", StageIn, STAGES, adds=True)),
    *deed(f"{CASE}release/", OPEN, Act(bulk.release_client, WORK, "case", ReleaseIn, same=True)),
    *deed(f"{CASE}rearrest/", OPEN, Act(bulk.rearrest_client, WORK, "case", RearrestIn, CASES, adds=True)),
    *listing("stages/", STAGES, WORK),
    *deed(
        "stages/<uuid:key>/correct/", STAGES, Act(stage.correct_stage, WORK, "event", CorrectionIn, adds=True)
    ),
]
