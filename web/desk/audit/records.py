"""The stored records behind an event, field by field; sealed values stay sealed."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from audit.canonical import digest
from audit.history import history_model
from audit.tracked import AppendOnly, Tracked
from vault.fields import sealed_fields
from web.desk.audit.things import field_word, thing_word
from web.pieces import Text

SHOWN = 50


@dataclass(frozen=True)
class Shown:
    """One record: ``state`` is "whole", "differs" (its text is not what the event bound) or "gone".

    ``of`` is the table of the thing itself and ``object_id`` its id, by which its history is found; "" where
    it has none to show.
    """

    table: str
    key: str
    sha256: str
    state: str
    fields: list[tuple[Text, str]]
    what: Text = ""
    of: str = ""
    object_id: str = ""


def records_of(bound: Sequence[Sequence[str]]) -> list[Shown]:
    """The first fifty records of an event, one query for each table."""
    first = bound[:SHOWN]
    texts: dict[tuple[str, str], str] = {}
    known = _models()
    for table in {row[0] for row in first}:
        if (found := known.get(table)) is not None:
            keys = [key for name, key, _sha in first if name == table]
            stored = found[0]._base_manager.filter(pk__in=keys).values_list("pk", "record")
            texts |= {(table, str(key)): record for key, record in stored}
    return [_shown(table, key, sha, texts.get((table, key)), known) for table, key, sha in first]


def _shown(
    table: str, key: str, sha: str, text: str | None, known: dict[str, tuple[Any, frozenset[str]]]
) -> Shown:
    if text is None:
        return Shown(table, key, sha, "gone", [], table)
    sealed = known[table][1]
    kept = json.loads(text)
    row = kept["row"]
    fields = [
        (field_word(name), "" if name in sealed and value else _words(value))
        for name, value in row.items()
        if name != "action_id"  # this event's own
    ]
    state = "whole" if digest(text) == sha else "differs"
    of = str(kept["table"])
    return Shown(table, key, sha, state, fields, thing_word(of), of, _id_of(row))


def _id_of(row: dict[str, Any]) -> str:
    """The id of the thing, where it is one that an address can name."""
    try:
        return str(uuid.UUID(str(row.get("id"))))
    except ValueError:
        return ""


def _words(value: Any) -> str:
    if value in (None, ""):
        return "–"
    return value if isinstance(value, str) else json.dumps(value)


def _models() -> dict[str, tuple[type[models.Model], frozenset[str]]]:
    """Tables whose rows an event binds: the model to ask, and the names of its sealed fields."""
    found: dict[str, tuple[type[models.Model], frozenset[str]]] = {}
    for model in apps.get_models():
        if issubclass(model, Tracked | AppendOnly):
            kept_in = history_model(model) if issubclass(model, Tracked) else model
            sealed = frozenset(field.attname for field in sealed_fields(model))
            found[kept_in._meta.db_table] = (kept_in, sealed)
    return found
