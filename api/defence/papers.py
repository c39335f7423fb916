"""Papers of a representation: agreements, warrants; and exclusions for good."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern
from rest_framework import serializers

from accounts.models import User
from api.building import deed, listing
from api.defence.cases import OPEN
from api.defence.counsel import REPRESENTATIONS
from api.fields import Day, OneOf, Ref, Strict
from api.filtering import FilterSet, ident
from api.money.funds import in_order
from api.panel import visible_lawyers
from api.tables import Act, Resource
from cases import kinds
from cases.actions import counsel
from cases.models import Agreement, Case, Exclusion, Representation, Warrant

WORK = "cases.work"


class ExclusionIn(Strict):
    lawyer = Ref(visible_lawyers)
    kind = OneOf(kinds.ExclusionKind)


class ExclusionOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    client = serializers.UUIDField(source="client_id")
    lawyer = serializers.UUIDField(source="lawyer_id")
    kind = serializers.ChoiceField(kinds.ExclusionKind.choices)
    excluded_at = serializers.DateTimeField()


class AgreementIn(Strict):
    signed_on = Day()
    signed_by = OneOf(kinds.SignedBy)
    payer = OneOf(kinds.PaidBy)


class AgreementOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    representation = serializers.UUIDField(source="representation_id")
    signed_on = serializers.DateField()
    signed_by = serializers.ChoiceField(kinds.SignedBy.choices)
    payer = serializers.ChoiceField(kinds.PaidBy.choices)


class WarrantIn(Strict):
    state = OneOf(kinds.WarrantState)
    filed_on = Day()
    decided_on = Day(allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return in_order(attrs, "filed_on", "decided_on")


class WarrantOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    representation = serializers.UUIDField(source="representation_id")
    state = serializers.ChoiceField(kinds.WarrantState.choices)
    filed_on = serializers.DateField()
    decided_on = serializers.DateField(allow_null=True)


def open_exclusions(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return Exclusion.objects.filter(client__cases__in=Case.objects.open_to(by, at).values("id")).distinct()


def _of_visible(model: Any) -> Any:
    return lambda by, at: model.objects.filter(
        representation__in=Representation.objects.visible_to(by, at).order_by().values("id")
    )


class OfRepresentation(FilterSet):
    representation = ident("representation_id")


EXCLUSIONS = Resource("exclusion", open_exclusions, ExclusionOut)
AGREEMENTS = Resource("agreement", _of_visible(Agreement), AgreementOut, filters=OfRepresentation)
WARRANTS = Resource("warrant", _of_visible(Warrant), WarrantOut, filters=OfRepresentation)


READ = ("cases.see", "portal.enter")
CASE, EPISODE = "cases/<uuid:key>/", "representations/<uuid:key>/"
urlpatterns: list[URLPattern] = [
    *deed(f"{CASE}exclusions/", OPEN, Act(counsel.exclude, WORK, "case", ExclusionIn, EXCLUSIONS, adds=True)),
    *listing("exclusions/", EXCLUSIONS, WORK),
    *deed(
        f"{EPISODE}agreements/",
        REPRESENTATIONS,
        Act(counsel.record_agreement, WORK, "representation", AgreementIn, AGREEMENTS, adds=True),
    ),
    *deed(
        f"{EPISODE}warrants/",
        REPRESENTATIONS,
        Act(counsel.record_warrant, WORK, "representation", WarrantIn, WARRANTS, adds=True),
    ),
    *listing("agreements/", AGREEMENTS, READ),
    *listing("warrants/", WARRANTS, READ),
]
