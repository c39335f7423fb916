"""Grants of funders, their lines and instalments."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern
from rest_framework import serializers

from accounts.models import User
from api.building import deed, figures, listing, thing
from api.fields import Coded, Day, Flag, Id, Minor, OneOf, Ref, Strict, Text, Whole
from api.filtering import FilterSet, flag, ident
from api.money.books import JOURNALS
from api.money.funds import in_order, visible_funds
from api.tables import Act, Resource
from treasury import kinds
from treasury.actions import agreements, grants
from treasury.agreed import ahead_of, lines_of
from treasury.models import Fund, FunderReport, Grant, Instalment

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
    evidence = serializers.ListField(child=serializers.ChoiceField(kinds.VoucherKind.choices))
    indirect_basis_points = serializers.IntegerField()
    reallocation_basis_points = serializers.IntegerField()
    agreed_currency = serializers.CharField()
    agreed_minor = serializers.IntegerField(allow_null=True)
    rate_rule = serializers.ChoiceField(kinds.RateRule.choices)
    fixed_rate = serializers.CharField()
    ahead_minor = serializers.IntegerField()
    returns_unspent = serializers.BooleanField()
    returned_minor = serializers.IntegerField()
    lines = GrantLineOut(many=True)
    instalments = InstalmentOut(many=True)


class LineStandingOut(serializers.Serializer[Any]):
    """``room_minor``: what may still be committed, with what the line may be overspent by."""

    number = serializers.IntegerField(source="line.number")
    title = serializers.CharField(source="line.title")
    budget_minor = serializers.IntegerField(source="line.amount_minor")
    actual_minor = serializers.IntegerField()
    committed_minor = serializers.IntegerField()
    remaining_minor = serializers.IntegerField()
    room_minor = serializers.IntegerField()


class AheadOut(serializers.Serializer[Any]):
    """Commitments that rest on signed instalments; ``bare_minor`` rests on nothing that is still to come."""

    limit_minor = serializers.IntegerField()
    resting_minor = serializers.IntegerField()
    signed_minor = serializers.IntegerField()
    bare_minor = serializers.IntegerField()


class FunderReportOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    grant = serializers.UUIDField(source="grant_id")
    kind = serializers.ChoiceField(kinds.ReportKind.choices)
    covers_until = serializers.DateField()
    due_on = serializers.DateField()
    sent_on = serializers.DateField(allow_null=True)


class FunderReportFilters(FilterSet):
    grant = ident("grant_id")
    sent = flag("sent_on", "isnull", turned=True)


def visible_reports(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return FunderReport.objects.visible_to(by)


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
REPORTS = Resource("funder-report", visible_reports, FunderReportOut, ("due_on", "id"), FunderReportFilters)
INSTALMENTS = Resource("instalment", visible_instalments, InstalmentOut, ("due_on", "id"), InstalmentFilters)


class LineIn(Strict):
    makes = grants.Line
    title = Text(max_length=120)
    amount_minor = Minor()
    categories = serializers.ListField(child=OneOf(kinds.Category), min_length=1, max_length=20)


class DueIn(Strict):
    due_on = Day()
    amount_minor = Minor()


class ForeignIn(Strict):
    makes = grants.Foreign
    currency = Coded(r"^[A-Z]{3}\Z")
    amount_minor = Minor()
    instalments = serializers.ListField(child=Minor(), min_length=1, max_length=100)
    rate_rule = OneOf(kinds.RateRule, default=kinds.RateRule.RECEIPT)
    fixed_rate = serializers.DecimalField(max_digits=14, decimal_places=6, allow_null=True, default=None)


class ReportDueIn(Strict):
    makes = grants.ReportDue
    kind = OneOf(kinds.ReportKind)
    covers_until = Day()
    due_on = Day()


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
    evidence = serializers.ListField(child=OneOf(kinds.VoucherKind), default=list, max_length=20)
    reports = serializers.ListField(child=ReportDueIn(), default=list, max_length=50)
    foreign = ForeignIn(allow_null=True, default=None)
    returns_unspent = Flag(default=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs["instalments"] = [(row["due_on"], row["amount_minor"]) for row in attrs["instalments"]]
        return in_order(attrs, "starts_on", "ends_on")


class ReceiptIn(Strict):
    amount_minor = Minor()
    received_on = Day()


class LimitIn(Strict):
    limit_minor = Minor()


class IndirectIn(Strict):
    amount_minor = Minor()
    target = Ref(visible_funds)


class ReturnIn(Strict):
    amount_minor = Minor()
    on = Day()


class SentIn(Strict):
    sent_on = Day()


def _ahead_terms(target: Any, values: dict[str, Any]) -> Any:
    terms = agreements.ahead_terms(grant=target, limit_minor=values["limit_minor"])
    return "allocation", target.pk, terms


def _return_terms(target: Any, values: dict[str, Any]) -> Any:
    terms = agreements.return_terms(grant=target, amount_minor=values["amount_minor"])
    return "allocation", target.pk, terms


urlpatterns: list[URLPattern] = [
    *listing("grants/", GRANTS, SEE, Act(grants.open_grant, BOOK, input=GrantIn, adds=True)),
    *thing("grants/<uuid:key>/", GRANTS, SEE),
    *figures("grants/<uuid:key>/lines/", GRANTS, SEE, lines_of, LineStandingOut, many=True),
    *figures("grants/<uuid:key>/ahead/", GRANTS, SEE, ahead_of, AheadOut, many=False),
    *deed(
        "grants/<uuid:key>/ahead-limit/",
        GRANTS,
        Act(agreements.set_ahead_limit, BOOK, "grant", LimitIn, JOURNALS, adds=True, terms=_ahead_terms),
    ),
    *deed(
        "grants/<uuid:key>/indirect/",
        GRANTS,
        Act(agreements.take_indirect, BOOK, "grant", IndirectIn, JOURNALS, adds=True),
    ),
    *deed(
        "grants/<uuid:key>/return/",
        GRANTS,
        Act(agreements.return_unspent, BOOK, "grant", ReturnIn, JOURNALS, adds=True, terms=_return_terms),
    ),
    *listing("grants/reports/", REPORTS, SEE),
    *thing("grants/reports/<uuid:key>/", REPORTS, SEE),
    *deed(
        "grants/reports/<uuid:key>/sent/",
        REPORTS,
        Act(agreements.record_report_sent, BOOK, "report", SentIn),
    ),
    *listing("grants/instalments/", INSTALMENTS, SEE),
    *thing("grants/instalments/<uuid:key>/", INSTALMENTS, SEE),
    *deed(
        "grants/instalments/<uuid:key>/receive/",
        INSTALMENTS,
        Act(grants.receive_instalment, BOOK, "instalment", ReceiptIn, JOURNALS),
    ),
]
