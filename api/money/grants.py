"""Grants of funders, their lines and instalments."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern
from rest_framework import serializers

from accounts.models import User
from api.building import deed, listing, thing
from api.fields import Coded, Day, Id, Minor, OneOf, Strict, Text, Whole
from api.filtering import FilterSet, flag, ident
from api.money.books import JOURNALS
from api.money.funds import in_order
from api.tables import Act, Resource
from treasury import kinds
from treasury.actions import funds
from treasury.models import Fund, Grant, Instalment

SEE, BOOK = "money.see", "money.book"


class InstalmentOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    grant = serializers.UUIDField(source="grant_id")
    number = serializers.IntegerField()
    amount_minor = serializers.IntegerField()
    due_on = serializers.DateField()
    received_on = serializers.DateField(allow_null=True)
    received_minor = serializers.IntegerField()


class GrantLineOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    title = serializers.CharField()
    amount_minor = serializers.IntegerField()
    categories = serializers.ListField(child=serializers.CharField())


class GrantOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    fund = serializers.CharField(source="fund.code")
    funder = serializers.CharField()
    agreement_ref = serializers.CharField()
    amount_minor = serializers.IntegerField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    conditions = serializers.ListField(child=serializers.CharField())
    lines = GrantLineOut(many=True)
    instalments = InstalmentOut(many=True)


def visible_grants(by: User, at: datetime.datetime) -> QuerySet[Any]:
    rows = Grant.objects.filter(fund__in=Fund.objects.visible_to(by))
    return rows.select_related("fund").prefetch_related("lines", "instalments")


def visible_instalments(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return Instalment.objects.filter(grant__fund__in=Fund.objects.visible_to(by)).select_related(
        "grant__fund"
    )


class InstalmentFilters(FilterSet):
    grant = ident("grant_id")
    received = flag("received_on", "isnull", turned=True)


GRANTS = Resource("grant", visible_grants, GrantOut)
INSTALMENTS = Resource("instalment", visible_instalments, InstalmentOut, ("due_on", "id"), InstalmentFilters)


class LineIn(Strict):
    makes = funds.Line
    title = Text(max_length=120)
    amount_minor = Minor()
    categories = serializers.ListField(child=OneOf(kinds.Category), min_length=1, max_length=20)


class DueIn(Strict):
    due_on = Day()
    amount_minor = Minor()


class GrantIn(Strict):
    code = Coded(r"^[a-z0-9-]{2,40}\Z")
    name = Text(max_length=120)
    funder = Text(max_length=120)
    agreement_ref = Text(max_length=60)
    amount_minor = Minor()
    starts_on = Day()
    ends_on = Day()
    lines = serializers.ListField(child=LineIn(), min_length=1, max_length=100)
    instalments = serializers.ListField(child=DueIn(), min_length=1, max_length=100)
    case_ids = serializers.ListField(child=Id(), default=list, max_length=500)
    indirect_basis_points = Whole(default=0, min_value=0, max_value=10_000)
    reallocation_basis_points = Whole(default=0, min_value=0, max_value=10_000)
    conditions = serializers.ListField(child=Text(max_length=60), default=list, max_length=50)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs["instalments"] = [(row["due_on"], row["amount_minor"]) for row in attrs["instalments"]]
        return in_order(attrs, "starts_on", "ends_on")


class ReceiptIn(Strict):
    amount_minor = Minor()
    received_on = Day()


urlpatterns: list[URLPattern] = [
    *listing("grants/", GRANTS, SEE, Act(funds.open_grant, BOOK, input=GrantIn, adds=True)),
    *thing("grants/<uuid:key>/", GRANTS, SEE),
    *listing("grants/instalments/", INSTALMENTS, SEE),
    *thing("grants/instalments/<uuid:key>/", INSTALMENTS, SEE),
    *deed(
        "grants/instalments/<uuid:key>/receive/",
        INSTALMENTS,
        Act(funds.receive_instalment, BOOK, "instalment", ReceiptIn, JOURNALS),
    ),
]
