"""Advances: money whose payee owes vouchers. They are approved and paid at the address of claims."""

import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import URLPattern
from django_filters import ChoiceFilter
from rest_framework import serializers

from accounts.models import User
from api.building import deed, listing, thing
from api.fields import Coded, Day, Minor, OneOf, Ref, Strict, Text, currency
from api.filtering import FilterSet, choice, day, ident
from api.money.books import JOURNALS
from api.money.claims import CLAIMS, ENTER, SEE, ClaimOut, visible_claims, visible_payees
from api.money.costs import visible_commitments
from api.tables import Act, Resource
from treasury import kinds
from treasury.actions import advances as actions
from treasury.advances import with_left


class AdvanceOut(ClaimOut):
    """``left_minor``: neither vouched for nor returned, in the currency of the books; null if unpaid."""

    left_minor = serializers.IntegerField(allow_null=True, default=None)


class AdvanceFilters(FilterSet):
    """``open=true``: something of it is still to be accounted for."""

    open = ChoiceFilter(choices=[("true", "yes"), ("false", "no")], method="_open")
    status = choice(kinds.ClaimStatus)
    payee = ident("payee_id")
    case = ident("case_id")
    due_until = day("vouchers_due_on", "lte")

    def _open(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        left = Q(left_minor__gt=0)
        return rows.filter(left if value == "true" else ~left | Q(left_minor=None))


def visible_advances(by: User, at: datetime.datetime) -> QuerySet[Any]:
    """Those among the claims that somebody sees."""
    return with_left(visible_claims(by, at).filter(vouchers_due_on__isnull=False))


ADVANCES = Resource("advance", visible_advances, AdvanceOut, ("-entered_at", "id"), AdvanceFilters)


class AdvanceIn(Strict):
    """In the currency of the books. Without a commitment its money is reserved when it is approved."""

    payee = Ref(visible_payees)
    category = OneOf(kinds.Category)
    amount_minor = Minor()
    vouchers_due_on = Day()
    commitment = Ref(visible_commitments, allow_null=True, default=None)
    number = Text(default="", max_length=60)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        commitment = attrs.get("commitment")
        return {**attrs, "case_id": commitment.case_id if commitment is not None else None}


class AdvanceVoucherIn(Strict):
    """What it was spent on. ``base_minor`` is needed where the currency is not that of the books."""

    voucher_kind = OneOf(kinds.VoucherKind)
    invoiced_on = Day()
    amount_minor = Minor()
    currency = currency(allow_null=True, default=None)
    base_minor = Minor(allow_null=True, default=None)
    number = Text(default="", max_length=60)


class AdvanceReturnIn(Strict):
    amount_minor = Minor()
    on = Day()
    bank = Coded(r"^[a-z0-9-]{1,40}\Z", default="main")


ONE = "advances/<uuid:key>/"
urlpatterns: list[URLPattern] = [
    *listing("advances/", ADVANCES, SEE, Act(actions.enter_advance, ENTER, input=AdvanceIn, adds=True)),
    *thing(ONE, ADVANCES, SEE),
    *deed(
        f"{ONE}vouchers/",
        ADVANCES,
        Act(
            actions.enter_advance_voucher,
            (ENTER, "money.pay"),
            "advance",
            AdvanceVoucherIn,
            CLAIMS,
            adds=True,
        ),
    ),
    *deed(
        f"{ONE}return/",
        ADVANCES,
        Act(actions.return_advance, "money.book", "advance", AdvanceReturnIn, JOURNALS),
    ),
]
