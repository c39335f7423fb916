"""The bank for machines: taking statements in, lines that wait, accepting and undoing."""

import base64
import binascii
import datetime
import io
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import User
from api.building import deed, listing, thing
from api.fields import Coded, Minor, OneOf, Ref, Strict, Text
from api.filtering import FilterSet, choice, day, ident
from api.money.funds import visible_funds
from api.tables import Act, Resource
from treasury import kinds
from treasury.bank import booking, importing
from treasury.bank.files import read_statements
from treasury.bank.matching import CandidateKind
from treasury.bank.models import BankLine, BankStatement, Match, MatchKind
from treasury.bank.shape import UnreadableStatement

SEE, BOOK = "money.see", "money.book"


class StatementOut(serializers.Serializer[Any]):
    """``off_minor`` is 0 in a statement that adds up."""

    id = serializers.UUIDField()
    account = serializers.CharField(source="account.code")
    currency = serializers.CharField(source="account.currency")
    number = serializers.CharField()
    opening_minor = serializers.IntegerField(allow_null=True)
    closing_minor = serializers.IntegerField(allow_null=True)
    closing_on = serializers.DateField()
    off_minor = serializers.IntegerField()
    line_count = serializers.IntegerField()
    known_lines = serializers.IntegerField()


def visible_statements(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return BankStatement.objects.visible_to(by).select_related("account")


STATEMENTS = Resource("bank-statement", visible_statements, StatementOut, ("-closing_on", "id"))


class BankLineOut(serializers.Serializer[Any]):
    """No words of the bank: they open on the page only. ``open_minor`` is in the currency of the books."""

    id = serializers.UUIDField()
    statement = serializers.UUIDField(source="statement_id")
    account = serializers.CharField(source="account.code")
    amount_minor = serializers.IntegerField()
    currency = serializers.CharField()
    booked_on = serializers.DateField()
    value_on = serializers.DateField()
    reversal = serializers.BooleanField()
    base_minor = serializers.IntegerField(source="left.base_minor", allow_null=True)
    open_minor = serializers.IntegerField(source="left.open_minor")


class BankLineFilters(FilterSet):
    statement = ident("statement_id")
    from_on = day("booked_on", "gte")
    until_on = day("booked_on", "lte")


def visible_lines(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return BankLine.objects.visible_to(by).select_related("account", "left")


LINES = Resource("bank-line", visible_lines, BankLineOut, ("-booked_on", "id"), BankLineFilters)


class MatchOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    line = serializers.UUIDField(source="line_id")
    journal = serializers.UUIDField(source="journal_id")
    claim = serializers.UUIDField(source="claim_id", allow_null=True)
    kind = serializers.ChoiceField(MatchKind.choices)
    amount_minor = serializers.IntegerField()
    score = serializers.IntegerField()
    matched_at = serializers.DateTimeField()
    matched_by = serializers.CharField()
    undone_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()


class MatchFilters(FilterSet):
    line = ident("line_id")
    kind = choice(MatchKind)


def visible_matches(by: User, at: datetime.datetime) -> QuerySet[Any]:
    rows = Match.objects.select_related("line", "journal", "claim")
    return rows if by.has(SEE) else rows.none()


MATCHES = Resource("bank-match", visible_matches, MatchOut, ("-matched_at", "id"), MatchFilters)


class FileIn(Strict):
    """``content`` is the file in base64."""

    content = Text(max_length=1_000_000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            raw = base64.b64decode(attrs["content"], validate=True)
        except (binascii.Error, ValueError):
            raise serializers.ValidationError({"content": [_("The file is wanted in base64.")]}) from None
        try:
            return {"statements": read_statements(io.BytesIO(raw))}
        except UnreadableStatement as refusal:
            raise serializers.ValidationError({"content": [refusal.text]}) from None


class AcceptIn(Strict):
    kind = Coded(rf"^({'|'.join(kind.value for kind in CandidateKind)})\Z")
    key = Text(max_length=60)


class BookIn(Strict):
    """A gift and other income need ``fund``, a cost its ``category``; without an amount all that is open."""

    kind = OneOf(MatchKind)
    amount_minor = Minor(allow_null=True, default=None)
    fund = Ref(visible_funds, allow_null=True, default=None)
    category = OneOf(kinds.Category, allow_null=True, default=None)
    note = Text(default="", max_length=500)


class UndoIn(Strict):
    reason_code = OneOf(kinds.ReasonCode)
    note = Text(default="", max_length=500)


def _newest(report: importing.Imported) -> Any:
    """The statement to answer: the first that was stored, else the one known before."""
    from treasury.bank.overlap import content_index

    stored = [row.stored for row in report.rows if row.stored is not None]
    if stored:
        return stored[0]
    return BankStatement.objects.get(content_index=content_index(report.rows[0].statement))


_TAKE_IN = Act(importing.import_statements, BOOK, input=FileIn, adds=True, pick=_newest)
urlpatterns: list[URLPattern] = [
    *listing("bank-statements/", STATEMENTS, SEE, _TAKE_IN),
    *thing("bank-statements/<uuid:key>/", STATEMENTS, SEE),
    *listing("bank-lines/", LINES, SEE),
    *thing("bank-lines/<uuid:key>/", LINES, SEE),
    *deed(
        "bank-lines/<uuid:key>/accept/",
        LINES,
        Act(booking.accept, BOOK, "line", AcceptIn, MATCHES, adds=True),
    ),
    *deed(
        "bank-lines/<uuid:key>/book/",
        LINES,
        Act(booking.book_line_as, BOOK, "line", BookIn, MATCHES, adds=True),
    ),
    *listing("bank-matches/", MATCHES, SEE),
    *thing("bank-matches/<uuid:key>/", MATCHES, SEE),
    *deed("bank-matches/<uuid:key>/undo/", MATCHES, Act(booking.undo_match, BOOK, "match", UndoIn)),
]
