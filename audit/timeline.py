"""Reading the history: the versions of a row, what each changed, and what was known at a moment.

Nothing here opens a sealed value: of one that changed it is only said that it did. The diff covers every
stored column, also those no form edits; django-simple-history's own leaves them out.
"""

import datetime
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.apps import apps
from django.db import models

from audit.canonical import digest, plain
from audit.history import history_model
from audit.models import Event
from audit.tracked import AppendOnly, Tracked
from vault.fields import sealed_fields

ADDED, CHANGED, REMOVED = "+", "~", "-"
# The key says which row, the version only counts; both stand in the head of a version.
_NEVER_SHOWN = frozenset({"id", "version", "record", "action_id"})
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One column before and after; where ``sealed`` is true both are tokens."""

    field: str
    before: Any
    after: Any
    sealed: bool


@dataclass(frozen=True)
class Version:
    """A row as it stood after one write. ``row`` holds stored values, sealed ones as tokens.

    ``seq`` is the number of the event that wrote it, its position in the log's tree; None when there is no
    such event. ``whole`` is false when the stored text is not what that event bound.
    """

    table: str
    object_id: str
    number: int
    kind: str
    at: datetime.datetime
    actor_id: str
    action_id: uuid.UUID
    key: str
    row: Row
    changes: tuple[Change, ...] = ()
    seq: int | None = None
    event_kind: str = ""
    whole: bool = True
    record: str = field(default="", repr=False)


def recorded_models() -> dict[str, type[models.Model]]:
    """Every model that keeps a history or is itself unchangeable, by the name of its own table."""
    return {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if issubclass(model, Tracked | AppendOnly)
    }


def difference(model: type[models.Model], before: Row | None, after: Row) -> tuple[Change, ...]:
    """The columns in which two versions differ; of a first version, what it was filled with."""
    sealed = {each.attname for each in sealed_fields(model)}
    found = []
    for column in model._meta.concrete_fields:
        name = column.attname
        if name in _NEVER_SHOWN or name not in after:
            continue
        was, now = (before or {}).get(name), after[name]
        if plain(was) != plain(now) and (before is not None or now not in (None, "")):
            found.append(Change(name, was, now, name in sealed))
    return tuple(found)


def versions(model: type[models.Model], ids: Iterable[object], *, placed: bool = True) -> list[Version]:
    """All versions of these rows, oldest first within each row; one query, and one for their events.

    Without ``placed`` nothing is asked of the log: the versions then say nothing of their events.
    """
    stored = history_rows(model).filter(**{f"{_key(model)}__in": list(ids)})
    found = compared(model, [_version(model, row) for row in stored.values()])
    return with_events(found) if placed else found


def page_of_versions(model: type[models.Model], rows: Sequence[models.Model]) -> list[Version]:
    """These rows of a history table, each compared with the version before it, in the order given."""
    names = [each.attname for each in _kept_in(model)._meta.concrete_fields]
    shown = [_version(model, {name: row.__dict__[name] for name in names}) for row in rows]
    ids = {version.object_id for version in shown}
    among = {version.key: version for version in versions(model, ids)}
    return [among[version.key] for version in shown]


def compared(model: type[models.Model], found: Sequence[Version]) -> list[Version]:
    """Order the versions by row and number, and note what each changed."""
    ordered = sorted(found, key=_order)
    done: list[Version] = []
    for version in ordered:
        last = done[-1] if done and done[-1].object_id == version.object_id else None
        before = last.row if last else None
        changes = () if version.kind == REMOVED else difference(model, before, version.row)
        done.append(replace(version, changes=changes))
    return done


def known_on(found: Sequence[Version], moment: datetime.datetime) -> Version | None:
    """Of one row's versions the one that held at a moment, whatever number of them bear the same time.

    None before the row was there and after it was removed. The number decides, not the clock: of two writes
    in one second the later one is what was known.
    """
    then = [version for version in found if version.at <= moment]
    last = max(then, key=_order, default=None)
    return None if last is None or last.kind == REMOVED else last


def with_events(found: Sequence[Version]) -> list[Version]:
    """Note for each version the event that wrote it and whether its text is what that event bound."""
    wanted = {version.action_id for version in found}
    events = {
        event.action_id: event
        for some in _chunks(sorted(wanted), 500)
        for event in Event.objects.filter(action_id__in=some)
    }
    bound: dict[tuple[str, str], str] = {}
    for event in events.values():
        bound |= {(table, key): sha256 for table, key, sha256 in json.loads(event.body)["records"]}
    return [_placed(version, events.get(version.action_id), bound) for version in found]


def history_table(model: type[models.Model]) -> str:
    """The table in which versions of the model lie: its history, or the model's own."""
    return _kept_in(model)._meta.db_table


def history_rows(model: type[models.Model]) -> models.QuerySet[Any]:
    """The stored versions of a model, to be narrowed and cut into pages."""
    return _kept_in(model)._base_manager.all()


def _kept_in(model: type[models.Model]) -> type[models.Model]:
    return history_model(model) if issubclass(model, Tracked) else model


def _key(model: type[models.Model]) -> str:
    return "id" if issubclass(model, Tracked) else model._meta.pk.attname


def _version(model: type[models.Model], stored: Row) -> Version:
    names = [each.attname for each in model._meta.concrete_fields]
    row = {name: stored[name] for name in names if name in stored}
    tracked = issubclass(model, Tracked)
    kept = {} if tracked else json.loads(stored["record"])
    return Version(
        table=model._meta.db_table,
        object_id=str(stored[_key(model)]),
        number=stored.get("version", 0) if tracked else 0,
        kind=stored["history_type"] if tracked else ADDED,
        at=stored["history_date"] if tracked else _NO_TIME,
        actor_id=stored["history_user_id"] if tracked else str(kept.get("by", "")),
        action_id=stored["action_id"],
        key=str(stored["history_id"] if tracked else stored[_key(model)]),
        row=row,
        record=stored["record"],
    )


def _placed(version: Version, event: Event | None, bound: Mapping[tuple[str, str], str]) -> Version:
    if event is None:
        return replace(version, whole=False)
    table = history_table(recorded_models()[version.table])
    whole = bound.get((table, version.key)) == digest(version.record)
    # An append-only row has no columns of its own for who and when: its event says it.
    at = event.at if version.at == _NO_TIME else version.at
    who = version.actor_id or event.actor_id
    return replace(version, seq=event.seq, event_kind=event.kind, whole=whole, at=at, actor_id=who)


def _order(version: Version) -> tuple[str, int, bool]:
    # A removal bears the number of the last version: it comes after it.
    return version.object_id, version.number, version.kind == REMOVED


def _chunks(items: list[uuid.UUID], size: int) -> Iterable[list[uuid.UUID]]:
    return (items[start : start + size] for start in range(0, len(items), size))


_NO_TIME = datetime.datetime.min.replace(tzinfo=datetime.UTC)
