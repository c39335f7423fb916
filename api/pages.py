"""Long lists in pages that stay right while rows come and go: a page begins after a row, not at a number."""

from collections.abc import Sequence
from typing import Any

from django.core import signing
from django.db.models import Q, QuerySet
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.pagination import BasePagination
from rest_framework.request import Request

from api.problems import BadCursor, Invalid
from audit.canonical import plain

MOST, USUAL = 200, 50


class BadLimit(Invalid):
    """400: not a size of a page."""

    where = "parameter"


class CursorPages(BasePagination):
    """``?cursor=`` is what the page before gave as ``next``; it is signed, so it cannot be made up.

    ``ordering`` names fields that are never empty, the last of them unique; "-" before a name turns it.
    """

    ordering: Sequence[str] = ("id",)
    next_cursor: str | None = None

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        limit = _limit(request)
        salt = f"api.cursor:{getattr(request.resolver_match, 'view_name', '')}"
        rows: QuerySet[Any] = queryset.order_by(*self.ordering)
        if text := request.query_params.get("cursor"):
            rows = rows.filter(_after(self.ordering, _opened(text, salt, len(self.ordering))))
        found = list(rows[: limit + 1])
        if len(found) > limit:
            found = found[:limit]
            place = [plain(getattr(found[-1], name.lstrip("-"))) for name in self.ordering]
            self.next_cursor = signing.dumps(place, salt=salt)
        return found

    def body(self, results: Any) -> dict[str, Any]:
        """The answer around one page of results."""
        return {"results": results, "next": self.next_cursor}


def page_of(output: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """The serializer of a page, for the schema."""
    fields: dict[str, Any] = {
        "results": output(many=True),
        "next": serializers.CharField(
            allow_null=True, help_text="The cursor of the next page; null at the end."
        ),
    }
    name = f"{output.__name__.removesuffix('Out')}Page"
    made: serializers.Serializer[Any] = type(name, (serializers.Serializer,), fields)()
    return made


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", str(USUAL))
    if not (text.isascii() and text.isdecimal() and len(text) <= 3 and 1 <= int(text) <= MOST):
        raise BadLimit({"limit": [ErrorDetail(f"A whole number from 1 to {MOST}.", code="range")]})
    return int(text)


def _opened(text: str, salt: str, parts: int) -> list[Any]:
    try:
        place = signing.loads(text, salt=salt)
    except (signing.BadSignature, ValueError):
        raise BadCursor() from None
    if not isinstance(place, list) or len(place) != parts:
        raise BadCursor()
    return place


def _after(ordering: Sequence[str], place: Sequence[Any]) -> Q:
    """Rows behind this place: equal in the first fields and further in the next one."""
    behind, equal = Q(), Q()
    for name, value in zip(ordering, place, strict=True):
        field = name.lstrip("-")
        step = Q(**{f"{field}__{'lt' if name.startswith('-') else 'gt'}": value})
        behind |= equal & step
        equal &= Q(**{field: value})
    return behind
