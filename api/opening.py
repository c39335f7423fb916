"""Sealed values in answers: opened for rows the reader may open, null for all others."""

from collections.abc import Sequence
from typing import Any

from rest_framework.serializers import BaseSerializer

from vault.fields import prefetch


def sealed_context(rows: Sequence[Any], *names: str) -> dict[str, Any]:
    """The context under which these rows' fields open, their keys fetched together."""
    if rows:
        prefetch(list(rows), *names)
    return {"open": {row.pk for row in rows}}


def read(serializer: BaseSerializer[Any], row: Any, name: str) -> str | None:
    """A sealed field's value, "erased" once the person is; None where it may not be opened or none asked."""
    if row.pk not in serializer.context.get("open", ()):
        return None
    value = getattr(row, name)
    return None if value is None else str(value)
