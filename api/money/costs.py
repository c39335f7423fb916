"""What may be spent and was agreed: ceilings, commitments, running costs."""

import datetime
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.urls import URLPattern
from rest_framework import serializers

from accounts.models import User
from api.building import deed, listing, thing
from api.fields import Coded, Day, Minor, OneOf, Strict, currency
from api.filtering import FilterSet, choice, ident
from api.money.books import JOURNALS
from api.tables import Act, Resource
from treasury import kinds
from treasury.actions import agreements, commitments, payments
from treasury.commitments import FUND_SIDE
from treasury.models import Ceiling, Commitment

SEE, BOOK = "money.see", "money.book"


class CeilingOut(serializers.Serializer[Any]):
    """``lines`` are {category: minor units}."""

    id = serializers.UUIDField()
    case_id = serializers.UUIDField()
    number = serializers.IntegerField()
    total_minor = serializers.IntegerField()
    currency = serializers.CharField()
    lines = serializers.DictField(child=serializers.IntegerField())
    approved_at = serializers.DateTimeField()
    approved_by = serializers.CharField()
    second_by = serializers.CharField()
    tariff = serializers.UUIDField(source="tariff_id", allow_null=True)


class CeilingFilters(FilterSet):
    case = ident("case_id")


def visible_ceilings(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return Ceiling.objects.all() if by.has(SEE) else Ceiling.objects.none()


CEILINGS = Resource("ceiling", visible_ceilings, CeilingOut, ("-approved_at", "id"), CeilingFilters)


class CommitmentOut(serializers.Serializer[Any]):
    """``held_minor`` is what funds still hold for it."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    case_id = serializers.UUIDField(allow_null=True)
    category = serializers.ChoiceField(kinds.Category.choices)
    agreed_minor = serializers.IntegerField()
    agreed_currency = serializers.CharField()
    amount_minor = serializers.IntegerField()
    currency = serializers.CharField()
    authority = serializers.UUIDField(source="authority_id", allow_null=True)
    committed_on = serializers.DateField()
    committed_by = serializers.CharField()
    held_minor = serializers.IntegerField(default=0)


class CommitmentFilters(FilterSet):
    case = ident("case_id")
    category = choice(kinds.Category)


def visible_commitments(by: User, at: datetime.datetime) -> QuerySet[Any]:
    in_funds = Q(transfers__debit__kind__in=FUND_SIDE)
    held = Sum("transfers__hold__remaining_minor", filter=in_funds, default=0)
    return Commitment.objects.visible_to(by).annotate(held_minor=held)


COMMITMENTS = Resource(
    "commitment", visible_commitments, CommitmentOut, ("-committed_on", "id"), CommitmentFilters
)


class CommitmentIn(Strict):
    """Money for running costs; a case's is committed when its counsel accepts."""

    category = OneOf(kinds.Category)
    amount_minor = Minor()
    agreed_minor = Minor(allow_null=True, default=None)
    agreed_currency = currency(allow_null=True, default=None)


class RedrawIn(Strict):
    """The kind of voucher that the funds behind it must accept."""

    voucher_kind = OneOf(kinds.VoucherKind)


class MoreIn(Strict):
    by_minor = Minor()


class LessIn(Strict):
    """All that is held, unless an amount is given."""

    amount_minor = Minor(allow_null=True, default=None)


class RunningCostIn(Strict):
    """``source_id`` is the bank's own reference of the line."""

    source_id = Coded(r"^[A-Za-z0-9._-]{1,60}\Z")
    category = OneOf(kinds.Category)
    amount_minor = Minor()
    voucher_kind = OneOf(kinds.VoucherKind)
    on = Day()


urlpatterns: list[URLPattern] = [
    *listing("ceilings/", CEILINGS, SEE),
    *thing("ceilings/<uuid:key>/", CEILINGS, SEE),
    *listing("commitments/", COMMITMENTS, SEE, Act(commitments.commit, BOOK, input=CommitmentIn, adds=True)),
    *thing("commitments/<uuid:key>/", COMMITMENTS, SEE),
    *deed(
        "commitments/<uuid:key>/raise/",
        COMMITMENTS,
        Act(commitments.raise_commitment, BOOK, "commitment", MoreIn),
    ),
    *deed(
        "commitments/<uuid:key>/release/",
        COMMITMENTS,
        Act(commitments.release_commitment, BOOK, "commitment", LessIn, JOURNALS),
    ),
    *deed(
        "commitments/<uuid:key>/redraw/",
        COMMITMENTS,
        Act(agreements.redraw_commitment, BOOK, "commitment", RedrawIn, JOURNALS),
    ),
    *deed(
        "running-costs/",
        JOURNALS,
        Act(payments.book_running_cost, BOOK, input=RunningCostIn, adds=True),
    ),
]
