"""Does every stored record match the event that wrote it, and every row its last history?"""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from audit.canonical import canonical, digest, plain
from audit.history import history_model
from audit.models import Event
from audit.tracked import AppendOnly, Tracked

Bound = dict[str, dict[str, str]]  # table -> key -> SHA-256 of the stored record


def problems() -> Iterator[str]:
    """Rows that no event wrote, rows that differ from what was written, rows that are gone."""
    bound = _bound_by_events()
    for model in recorded_models():
        yield from _table(model, bound.pop(model._meta.db_table, {}))
    for table, keys in bound.items():
        yield f"{table}: {len(keys)} rows were written by events, but the table is not known"


def rows_differ_from_history() -> Iterator[str]:
    """Current rows of tracked tables beside their last history row."""
    for model in apps.get_models():
        if issubclass(model, Tracked):
            yield from _current(model)


def _bound_by_events() -> Bound:
    bound: Bound = defaultdict(dict)
    for body in Event.objects.order_by("seq").values_list("body", flat=True).iterator(chunk_size=2000):
        for table, key, sha256 in json.loads(body)["records"]:
            bound[table][key] = sha256
    return bound


def recorded_models() -> Iterator[type[models.Model]]:
    """Tables whose rows events bind: histories, and rows that are written once."""
    for model in apps.get_models():
        if issubclass(model, Tracked):
            yield history_model(model)
        elif issubclass(model, AppendOnly):
            yield model


def _table(model: type[models.Model], bound: dict[str, str]) -> Iterator[str]:
    table = model._meta.db_table
    names = [field.attname for field in model._meta.concrete_fields]
    for row in model._base_manager.order_by("pk").values(*names).iterator(chunk_size=2000):
        key = str(row[model._meta.pk.attname])
        sha256 = bound.pop(key, None)
        if sha256 is None:
            yield f"{table} {key}: no event wrote this row"
        elif digest(row["record"]) != sha256:
            yield f"{table} {key}: its record is not what the event wrote"
        elif not _columns_match(row):
            yield f"{table} {key}: its columns differ from its record"
    for key in bound:
        yield f"{table} {key}: written by an event, and gone"


def _columns_match(row: dict[str, Any]) -> bool:
    # A record holds the fields of its day: fields added since are not in it, dropped ones are not here.
    kept = json.loads(row["record"])["row"]
    return all(_same(row[name], value) for name, value in kept.items() if name in row)


def _same(stored: Any, recorded: Any) -> bool:
    now = plain(stored)
    return bool(now == recorded) or canonical(now) == canonical(recorded)


def _current(model: type[Tracked]) -> Iterator[str]:
    table = model._meta.db_table
    kept_in = history_model(model)
    names = [f.attname for f in kept_in._meta.concrete_fields if f.attname in _own_names(model)]
    last = kept_in._base_manager.order_by("id", "version", "history_type").values("history_type", *names)
    rows = iter(model._base_manager.order_by("id").values(*names).iterator(chunk_size=2000))
    row = next(rows, None)
    for entry in _last_of_each(last.iterator(chunk_size=2000)):
        while row is not None and row["id"] < entry["id"]:
            yield f"{table} {row['id']}: the row has no history"
            row = next(rows, None)
        deleted = entry.pop("history_type") == "-"
        if row is not None and row["id"] == entry["id"]:
            if deleted:
                yield f"{table} {row['id']}: deleted in its history, and still there"
            elif row != entry:
                yield f"{table} {row['id']}: differs from its last history row"
            row = next(rows, None)
        elif not deleted:
            yield f"{table} {entry['id']}: in its history, and gone"
    if row is not None:
        yield f"{table} {row['id']}: the row has no history"


def _own_names(model: type[models.Model]) -> set[str]:
    return {field.attname for field in model._meta.concrete_fields}


def _last_of_each(entries: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    held: dict[str, Any] | None = None
    for entry in entries:
        if held is not None and held["id"] != entry["id"]:
            yield held
        held = entry
    if held is not None:
        yield held
