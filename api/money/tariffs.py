"""Approval in advance: tariffs and standing authorities."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern
from rest_framework import serializers

from accounts.models import User
from api.building import deed, listing, thing
from api.fields import Day, Minor, OneOf, Strict, Text
from api.money.funds import in_order
from api.tables import Act, Resource
from treasury import kinds
from treasury.actions import authorities
from treasury.models import StandingAuthority, Tariff
from vault.keys import ORGANISATION

SEE, BOOK = "money.see", "money.book"


class TariffLineOut(serializers.Serializer[Any]):
    category = serializers.ChoiceField(kinds.Category.choices)
    stage = serializers.CharField()
    amount_minor = serializers.IntegerField()


class TariffOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    currency = serializers.CharField()
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)
    proposed_by = serializers.CharField()
    approved_by = serializers.CharField()
    lines = TariffLineOut(many=True)


def visible_tariffs(by: User, at: datetime.datetime) -> QuerySet[Any]:
    rows = Tariff.objects.prefetch_related("lines")
    return rows if by.has(SEE) or by.has("cases.work") else rows.none()


TARIFFS = Resource("tariff", visible_tariffs, TariffOut, ("-valid_from", "id"))


class TariffFeeIn(Strict):
    category = OneOf(kinds.Category)
    stage = Text(default="", max_length=40)
    amount_minor = Minor()

    def validate_category(self, value: kinds.Category) -> kinds.Category:
        if value not in kinds.CASE_COSTS + kinds.RUNNING_COSTS:
            raise serializers.ValidationError("A category of costs is wanted here.", "costs")
        return value


class TariffIn(Strict):
    name = Text(max_length=80)
    fees = serializers.ListField(child=TariffFeeIn(), min_length=1, max_length=60)
    valid_from = Day()
    valid_until = Day(allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        fees = [(fee["category"], fee["stage"], fee["amount_minor"]) for fee in attrs["fees"]]
        if len({fee[:2] for fee in fees}) < len(fees):
            raise serializers.ValidationError({"fees": ["Each category and stage once."]}, "repeated")
        return {**attrs, "fees": fees}


class AuthorityOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    tariff = serializers.UUIDField(source="tariff_id")
    monthly_minor = serializers.IntegerField()
    valid_from = serializers.DateField()
    valid_until = serializers.DateField()
    proposed_by = serializers.CharField()
    approved_by = serializers.CharField()
    ended_on = serializers.DateField(allow_null=True)


def visible_authorities(by: User, at: datetime.datetime) -> QuerySet[Any]:
    rows = StandingAuthority.objects.all()
    return rows if by.has(SEE) or by.has("cases.work") else rows.none()


AUTHORITIES = Resource("standing-authority", visible_authorities, AuthorityOut, ("-valid_from", "id"))


class AuthorityIn(Strict):
    monthly_minor = Minor()
    valid_from = Day()
    valid_until = Day()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return in_order(attrs, "valid_from", "valid_until")


def _tariff_terms(_target: Any, values: dict[str, Any]) -> Any:
    parts = {name: values[name] for name in ("name", "fees", "valid_from")}
    return "standing-authority", ORGANISATION, authorities.tariff_terms(**parts)


def _authority_terms(target: Any, values: dict[str, Any]) -> Any:
    return "standing-authority", target.pk, authorities.authority_terms(**values)


READ, PROPOSE = (SEE, "cases.work"), (BOOK, "money.approve")
urlpatterns: list[URLPattern] = [
    *listing(
        "tariffs/",
        TARIFFS,
        READ,
        Act(authorities.approve_tariff, PROPOSE, input=TariffIn, adds=True, terms=_tariff_terms),
    ),
    *thing("tariffs/<uuid:key>/", TARIFFS, READ),
    *deed(
        "tariffs/<uuid:key>/authorities/",
        TARIFFS,
        Act(
            authorities.grant_standing_authority,
            PROPOSE,
            "tariff",
            AuthorityIn,
            AUTHORITIES,
            adds=True,
            terms=_authority_terms,
        ),
    ),
    *listing("standing-authorities/", AUTHORITIES, READ),
    *thing("standing-authorities/<uuid:key>/", AUTHORITIES, READ),
    *deed(
        "standing-authorities/<uuid:key>/end/",
        AUTHORITIES,
        Act(authorities.end_standing_authority, PROPOSE, "authority"),
    ),
]
