"""The hardened history: what is written down is what the row holds, by whom, in which order, for ever."""

import functools
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models.expressions import BaseExpression
from simple_history.models import HistoricalRecords

from audit import actions
from audit.canonical import canonical, digest, plain
from vault.fields import SealedField


class Recorded(models.Model):
    """What every history row adds: the action that wrote it and the text its hash is taken over."""

    append_only = True

    action_id = models.UUIDField(editable=False)
    record = models.TextField(editable=False)

    class Meta:
        abstract = True


class History(HistoricalRecords):
    """simple-history that copies the stored row and ties it to the event of the running action."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("history_user_id_field", models.CharField(max_length=60))
        options.setdefault("history_user_getter", _no_user)
        options.setdefault("history_user_setter", _ignore_user)
        options.setdefault("bases", (Recorded,))
        super().__init__(**options)

    def add_extra_methods(self, cls: Any) -> None:
        cls.save_without_historical_record = _refuse_unrecorded

    def fields_included(self, model: Any) -> list[Any]:
        left_out = getattr(model, "history_excluded", ())
        return [field for field in model._meta.fields if field.name not in left_out]

    def copy_fields(self, model: Any) -> dict[str, Any]:
        # Versions are looked up by their row alone. An index is a page more in every commit.
        fields: dict[str, Any] = super().copy_fields(model)
        for name, field in fields.items():
            field.db_index = name == model._meta.pk.name
        return fields

    def get_meta_options(self, model: Any) -> dict[str, Any]:
        options: dict[str, Any] = super().get_meta_options(model)
        return {**options, "default_permissions": (), "ordering": ("-version", "-history_id")}

    def post_save(self, instance: Any, created: bool, using: Any = None, **kwargs: Any) -> None:
        narrowed = kwargs.get("update_fields") is not None
        _write(type(instance), [_row(instance, narrowed)], "+" if created else "~")

    def post_delete(self, instance: Any, using: Any = None, **kwargs: Any) -> None:
        _write(type(instance), [_held(instance)], "-")

    def m2m_changed(self, *args: Any, **kwargs: Any) -> None:
        raise actions.OutsideAction("many-to-many rows are models of their own here")


def record_many(model: type[models.Model], rows: Sequence[Any]) -> None:
    """History of rows that were just inserted together."""
    _write(model, [_row(row, narrowed=False) for row in rows], "+")


@functools.cache
def history_model(model: type[models.Model]) -> type[models.Model]:
    """The history table of a tracked model. Remembered: simple-history builds a manager at each asking."""
    found: type[models.Model] = model.history.model  # type: ignore[attr-defined]
    return found


@functools.cache
def _fields(model: Any) -> list[Any]:
    left_out = getattr(model, "history_excluded", ())
    return [field for field in model._meta.concrete_fields if field.name not in left_out]


def _row(instance: Any, narrowed: bool) -> dict[str, Any]:
    # A narrowed save, a deferred field or an expression: the instance is not what the row holds.
    held = instance.__dict__
    names = [field.attname for field in _fields(instance.__class__)]
    if narrowed or any(name not in held or isinstance(held[name], BaseExpression) for name in names):
        return dict(type(instance)._base_manager.filter(pk=instance.pk).values(*names).get())
    return _held(instance)


def _held(instance: Any) -> dict[str, Any]:
    return {f.attname: _as_stored(f, instance.__dict__[f.attname]) for f in _fields(instance.__class__)}


def _as_stored(field: Any, value: Any) -> Any:
    if isinstance(field, SealedField):
        return value
    if isinstance(field, models.ForeignKey):
        return field.target_field.to_python(value)
    return field.to_python(value)


def _write(model: type[models.Model], rows: list[dict[str, Any]], change: str) -> None:
    act = actions.current()
    kept_in = history_model(model)
    table = model._meta.db_table
    kept = act.history.setdefault(kept_in, [])
    at = plain(act.at)
    for row in rows:
        listing = {name: plain(value) for name, value in row.items()}
        record = canonical({"table": table, "change": change, "at": at, "by": act.by, "row": listing})
        written = {
            "history_id": uuid.uuid4(),
            "history_date": act.at,
            "history_type": change,
            "history_user_id": act.by,
            "action_id": act.id,
            "record": record,
        }
        kept.append({**row, **written})
        actions.bind(kept_in._meta.db_table, written["history_id"], digest(record))


def _refuse_unrecorded(instance: Any, *args: Any, **kwargs: Any) -> None:
    raise actions.OutsideAction("every save of a tracked row leaves its history")


def _no_user(historical: Any) -> None:
    return None


def _ignore_user(historical: Any, user: Any) -> None:
    return None
