"""Pages of a long list by cursor: the list may grow while somebody reads, and no row is shown twice."""

import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page: its rows, and the cursors of the pages beside it ("" where there is none)."""

    rows: list[M]
    after: str
    before: str


def page_of(queryset: QuerySet[M], *, cursor: str, order: str, size: int = 50) -> Page[M]:
    """Cut one page out of a queryset ordered by ``order`` ("-" turns it) and then by primary key.

    ``order`` names a plain column without nulls and never a sealed one: its value travels in the
    address, signed, not hidden. A cursor that is not ours gives the first page.
    """
    backward, place = _read(cursor)
    falling = order.startswith("-")
    field = order.lstrip("-")
    down = falling != backward
    rows = queryset.order_by(*(f"-{name}" if down else name for name in (field, "pk")))
    if place is not None:
        rows = rows.filter(_beyond(field, place, down))
    found = list(rows[: size + 1])
    more, found = len(found) > size, found[:size]
    if backward:
        found.reverse()
    has_after, has_before = (True, more) if backward else (more, place is not None)
    return Page(
        found,
        _write(found[-1], field, backward=False) if found and has_after else "",
        _write(found[0], field, backward=True) if found and has_before else "",
    )


def _beyond(field: str, place: list[Any], down: bool) -> Q:
    value, key = place
    side = "lt" if down else "gt"
    return Q(**{f"{field}__{side}": value}) | Q(**{field: value, f"pk__{side}": key})


def _write(row: Model, field: str, *, backward: bool) -> str:
    value = json.loads(json.dumps([getattr(row, field), row.pk], cls=_Whole))
    return signing.dumps([backward, value], salt="web.paging", compress=True)


def _read(cursor: str) -> tuple[bool, list[Any] | None]:
    if not cursor:
        return False, None
    try:
        backward, place = signing.loads(cursor, salt="web.paging")
    except (signing.BadSignature, ValueError):
        return False, None
    return bool(backward), place


class _Whole(DjangoJSONEncoder):
    """Django cuts moments to milliseconds; a cursor must name the very row."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)
