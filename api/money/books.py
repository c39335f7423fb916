"""The books: accounts, journals with their transfers, closed periods."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern
from rest_framework import serializers

from accounts.models import User
from api.building import deed, listing, thing
from api.fields import Day, OneOf, Strict, Text
from api.filtering import FilterSet, choice, day, ident
from api.tables import Act, Resource
from treasury import kinds
from treasury.actions import corrections, periods
from treasury.models import Account, Journal, Period

SEE, BOOK = "money.see", "money.book"


class TransferOut(serializers.Serializer[Any]):
    """``amount_minor`` goes from the account that is credited to the one that is debited."""

    line = serializers.IntegerField()
    kind = serializers.ChoiceField(kinds.TransferKind.choices)
    debit = serializers.CharField(source="debit.code")
    credit = serializers.CharField(source="credit.code")
    amount_minor = serializers.IntegerField()
    currency = serializers.CharField()
    category = serializers.ChoiceField(kinds.Category.choices)
    fund = serializers.UUIDField(source="fund_id", allow_null=True)
    batch = serializers.UUIDField(source="batch_id", allow_null=True)
    commitment = serializers.UUIDField(source="commitment_id", allow_null=True)
    case_id = serializers.UUIDField(allow_null=True)


class JournalOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(kinds.JournalKind.choices)
    booked_on = serializers.DateField()
    booked_at = serializers.DateTimeField()
    booked_by = serializers.CharField()
    reverses = serializers.UUIDField(source="reverses_id", allow_null=True)
    reason_code = serializers.ChoiceField(kinds.ReasonCode.choices, allow_blank=True)
    transfers = TransferOut(many=True)


def visible_journals(by: User, at: datetime.datetime) -> QuerySet[Any]:
    rows = Journal.objects.all() if by.has(SEE) else Journal.objects.none()
    return rows.prefetch_related("transfers__debit", "transfers__credit")


class JournalFilters(FilterSet):
    kind = choice(kinds.JournalKind)
    from_on = day("booked_on", "gte")
    until_on = day("booked_on", "lte")
    case = ident("transfers__case_id")

    @property
    def qs(self) -> QuerySet[Any]:
        found: QuerySet[Any] = super().qs.distinct()
        return found


JOURNALS = Resource("journal", visible_journals, JournalOut, ("-number",), JournalFilters)


class BalanceOut(serializers.Serializer[Any]):
    debit_posted = serializers.IntegerField()
    debit_pending = serializers.IntegerField()
    credit_posted = serializers.IntegerField()
    credit_pending = serializers.IntegerField()


class AccountOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    code = serializers.CharField()
    kind = serializers.ChoiceField(kinds.AccountKind.choices)
    subject_id = serializers.UUIDField(allow_null=True)
    currency = serializers.CharField()
    balance = BalanceOut()


class AccountFilters(FilterSet):
    kind = choice(kinds.AccountKind)


def visible_accounts(by: User, at: datetime.datetime) -> QuerySet[Any]:
    rows = Account.objects.select_related("balance")
    return rows if by.has(SEE) else rows.none()


ACCOUNTS = Resource("account", visible_accounts, AccountOut, ("code",), AccountFilters)


class PeriodOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    closed_at = serializers.DateTimeField()
    closed_by = serializers.CharField()
    journals = serializers.IntegerField()
    posted_minor = serializers.IntegerField()


def visible_periods(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return Period.objects.all() if by.has(SEE) else Period.objects.none()


PERIODS = Resource("period", visible_periods, PeriodOut, ("starts_on", "id"))


class PeriodIn(Strict):
    ends_on = Day()


class ReversalIn(Strict):
    reason_code = OneOf(kinds.ReasonCode)
    note = Text(default="", max_length=1000)
    on = Day(allow_null=True, default=None)


urlpatterns: list[URLPattern] = [
    *listing("accounts/", ACCOUNTS, SEE),
    *thing("accounts/<uuid:key>/", ACCOUNTS, SEE),
    *listing("journals/", JOURNALS, SEE),
    *thing("journals/<uuid:key>/", JOURNALS, SEE),
    *deed(
        "journals/<uuid:key>/reverse/",
        JOURNALS,
        Act(corrections.reverse_journal, BOOK, "journal", ReversalIn, adds=True),
    ),
    *listing("periods/", PERIODS, SEE, Act(periods.close_period, BOOK, input=PeriodIn, adds=True)),
]
