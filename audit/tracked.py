"""Bases of every domain model: :class:`Tracked` rows keep a history, :class:`AppendOnly` rows never change.

django-simple-history in its plain form records values a row does not hold, misses bulk writes, forgets
actors and lets history be edited. What is different here is listed in docs/decisions.
"""

import uuid
from collections.abc import Collection, Iterable, Sequence
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit import actions, history, inserting
from audit.actions import DomainError, OutsideAction
from audit.canonical import canonical, digest, plain
from vault.fields import sealed_fields

M = TypeVar("M", bound=models.Model)


class Stale(DomainError):
    """Somebody else changed the row after it was loaded; saving would silently undo their change."""

    code = "stale"
    message = _("Somebody changed this while you were looking at it. Look again, then decide.")


class TrackedQuerySet(models.QuerySet[M]):
    """Reads like any other; writes that would leave no history are refused."""

    def _refuse(self, *args: Any, **kwargs: Any) -> Any:
        raise OutsideAction("a bulk write leaves no history: save each row, or use insert_many")

    update = bulk_update = bulk_create = delete = _raw_delete = _refuse

    def insert_many(self, rows: Sequence[M]) -> None:
        """Insert new rows and their history in two statements; for imports and batches."""
        actions.current()
        super().bulk_create(rows)
        history.record_many(self.model, rows)


TrackedManager = models.Manager.from_queryset(TrackedQuerySet)


class Tracked(models.Model):
    """A row with a history. It is written inside an action only, and never over a newer version.

    ``version`` counts the writes: it refuses stale saves, orders the history and is the ETag.
    """

    # Fields whose old values must not stay in history for ever, such as a password's hash.
    history_excluded: ClassVar[tuple[str, ...]] = ()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects: Any = TrackedManager()
    history = history.History(inherit=True)

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_permissions = ()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "version"}
        super().save(*args, **kwargs)

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        actions.current()
        super().save_base(*args, **kwargs)

    def _save_table(self, *args: Any, **kwargs: Any) -> bool:
        actions.current()  # fixtures go past save() and save_base(), and write before history refuses
        return bool(super()._save_table(*args, **kwargs))  # type: ignore[misc]  # private, so not in the stubs

    def _do_update(  # type: ignore[override]  # noqa: PLR0917  Django's own signature
        self,
        base_qs: Any,
        using: Any,
        pk_val: Any,
        values: Collection[Any],
        update_fields: Any,
        forced_update: bool,
    ) -> bool:
        seen = self.version
        raised = [(f, m, seen + 1 if f.attname == "version" else v) for f, m, v in values]
        if any(hasattr(value, "resolve_expression") for _field, _model, value in raised):
            fresh = base_qs.filter(version=seen)
            done = bool(super()._do_update(fresh, using, pk_val, raised, update_fields, forced_update))  # type: ignore[call-arg]  # the stubs describe Django 6
        else:
            known = {field.attname: value for field, _model, value in raised}
            done = inserting.update_unless_newer(type(self), known, pk_val, seen, using)
        if not done and base_qs.filter(pk=pk_val).exists():
            raise Stale()
        if done:
            self.version = seen + 1
        return done

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        actions.current()
        return super().delete(*args, **kwargs)

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """As Django's, without opening sealed fields on the way."""
        super().clean_fields({*(exclude or ()), *(field.name for field in sealed_fields(type(self)))})

    def refresh_from_db(
        self, using: str | None = None, fields: Iterable[str] | None = None, from_queryset: Any = None
    ) -> None:
        """As Django's, but sealed fields arrive as tokens instead of being opened on the way."""
        sealed = [f.attname for f in sealed_fields(type(self)) if fields is None or f.attname in set(fields)]
        if sealed:
            self.__dict__.update(type(self)._base_manager.filter(pk=self.pk).values(*sealed).get())
        asked = [f.attname for f in self._meta.concrete_fields] if fields is None else list(fields)
        if rest := [name for name in asked if name not in sealed]:
            super().refresh_from_db(using=using, fields=rest, from_queryset=from_queryset)


class AppendOnly(models.Model):
    """A row that is written once. ``record`` is the canonical text the event's hash binds.

    The primary key must be known before the insert (a UUID or a text of the caller), as it is recorded.
    """

    append_only = True

    action_id = models.UUIDField(editable=False)
    record = models.TextField(editable=False)

    class Meta:
        abstract = True
        default_permissions = ()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.write_record()
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)
        self.bind()

    def _save_table(self, *args: Any, **kwargs: Any) -> bool:
        # Fixtures go past save(): such a row would be tied to no event.
        if self.action_id != actions.current().id:
            raise OutsideAction("a row that no action wrote")
        return bool(super()._save_table(*args, **kwargs))  # type: ignore[misc]  # private, so not in the stubs

    @classmethod
    def insert_many(cls, rows: Sequence[Self]) -> None:
        """Insert many rows in one statement and bind each."""
        for row in rows:
            row.write_record()
        cls._default_manager.bulk_create(rows)
        for row in rows:
            row.bind()

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise OutsideAction("this row stays as it was written; correct it with a new one")

    def write_record(self) -> None:
        """Note the running action and the canonical text of the row."""
        self.action_id = actions.current().id
        skipped = {"record"}
        sealed = {field.attname for field in sealed_fields(type(self))}
        for field in self._meta.concrete_fields:
            if field.attname in sealed:
                field.pre_save(self, True)
        row = {
            f.attname: plain(
                self.__dict__[f.attname] if f.attname in sealed else f.to_python(getattr(self, f.attname))
            )
            for f in self._meta.concrete_fields
            if f.attname not in skipped
        }
        self.record = canonical({"table": self._meta.db_table, "row": row})

    def bind(self) -> None:
        """Tie the stored text to the running action's event."""
        actions.bind(self._meta.db_table, self.pk, digest(self.record))
