"""Sealed model fields: the attribute holds a token; reading it needs a reading in context."""

import datetime
import uuid
from typing import Any, cast

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Value, lookups
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext

from vault import keys, reading, sealing
from vault.sealing import Token


class PlaintextInQuery(TypeError):
    """A sealed field was compared with a readable value: that would put it into SQL and logs."""


class ErasedWord(str):
    """What the attribute of an erased person holds: a word to show, in the reader's language.

    It is no value: saving it raises keys.Erased, as there is no key to seal it with.
    """

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        return gettext("erased")


ERASED = ErasedWord("erased")


class SealedAttribute(DeferredAttribute):
    """Opens on read, and keeps the stored token when the same value is assigned again.

    Reads :data:`ERASED` once the person's key is gone, so that lists and pages go on without them.
    """

    field: "SealedField"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        value = instance.__dict__[name]
        if not isinstance(value, Token):
            return value
        try:
            return self.field.open(instance, value)
        except keys.Erased:
            return ERASED

    def __set__(self, instance: Any, value: Any) -> None:
        held = instance.__dict__.get(self.field.attname)
        unsealed = not isinstance(value, Token)
        if isinstance(held, Token) and unsealed and self.field.holds(instance, held, value):
            return  # the same value sealed anew would look like a change
        instance.__dict__[self.field.attname] = value


class _TokensOnly:
    """Refuses readable values that come as expressions, such as ``Value("…")``, past ``get_prep_value``."""

    rhs: Any

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        given = self.rhs if isinstance(self.rhs, list | tuple | set) else [self.rhs]
        for side in given:
            parts = side.flatten() if hasattr(side, "flatten") else ()
            for part in parts:
                if isinstance(part, Value) and not isinstance(part.value, Token | None):
                    raise PlaintextInQuery("a value in an expression")
        return super().process_rhs(compiler, connection)  # type: ignore[misc]


class _Exact(_TokensOnly, lookups.Exact):
    """Only for tokens."""


class _In(_TokensOnly, lookups.In):
    """Only for tokens."""


_LOOKUPS: dict[str, Any] = {"isnull": lookups.IsNull, "exact": _Exact, "in": _In}


class SealedField(models.TextField):  # type: ignore[type-arg]
    """A value about a person, readable only with that person's key and only inside a reading.

    ``label`` names the field for ever (it is bound into every token); ``subject`` is the attribute of
    the row that holds the person's UUID. Takes text, numbers, booleans, lists and dicts; ``""``, ``0``
    and ``False`` come back as they went in.
    """

    descriptor_class = SealedAttribute

    def __init__(self, *args: Any, label: str = "", subject: str = "id", **kwargs: Any) -> None:
        self.label = label
        self.subject = subject
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "label": self.label, "subject": self.subject}

    def open(self, instance: Any, token: Token) -> Any:
        """The value, noted in the current reading. Raises NoReader, keys.Erased, sealing.SealBroken."""
        current = reading.current()
        if current is None:
            raise reading.NoReader(self.label)
        subject_id = self.subject_id(instance)
        value = self.to_value(sealing.open_token(keys.data_key(subject_id), token, self._place(instance)))
        current.note(subject_id, self.label)
        return value

    def holds(self, instance: Any, token: Token, value: Any) -> bool:
        """Whether the token already seals this value; tells nobody, so it is no reading."""
        if value is None:
            return False
        try:
            key = keys.data_key(self.subject_id(instance))
            return bool(sealing.open_token(key, token, self._place(instance)) == self.to_plain(value))
        except (keys.Erased, sealing.SealBroken):
            return False

    def seal(self, instance: Any, value: Any) -> Token:
        key = keys.data_key(self.subject_id(instance))
        return sealing.seal(key, self.to_plain(value), self._place(instance))

    def to_plain(self, value: Any) -> Any:
        """What is sealed for a value of the attribute."""
        return value

    def to_value(self, plain: Any) -> Any:
        """The attribute's value for what was sealed."""
        return plain

    def subject_id(self, instance: Any) -> uuid.UUID:
        """Whose key seals the value in this row."""
        subject_id = getattr(instance, self.subject)
        return subject_id if isinstance(subject_id, uuid.UUID) else uuid.UUID(str(subject_id))

    def _place(self, instance: Any) -> str:
        return f"{self.label}|{instance.id}|{self.subject_id(instance)}"

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Token):
            return value
        token = model_instance.__dict__[self.attname] = self.seal(model_instance, value)
        return token

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, Token):
            return value
        raise PlaintextInQuery(self.label)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Token | None:
        return None if value is None else Token(value)

    def to_python(self, value: Any) -> Any:
        return value

    def get_lookup(self, lookup_name: str) -> Any:
        return _LOOKUPS.get(lookup_name)

    def get_transform(self, lookup_name: str) -> None:
        return None

    def value_from_object(self, obj: models.Model) -> Any:
        # Serialisers, model_to_dict and dumpdata come through here: they get the token, not the value.
        return obj.__dict__.get(self.attname)

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))


class SealedDate(SealedField):
    """A sealed :class:`datetime.date`."""

    def to_plain(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime.date) else value

    def to_value(self, plain: Any) -> Any:
        return datetime.date.fromisoformat(plain) if plain else None


def sealed_fields(model: type[models.Model]) -> list[SealedField]:
    """The sealed fields of a model."""
    return [field for field in model._meta.concrete_fields if isinstance(field, SealedField)]


def prefetch(rows: list[Any], *names: str) -> None:
    """Fetch the keys that open these fields of these rows: one query for a whole list page."""
    wanted: set[uuid.UUID] = set()
    for row in rows:
        for name in names:
            try:
                sealed = cast(SealedField, row._meta.get_field(name))
            except FieldDoesNotExist:
                raise AttributeError(name) from None
            wanted.add(sealed.subject_id(row))
    keys.prefetch(wanted)
