"""One canonical text per record, so that a hash taken today can be checked in ten years."""

import datetime
import decimal
import hashlib
import json
import uuid
from typing import Any

# Made once: json.dumps makes one for each text.
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(value: Any) -> str:
    """Sorted keys, no spaces, readable letters: the text that is stored and hashed."""
    return _ENCODER.encode(value)


def digest(text: str) -> str:
    """SHA-256 of a stored text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def plain(value: Any) -> Any:
    """A model field's value as JSON. Raises TypeError for a type nobody decided how to write."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    if isinstance(value, datetime.date | uuid.UUID | decimal.Decimal):
        return str(value)
    if isinstance(value, dict | list):
        return value
    raise TypeError(f"no canonical form for {type(value).__name__}")
