"""Payees and what they ask to be paid."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import URLPattern
from rest_framework import serializers

from accounts.models import User
from api.building import deed, figures, listing, thing
from api.fields import Coded, Day, Flag, Minor, OneOf, Ref, Strict, Text, currency
from api.filtering import FilterSet, choice, day, flag, ident
from api.money.books import JOURNALS
from api.money.costs import visible_commitments
from api.opening import read, sealed_context
from api.tables import Act, Resource
from cases.models import Case
from treasury import kinds, tracing
from treasury.actions import claims, payees, payments
from treasury.models import Claim, Payee

PAYEES_SEE = ("money.see", "claims.enter")


class PayeeOut(serializers.Serializer[Any]):
    """Name, account and address are null unless they were asked for by somebody who pays."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    kind = serializers.ChoiceField(kinds.PayeeKind.choices)
    country = serializers.CharField()
    checked_on = serializers.DateField(allow_null=True)
    checked_by = serializers.CharField()
    closed_on = serializers.DateField(allow_null=True)
    name = serializers.SerializerMethodField()
    iban = serializers.SerializerMethodField()
    address = serializers.SerializerMethodField()

    def get_name(self, row: Payee) -> str | None:
        return read(self, row, "name")

    def get_iban(self, row: Payee) -> str | None:
        return read(self, row, "iban")

    def get_address(self, row: Payee) -> str | None:
        return read(self, row, "address")


class PayeeFilters(FilterSet):
    kind = choice(kinds.PayeeKind)
    checked = flag("checked_on", "isnull", turned=True)


def visible_payees(by: User, at: datetime.datetime) -> QuerySet[Any]:
    rows = Payee.objects.all()
    return rows if any(by.has(permission) for permission in PAYEES_SEE) else rows.none()


def open_payees(rows: Sequence[Any], by: User, at: datetime.datetime) -> dict[str, Any]:
    """Sealed values of payees are for those who pay."""
    return sealed_context(rows, "name", "iban", "address") if by.has("money.pay") else {}


PAYEES = Resource("payee", visible_payees, PayeeOut, filters=PayeeFilters, opening=open_payees)


def visible_claims(by: User, at: datetime.datetime) -> QuerySet[Any]:
    """All for those who see money; for others with ``claims.see``, those of cases they may open."""
    rows = Claim.objects.all()
    if by.has("money.see"):
        return rows
    own = Q(case_id__in=Case.objects.open_to(by, at).order_by().values("id"))
    return rows.filter(own) if by.has("claims.see") else rows.none()


class ClaimOut(serializers.Serializer[Any]):
    """``base_minor`` is the amount in the currency of the books. With ``vouchers_due_on`` it is an advance,
    with ``closes`` a voucher for one."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    payee = serializers.UUIDField(source="payee_id")
    commitment = serializers.UUIDField(source="commitment_id", allow_null=True)
    case_id = serializers.UUIDField(allow_null=True)
    category = serializers.ChoiceField(kinds.Category.choices)
    voucher_kind = serializers.ChoiceField(kinds.VoucherKind.choices)
    voucher_sha256 = serializers.CharField()
    invoiced_on = serializers.DateField()
    amount_minor = serializers.IntegerField()
    currency = serializers.CharField()
    base_minor = serializers.IntegerField()
    status = serializers.ChoiceField(kinds.ClaimStatus.choices)
    entered_at = serializers.DateTimeField()
    entered_by = serializers.CharField()
    approved_by = serializers.CharField()
    second_by = serializers.CharField()
    paid_on = serializers.DateField(allow_null=True)
    paid_in = serializers.UUIDField(source="paid_in_id", allow_null=True)
    vouchers_due_on = serializers.DateField(allow_null=True)
    closes = serializers.UUIDField(source="closes_id", allow_null=True)
    reason_code = serializers.ChoiceField(kinds.ReasonCode.choices, allow_blank=True)


class ClaimFilters(FilterSet):
    status = choice(kinds.ClaimStatus)
    category = choice(kinds.Category)
    case = ident("case_id")
    payee = ident("payee_id")
    from_on = day("invoiced_on", "gte")
    until_on = day("invoiced_on", "lte")


CLAIMS = Resource("claim", visible_claims, ClaimOut, ("-entered_at", "id"), ClaimFilters)


class PayeeIn(Strict):
    kind = OneOf(kinds.PayeeKind)
    name = Text(max_length=200)
    country = Coded(r"^[A-Za-z]{2}\Z")
    iban = Text(default="", max_length=42)
    address = Text(default="", max_length=300)


class RouteIn(Strict):
    iban = Text(max_length=42)
    country = Coded(r"^[A-Za-z]{2}\Z")


class VoucherIn(Strict):
    """The evidence. ``base_minor`` is needed where the currency is not that of the books."""

    payee = Ref(visible_payees)
    voucher_kind = OneOf(kinds.VoucherKind)
    invoiced_on = Day()
    amount_minor = Minor()
    category = OneOf(kinds.Category)
    currency = currency(allow_null=True, default=None)
    base_minor = Minor(allow_null=True, default=None)
    number = Text(default="", max_length=60)
    voucher_sha256 = Coded(r"^[0-9a-f]{64}\Z", default="")


class ClaimIn(VoucherIn):
    """A running cost, or one on a commitment; a case's other costs are claimed at the case."""

    commitment = Ref(visible_commitments, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        commitment = attrs.get("commitment")
        return {**attrs, "case_id": commitment.case_id if commitment is not None else None}


class RejectionIn(Strict):
    reason_code = OneOf(kinds.ReasonCode)
    note = Text(default="", max_length=1000)


class PaymentIn(Strict):
    on = Day(allow_null=True, default=None)
    final = Flag(default=False)


class SourceOut(serializers.Serializer[Any]):
    batch = serializers.UUIDField(source="batch.id")
    fund = serializers.CharField(source="fund_code")
    amount_minor = serializers.IntegerField()


def _claim_terms(target: Claim, _values: dict[str, Any]) -> Any:
    return "claim", target.pk, claims.claim_terms(target)


def _route_terms(target: Payee, values: dict[str, Any]) -> Any:
    return "payee.change", target.pk, payees.payee_terms(**values)


def _payment_terms(target: Claim, _values: dict[str, Any]) -> Any:
    return "payment", target.pk, payments.payment_terms(target)


def _may_approve(claim: Claim, by: User, at: datetime.datetime) -> bool:
    """Alone: a second officer. Above the tariff a colleague's approval is what counts."""
    return by.has("money.approve") or claims.needs_second_person(claim, at.date())


SEE = ("money.see", "claims.see")
ENTER, DECIDE = "claims.enter", ("money.approve", "money.pay")
urlpatterns: list[URLPattern] = [
    *listing("payees/", PAYEES, PAYEES_SEE, Act(payees.add_payee, ENTER, input=PayeeIn, adds=True)),
    *thing("payees/<uuid:key>/", PAYEES, PAYEES_SEE),
    *deed(
        "payees/<uuid:key>/route/",
        PAYEES,
        Act(payees.change_payee_route, "money.book", "payee", RouteIn, terms=_route_terms),
    ),
    *deed("payees/<uuid:key>/check/", PAYEES, Act(payees.check_payee, DECIDE, "payee")),
    *listing("claims/", CLAIMS, SEE, Act(claims.enter_claim, ENTER, input=ClaimIn, adds=True)),
    *thing("claims/<uuid:key>/", CLAIMS, SEE),
    *figures("claims/<uuid:key>/sources/", CLAIMS, "money.see", tracing.what_paid, SourceOut, many=True),
    *deed(
        "claims/<uuid:key>/approve/",
        CLAIMS,
        Act(claims.approve_claim, (*DECIDE, ENTER), "claim", terms=_claim_terms, guard=_may_approve),
    ),
    *deed("claims/<uuid:key>/reject/", CLAIMS, Act(claims.reject_claim, DECIDE, "claim", RejectionIn)),
    *deed(
        "claims/<uuid:key>/pay/",
        CLAIMS,
        Act(payments.pay_claim, "money.pay", "claim", PaymentIn, JOURNALS, terms=_payment_terms),
    ),
]
