"""Recorded rows as the driver gives them, and whether their columns still say what their record says."""

import datetime
import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.db import connection, models

from audit.canonical import canonical, plain
from audit.history import Recorded
from audit.proof import rows

# Columns of a history row -> what the record calls them.
HEAD = {"history_type": "change", "history_date": "at", "history_user_id": "by"}
_BESIDE = {*HEAD, "history_id", "history_change_reason", "action_id", "record"}


class Stored(NamedTuple):
    """A recorded row: its key and action as texts, its stored record, and its columns as they came."""

    key: str
    action: str
    record: str
    values: tuple[Any, ...]


class Reader:
    """Reads one recorded table: a history, or rows that are written once."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model, self.table = model, model._meta.db_table
        self.is_history = issubclass(model, Recorded)
        fields = [field for field in model._meta.concrete_fields if field.attname != "record"]
        self.names = [field.attname for field in fields]
        self.writers = [_writer(field) for field in fields]
        self.columns = [str(field.column) for field in fields]
        self.key_at, self.action_at = (self.names.index(n) for n in (model._meta.pk.attname, "action_id"))
        of = model.instance_type if self.is_history else model  # type: ignore[attr-defined]
        self.record_table = of._meta.db_table
        left_out = _BESIDE if self.is_history else {"record"}
        self.listed = [(n, number) for number, n in enumerate(self.names) if n not in left_out]
        self.head = [
            (HEAD[n], number) for number, n in enumerate(self.names) if self.is_history and n in HEAD
        ]

    def rows(self) -> Iterator[Stored]:
        """All rows, in whatever order the engine has them."""
        quote = connection.ops.quote_name
        columns = ", ".join(quote(column) for column in ["record", *self.columns])
        key, action = self.writers[self.key_at], self.writers[self.action_at]
        for record, *values in rows.raw(f"select {columns} from {quote(self.table)}"):  # noqa: S608  our own names
            yield Stored(
                str(key(values[self.key_at])), str(action(values[self.action_at])), record, tuple(values)
            )

    def agrees(self, row: Stored) -> bool:
        """Whether the columns say what the record says; quickly where no field was added or dropped since."""
        said = self._said(row.values)
        if canonical(said) == row.record:
            return True
        try:
            kept = json.loads(row.record)
            same = all(said[name] == kept[name] for name, _number in self.head)
            listed = said["row"]
            if same and all(listed[name] == value for name, value in kept["row"].items() if name in listed):
                return True
        except (ValueError, TypeError, KeyError, AttributeError):
            return False
        # The last word has Django, which knows types that this quick look does not.
        found = self.model._base_manager.filter(pk=row.key).values("record", *self.names).first()
        return found is not None and columns_match(found)

    def _said(self, values: tuple[Any, ...]) -> dict[str, Any]:
        writers = self.writers
        said: dict[str, Any] = {name: writers[number](values[number]) for name, number in self.head}
        said["row"] = {name: writers[number](values[number]) for name, number in self.listed}
        said["table"] = self.record_table
        return said


def columns_match(row: dict[str, Any]) -> bool:
    """The same for one row as Django reads it. A record holds the fields of its day: fields added since
    are not in it, and those that were dropped since are not here."""
    kept = json.loads(row["record"])
    head = all(_same(row[column], kept[name]) for column, name in HEAD.items() if column in row)
    return head and all(_same(row[name], value) for name, value in kept["row"].items() if name in row)


def key_text(value: Any) -> str:
    """An id as the driver gives it, as ids are written."""
    return str(_hyphens(value) if isinstance(value, str) and connection.vendor == "sqlite" else value)


def _same(stored: Any, recorded: Any) -> bool:
    now = plain(stored)
    return bool(now == recorded) or canonical(now) == canonical(recorded)


def _writer(field: Any) -> Callable[[Any], Any]:
    """From what the driver gives to what a record holds."""
    while field.is_relation:
        field = field.target_field
    if isinstance(field, models.JSONField):
        return _json
    if connection.vendor == "sqlite":  # on SQLite only
        if isinstance(field, models.UUIDField):
            return _hyphens
        if isinstance(field, models.DateTimeField):
            return _moment
    return plain


def _hyphens(value: str | None) -> str | None:  # on SQLite only
    if value is None or len(value) != 32:
        return value
    return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"


def _moment(value: datetime.datetime | None) -> str | None:  # on SQLite only
    return None if value is None else f"{value.isoformat(timespec='microseconds')}+00:00"


def _json(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value
