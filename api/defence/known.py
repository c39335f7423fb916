"""Trials that monitors and media know of, whether or not anybody asked for help."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern
from rest_framework import serializers

from accounts.models import User
from api.building import deed, listing, thing
from api.defence.cases import open_cases
from api.defence.court import DefenceIn
from api.defence.intake import PartialIn
from api.fields import OneOf, Ref, Strict, Text, Whole
from api.filtering import FilterSet, choice, day, flag, word
from api.tables import Act, Resource
from cases import kinds
from cases.actions import reference
from cases.actions.reference import KnownTrialFact
from cases.models import Case, Court, KnownTrial

SEE, WORK = "trials.see", "cases.work"


class KnownTrialOut(serializers.Serializer[Any]):
    """``case`` is told where the caller may find that case; ``linked`` says that there is one."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    court = serializers.CharField(source="court.code")
    starts_on = serializers.DateField()
    starts_precision = serializers.ChoiceField(kinds.Precision.choices)
    articles = serializers.CharField()
    defendants = serializers.IntegerField()
    defended_by = serializers.ChoiceField(kinds.DefendedBy.choices)
    source = serializers.CharField()  # type: ignore[assignment]  # DRF's metaclass moves it away
    linked = serializers.SerializerMethodField()
    case = serializers.UUIDField(source="seen_case", allow_null=True, default=None)

    def get_linked(self, row: KnownTrial) -> bool:
        return row.case_id is not None


class KnownTrialFilters(FilterSet):
    court = word("court__code")
    defended_by = choice(kinds.DefendedBy)
    linked = flag("case", "isnull", turned=True)
    from_on = day("starts_on", "gte")
    until_on = day("starts_on", "lte")


def known_trials(by: User, at: datetime.datetime) -> QuerySet[Any]:
    from django.db.models import OuterRef, Subquery

    rows = KnownTrial.objects.select_related("court")
    seen = Case.objects.visible_to(by, at).order_by().filter(pk=OuterRef("case_id")).values("pk")
    return rows.annotate(seen_case=Subquery(seen[:1])) if by.has(SEE) else rows.none()


def unlinkable(by: User, at: datetime.datetime) -> QuerySet[Any]:
    """Known trials of cases that are open to the caller."""
    return known_trials(by, at).filter(case__in=Case.objects.open_to(by, at).order_by().values("id"))


KNOWN = Resource("known-trial", known_trials, KnownTrialOut, ("-starts_on", "id"), KnownTrialFilters)
LINKED = Resource("known-trial", unlinkable, KnownTrialOut)


class KnownTrialIn(Strict):
    """Nothing about anybody: a court, a day, articles, and where it is known from."""

    court = Text(max_length=60)
    starts = PartialIn()
    articles = Text(default="", max_length=200)
    source = Text(max_length=300)  # type: ignore[assignment]  # DRF's metaclass moves it away
    defendants = Whole(default=1, min_value=1, max_value=200)
    defended_by = OneOf(kinds.DefendedBy, default=kinds.DefendedBy.UNKNOWN)

    def validate_court(self, value: str) -> str:
        if not Court.objects.filter(code=value).exists():
            raise serializers.ValidationError("There is no court with this code.", "unknown")
        return value


class LinkIn(Strict):
    case = Ref(open_cases)


def _one(_target: Any, values: dict[str, Any]) -> dict[str, Any]:
    return {"trials": [KnownTrialFact(**values)]}


def _first(rows: Any) -> Any:
    return rows[0]


ONE = "known-trials/<uuid:key>/"
urlpatterns: list[URLPattern] = [
    *listing(
        "known-trials/",
        KNOWN,
        SEE,
        Act(
            reference.add_known_trials, "cases.import", input=KnownTrialIn, adds=True, shape=_one, pick=_first
        ),
    ),
    *thing(ONE, KNOWN, SEE),
    *deed(f"{ONE}link/", KNOWN, Act(reference.link_known_trial, WORK, "known_trial", LinkIn)),
    *deed(f"{ONE}unlink/", LINKED, Act(reference.unlink_known_trial, WORK, "known_trial")),
    *deed(f"{ONE}defence/", KNOWN, Act(reference.record_known_defence, WORK, "known_trial", DefenceIn)),
]
