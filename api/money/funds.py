"""Funds, what moves between them, and batches."""

import datetime
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.urls import URLPattern
from rest_framework import serializers

from accounts.models import User
from api.building import deed, figures, listing, thing
from api.fields import Coded, Day, Id, Minor, OneOf, Ref, Strict, Text
from api.filtering import FilterSet, choice, flag, word
from api.money.books import JOURNALS
from api.tables import Act, Resource
from treasury import kinds, tracing
from treasury.actions import allocation, funds
from treasury.models import Balance, Batch, Fund

SEE = "money.see"


def visible_funds(by: User, at: datetime.datetime) -> QuerySet[Any]:
    """Funds with what they hold."""
    totals = Balance.objects.filter(account__subject_id=OuterRef("pk"), account__kind__in=kinds.TRACED)
    posted = F("credit_posted") - F("debit_posted")
    return Fund.objects.visible_to(by).annotate(
        held_minor=Subquery(totals.annotate(x=posted).values("x")[:1]),
        free_minor=Subquery(totals.annotate(x=posted - F("debit_pending")).values("x")[:1]),
    )


class FundOut(serializers.Serializer[Any]):
    """``held_minor`` is posted, ``free_minor`` neither spent nor committed; null before any movement."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(kinds.FundKind.choices)
    currency = serializers.CharField()
    categories = serializers.ListField(child=serializers.CharField())
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    goal_minor = serializers.IntegerField(allow_null=True)
    opened_on = serializers.DateField()
    closed_on = serializers.DateField(allow_null=True)
    held_minor = serializers.IntegerField(allow_null=True, default=None)
    free_minor = serializers.IntegerField(allow_null=True, default=None)


class FundFilters(FilterSet):
    kind = choice(kinds.FundKind)
    code = word()
    open = flag("closed_on", "isnull")


FUNDS = Resource("fund", visible_funds, FundOut, ("code",), FundFilters)


class FundIn(Strict):
    code = Coded(r"^[a-z0-9-]{2,40}\Z")
    name = Text(max_length=120)
    # A grant's fund is opened with its grant.
    kind = OneOf(kinds.FundKind)
    categories = serializers.ListField(child=OneOf(kinds.Category), default=list, max_length=20)
    case_ids = serializers.ListField(child=Id(), default=list, max_length=500)
    starts_on = Day(allow_null=True, default=None)
    ends_on = Day(allow_null=True, default=None)
    goal_minor = Minor(allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return in_order(attrs, "starts_on", "ends_on")


def in_order(values: dict[str, Any], first: str, last: str) -> dict[str, Any]:
    """Raise ValidationError for an end before its beginning."""
    if values.get(first) and values.get(last) and values[last] < values[first]:
        raise serializers.ValidationError(
            {last: [serializers.ErrorDetail("This is before the beginning.", "order")]}
        )
    return values


class CaseIn(Strict):
    case_id = Id()


class OpeningIn(Strict):
    amount_minor = Minor()
    on = Day()


class AllocationIn(Strict):
    source = Ref(visible_funds)  # type: ignore[assignment]  # DRF's metaclass moves it away
    target = Ref(visible_funds)
    amount_minor = Minor()
    reason_code = OneOf(kinds.ReasonCode, default=kinds.ReasonCode.OTHER)
    note = Text(default="", max_length=1000)


class LossIn(Strict):
    amount_minor = Minor()
    note = Text(default="", max_length=1000)


class BatchOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    fund = serializers.CharField(source="fund.code")
    kind = serializers.ChoiceField(kinds.BatchKind.choices)
    number = serializers.IntegerField()
    opened_on = serializers.DateField()
    closed_on = serializers.DateField(allow_null=True)


class UseOut(serializers.Serializer[Any]):
    booked_on = serializers.DateField()
    category = serializers.ChoiceField(kinds.Category.choices)
    amount_minor = serializers.IntegerField()
    payments = serializers.IntegerField()


class BatchFilters(FilterSet):
    fund = word("fund__code", 40)
    kind = choice(kinds.BatchKind)
    open = flag("closed_on", "isnull")


def visible_batches(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return Batch.objects.filter(fund__in=Fund.objects.visible_to(by)).select_related("fund")


BATCHES = Resource("batch", visible_batches, BatchOut, ("opened_on", "id"), BatchFilters)
BOOK = "money.book"


def _allocation_terms(_target: Any, values: dict[str, Any]) -> Any:
    parts = {name: values[name] for name in ("source", "target", "amount_minor")}
    return "allocation", values["source"].pk, allocation.allocation_terms(**parts)


def _cover_terms(target: Any, values: dict[str, Any]) -> Any:
    return "allocation", target.pk, allocation.cover_terms(fund=target, amount_minor=values["amount_minor"])


urlpatterns: list[URLPattern] = [
    *listing("funds/", FUNDS, SEE, Act(funds.open_fund, BOOK, input=FundIn, adds=True)),
    *thing("funds/<uuid:key>/", FUNDS, SEE),
    *deed(
        "funds/<uuid:key>/cases/",
        FUNDS,
        Act(funds.add_case_to_fund, BOOK, "fund", CaseIn, pick=lambda row: row.fund),
    ),
    *deed("funds/<uuid:key>/close/", FUNDS, Act(funds.close_fund, BOOK, "fund")),
    *deed(
        "funds/<uuid:key>/opening-balance/",
        FUNDS,
        Act(funds.book_opening_balance, BOOK, "fund", OpeningIn, JOURNALS, adds=True),
    ),
    *deed(
        "funds/<uuid:key>/cover-loss/",
        FUNDS,
        Act(allocation.cover_loss, BOOK, "fund", LossIn, JOURNALS, adds=True, terms=_cover_terms),
    ),
    *deed(
        "allocations/",
        JOURNALS,
        Act(allocation.allocate_between_funds, BOOK, input=AllocationIn, adds=True, terms=_allocation_terms),
    ),
    *listing("batches/", BATCHES, SEE),
    *thing("batches/<uuid:key>/", BATCHES, SEE),
    *figures("batches/<uuid:key>/use/", BATCHES, SEE, tracing.what_became, UseOut, many=True),
]
