"""Rows as they were known at a position of the log, so that a report can be computed again later."""

from collections.abc import Iterator
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, QuerySet

from audit.history import history_model
from audit.models import Event
from audit.timeline import REMOVED

M = TypeVar("M", bound=Model)


def written_by(rows: QuerySet[M], log_size: int) -> QuerySet[M]:
    """Of rows that are written once (or of history rows) those whose event is in the log of that size."""
    return rows.filter(Exists(Event.objects.filter(action_id=OuterRef("action_id"), seq__lt=log_size)))


def versions_at(model: type[Model], log_size: int, *fields: str, **which: Any) -> Iterator[dict[str, Any]]:
    """The stored values of each tracked row as they stood at that size, by id; removed rows left out.

    ``which`` narrows by columns that never change.
    """
    kept = written_by(history_model(model)._default_manager.filter(**which), log_size)
    last: dict[str, Any] | None = None
    for row in kept.order_by("id", "version").values("id", "history_type", *fields).iterator():
        if last is not None and last["id"] != row["id"]:
            yield from _standing(last)
        last = row
    if last is not None:
        yield from _standing(last)


def _standing(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if row.pop("history_type") != REMOVED:
        yield row
