"""Input taken by the letter: unknown fields, other types and half-right values are refused.

Messages name what is wanted and never repeat what was sent: it may be a name.
"""

import datetime
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import User

# Ten thousand million of a currency with two decimals: beyond any sum here, well inside the column.
MOST_MINOR = 10**12
Rows = Callable[[User, datetime.datetime], QuerySet[Any]]
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Strict(serializers.Serializer[Any]):
    """A body with these fields and no others. ``makes`` turns the values into a domain's own dataclass."""

    makes: ClassVar[Callable[..., Any] | None] = None
    default_error_messages = {"invalid": _("An object is wanted here.")}

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if isinstance(data, Mapping) else set()
        errors: dict[str, Any] = {str(name): [_unknown()] for name in unknown}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            if not isinstance(error.detail, dict):
                raise
            errors |= error.detail
        if errors:
            raise serializers.ValidationError(errors)
        made = type(self).makes
        return made(**values) if made is not None else values


def _unknown() -> serializers.ValidationError:
    return serializers.ErrorDetail(str(_("There is no such field here.")), code="unknown")  # type: ignore[return-value]


class Nothing(Strict):
    """An empty object."""


class Text(serializers.CharField):
    """Text, and no number taken for one."""

    default_error_messages = {"invalid": _("Text is wanted here.")}

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 200)
        if not options.get("required", True) or "default" in options:
            options.setdefault("allow_blank", True)
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Coded(serializers.RegexField):
    """Text of one pattern."""

    default_error_messages = {"invalid": _("This does not have the form that is wanted here.")}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Chosen(serializers.ChoiceField):
    """One of a few words."""

    default_error_messages = {"invalid_choice": _("This is not one of the values that are possible here.")}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A whole number, written as one."""

    default_error_messages = {"invalid": _("A whole number is wanted here.")}

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return data


class Minor(Whole):
    """An amount in minor units, more than nothing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=options.pop("min_value", 1), max_value=MOST_MINOR, **options)


class Flag(serializers.BooleanField):
    """``true`` or ``false``."""

    default_error_messages = {"invalid": _("true or false is wanted here.")}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class OneOf(serializers.ChoiceField):
    """One of a closed list; the value becomes the list's own member."""

    default_error_messages = {"invalid_choice": _("This is not one of the values that are possible here.")}

    def __init__(self, kinds: Any, **options: Any) -> None:
        self.kinds = kinds
        super().__init__(choices=list(kinds.choices), **options)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or data not in self.kinds.values:
            self.fail("invalid_choice")
        return self.kinds(data)


class Day(serializers.DateField):
    """A day of this or the last century, ``2026-03-02``."""

    default_error_messages = {"invalid": _("A day is wanted here, such as 2026-03-02.")}

    def to_internal_value(self, value: Any) -> datetime.date:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            self.fail("invalid")
        day: datetime.date = super().to_internal_value(value)
        if not 1900 <= day.year <= 2199:
            self.fail("invalid")
        return day


class Moment(serializers.DateTimeField):
    """A moment with its offset from UTC, ``2026-03-02T09:30:00Z``."""

    default_error_messages = {
        "invalid": _("A moment with its offset is wanted, such as 2026-03-02T09:30:00Z.")
    }

    def to_internal_value(self, value: Any) -> datetime.datetime:
        if not isinstance(value, str):
            self.fail("invalid")
        try:
            moment = datetime.datetime.fromisoformat(value)
        except ValueError:
            self.fail("invalid")
        if moment.tzinfo is None or not 1900 <= moment.year <= 2199:
            self.fail("invalid")
        return moment.astimezone(datetime.UTC)


class Ref(serializers.UUIDField):
    """The id of something the caller may see; the value becomes the row."""

    default_error_messages = {
        "invalid": _("An id is wanted here."),
        "unknown": _("There is nothing with this id, or nothing that you may see."),
    }

    def __init__(self, rows: Rows, **options: Any) -> None:
        self.rows = rows
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Any:
        key = uuid_of(data)
        if key is None:
            self.fail("invalid")
        found = self.rows(self.context["by"], self.context["at"]).filter(pk=key).first()
        if found is None:
            self.fail("unknown")
        return found


class Id(serializers.UUIDField):
    """A bare id."""

    default_error_messages = {"invalid": _("An id is wanted here.")}

    def to_internal_value(self, data: Any) -> uuid.UUID:
        key = uuid_of(data)
        if key is None:
            self.fail("invalid")
        return key


def uuid_of(data: Any) -> uuid.UUID | None:
    """The id that a text is, or None."""
    return uuid.UUID(data) if isinstance(data, str) and _UUID.fullmatch(data) else None


def currency(**options: Any) -> Coded:
    """A currency's three letters."""
    return Coded(r"^[A-Z]{3}\Z", **options)
