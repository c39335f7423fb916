"""A copy of everything that is held about one person, for themselves."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _

from accounts.erasing.registry import Kind, Person
from audit.canonical import plain
from audit.models import ReadSubject
from audit.tracked import AppendOnly, Tracked
from vault.fields import SealedField, prefetch

# Of the program's own book-keeping, not about the person; hashes that open something.
_LEFT_OUT = {"record", "action_id", "password", "digest", "version", "result", "components", "policy"}


def copy_of(kind: Kind, person: Person, at: datetime.datetime) -> dict[str, Any]:
    """The whole copy. Sealed values are opened: needs a reading."""
    return {
        "about": str(person.id),
        "kind": kind.name,
        "made_at": plain(at),
        "notice": _(
            "Other people appear as opaque ids only. Read the notes before you hand this over: what others"
            " said in confidence is theirs as well (GDPR 15(4))."
        ),
        "tables": {label: list(rows) for label, rows in _tables(kind, person)},
        "earlier_values": list(_earlier(kind, person)),
        "read_by_us": list(_readings(person)),
    }


def _tables(kind: Kind, person: Person) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for model in apps.get_models():
        if not issubclass(model, Tracked | AppendOnly):
            continue
        rows = _rows_about(model, kind, person)
        if rows:
            names = [field.attname for field in model._meta.concrete_fields if isinstance(field, SealedField)]
            if names:
                prefetch(rows, *names)
            yield model._meta.label, [_row(row) for row in rows]


def _rows_about(model: type[models.Model], kind: Kind, person: Person) -> list[models.Model]:
    if model is kind.model:
        return list(model._base_manager.filter(pk=person.id))
    condition = models.Q()
    for path in kind.paths:
        if _leads_to(model, path, kind.model):
            condition |= models.Q(**{path: person.id})
    return list(model._base_manager.filter(condition).distinct().order_by("pk")) if condition else []


def _leads_to(model: type[models.Model], path: str, target: type[models.Model]) -> bool:
    """Whether a path such as ``case__client_id`` exists from this table and ends at the person's."""
    *steps, last = path.removesuffix("_id").split("__")
    try:
        for step in steps:
            found = model._meta.get_field(step).related_model
            if not isinstance(found, type):
                return False
            model = found
        return model._meta.get_field(last).related_model is target
    except FieldDoesNotExist:
        return False


def _row(row: models.Model) -> dict[str, Any]:
    return {
        field.attname: _value(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.attname not in _LEFT_OUT
    }


def _value(value: Any) -> Any:
    return value if isinstance(value, float) else plain(value)


def _earlier(kind: Kind, person: Person) -> Iterator[dict[str, Any]]:
    for entry in kind.model.history.filter(id=person.id).order_by("version"):  # type: ignore[attr-defined]
        values = {
            field.attname: _value(getattr(entry, field.attname))
            for field in entry._meta.concrete_fields
            if isinstance(field, SealedField)
        }
        yield {"at": plain(entry.history_date), "values": values}


def _readings(person: Person) -> Iterator[dict[str, Any]]:
    found = ReadSubject.objects.filter(subject_id=person.id).select_related("read").order_by("read_id")
    for row in found.iterator():
        yield {"at": plain(row.read.at), "purpose": row.read.purpose, "fields": row.fields.split()}
