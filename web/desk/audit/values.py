"""Stored values in words: choices, amounts, moments, ids; and the versions of a row as a page shows them."""

import datetime
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from audit import timeline
from treasury import chart
from vault.fields import sealed_fields
from web.desk.audit.things import act_word, field_word, thing_word
from web.formats import write_moment, write_money
from web.pieces import Text

_LONGEST = 160


@dataclass(frozen=True)
class FieldChange:
    """One field of one version; sealed values have no words unless they were opened."""

    field: Text
    before: str
    after: str
    sealed: bool
    link: str = ""


@dataclass(frozen=True)
class ShownVersion:
    """What one save did to one row; ``seq`` is its entry in the log, its place in the tree."""

    what: Text
    table: str
    object_id: str
    number: int
    kind: str
    at: datetime.datetime
    actor_id: str
    act: Text
    seq: int | None
    whole: bool
    changes: list[FieldChange]


def shown(version: timeline.Version) -> ShownVersion:
    """A version in words; what is sealed stays so."""
    model = timeline.recorded_models()[version.table]
    columns = {column.attname: column for column in model._meta.concrete_fields}
    return ShownVersion(
        thing_word(version.table),
        version.table,
        version.object_id,
        version.number,
        version.kind,
        version.at,
        version.actor_id,
        act_word(version.event_kind) if version.event_kind else "",
        version.seq,
        version.whole,
        [_change(columns[change.field], change, version.row) for change in version.changes],
    )


def fields_of(version: timeline.Version, opened: Mapping[str, str]) -> list[FieldChange]:
    """All fields of a row as it stood; ``opened`` holds the words of sealed ones that may be shown."""
    model = timeline.recorded_models()[version.table]
    sealed = {each.attname for each in sealed_fields(model)}
    found = []
    for column in model._meta.concrete_fields:
        name = column.attname
        if name in ("id", "version", "record", "action_id") or name not in version.row:
            continue
        value = version.row[name]
        shut = name in sealed and name not in opened and value not in (None, "")
        words = opened.get(name, "") if name in sealed else written(column, value, version.row)
        found.append(FieldChange(field_word(name), "", words or _("empty"), shut, _table_behind(column)))
    return found


def written(column: Any, value: Any, row: Mapping[str, Any]) -> str:
    """One stored value as the pages write it."""
    if value in (None, ""):
        return _("empty")
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if column.attname.endswith("_minor") and not isinstance(value, bool):
        return write_money(value, str(row.get("currency") or chart.base_currency()))
    return _by_type(value)


def fact_words(name: str, value: Any) -> tuple[str, str]:
    """A fact of an event: its name as people read it, and its value."""
    word = str(field_word(name))
    if name.endswith("_minor") and isinstance(value, int):
        return word, write_money(value, chart.base_currency())
    if isinstance(value, bool):
        return word, _("yes") if value else _("no")
    if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
        return word, ", ".join(str(one) for one in value) or "–"
    if isinstance(value, str):
        return word, value or "–"
    return word, "–" if value is None else json.dumps(value, ensure_ascii=False)


def _by_type(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime.date):
        return write_moment(value)
    if isinstance(value, uuid.UUID):
        return str(value)[:8]
    if isinstance(value, str) and value.startswith("staff:"):
        return value.removeprefix("staff:")[:8]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _change(column: Any, change: timeline.Change, row: Mapping[str, Any]) -> FieldChange:
    word = field_word(change.field)
    if change.sealed:
        return FieldChange(word, "", "", True)
    before, after = written(column, change.before, row), written(column, change.after, row)
    return FieldChange(word, before, after, False)


def _table_behind(column: models.Field[Any, Any]) -> str:
    """The table a reference points into, so that the reader can go on there."""
    behind: Any = column.related_model
    table = behind._meta.db_table if behind is not None else ""
    return table if table in timeline.recorded_models() else ""
