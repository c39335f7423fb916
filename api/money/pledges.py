"""Pledges that double gifts, what a fund did month by month, and where what is left of it goes."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern
from django.utils import timezone
from rest_framework import serializers

from accounts.models import User
from api.building import deed, figures, listing, thing
from api.fields import Coded, Day, Minor, Ref, Strict, Text, Whole
from api.filtering import FilterSet, flag, word
from api.money.books import JOURNALS
from api.money.funds import FUNDS, in_order, visible_funds
from api.tables import Act, Resource
from donations.actions.leftovers import leftover_terms, move_leftover
from treasury.actions import pledges
from treasury.models import Fund, Pledge
from treasury.over_time import Month, months

SEE, BOOK = "money.see", "money.book"


class PledgeOut(serializers.Serializer[Any]):
    """``doubled_minor`` is what it owes for closed batches so far, booked or not."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    fund = serializers.CharField(source="fund.code")
    source = serializers.CharField(source="source.code")  # type: ignore[assignment]  # a field of DRF's own
    ratio_basis_points = serializers.IntegerField()
    limit_minor = serializers.IntegerField()
    doubled_minor = serializers.IntegerField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    closed_on = serializers.DateField(allow_null=True)


class PledgeFilters(FilterSet):
    fund = word("fund__code", 40)
    open = flag("closed_on", "isnull")


def visible_pledges(by: User, at: datetime.datetime) -> QuerySet[Any]:
    pledges_of: QuerySet[Any] = Pledge.objects.visible_to(by)
    return pledges_of.select_related("fund", "source")


class PledgeIn(Strict):
    fund = Ref(visible_funds)
    code = Coded(r"^[a-z0-9-]{2,40}\Z")
    name = Text(max_length=120)
    limit_minor = Minor()
    ratio_basis_points = Whole(default=10_000, min_value=1, max_value=100_000)
    starts_on = Day()
    ends_on = Day()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return in_order(attrs, "starts_on", "ends_on")


class MonthOut(serializers.Serializer[Any]):
    first = serializers.DateField()
    opening_minor = serializers.IntegerField()
    in_minor = serializers.IntegerField()
    paid_minor = serializers.IntegerField()
    committed_minor = serializers.IntegerField()
    closing_minor = serializers.IntegerField()


def fund_months(fund: Fund) -> list[Month]:
    """The fund month by month, at most five years; amounts as at the end of each month."""
    return months(fund, timezone.localdate(), count=60)


class LeftoverIn(Strict):
    same_cause = Ref(visible_funds)
    general = Ref(visible_funds)


def _leftover_terms(target: Any, values: dict[str, Any]) -> Any:
    return "allocation", target.pk, leftover_terms(fund=target, **values)


PLEDGES = Resource("pledge", visible_pledges, PledgeOut, ("starts_on", "id"), PledgeFilters)

urlpatterns: list[URLPattern] = [
    *listing("pledges/", PLEDGES, SEE, Act(pledges.open_pledge, BOOK, input=PledgeIn, adds=True)),
    *thing("pledges/<uuid:key>/", PLEDGES, SEE),
    *deed("pledges/<uuid:key>/close/", PLEDGES, Act(pledges.close_pledge, BOOK, "pledge")),
    *deed(
        "funds/<uuid:key>/leftover/",
        FUNDS,
        Act(move_leftover, BOOK, "fund", LeftoverIn, JOURNALS, adds=True, terms=_leftover_terms),
    ),
    *figures("funds/<uuid:key>/months/", FUNDS, SEE, fund_months, MonthOut, many=True),
]
