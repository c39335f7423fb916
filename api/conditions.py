"""Changes only to what the caller saw: the version is the ETag, and comes back as If-Match."""

import re
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.request import Request

from api.problems import Precondition, PreconditionMissing

_TAG = re.compile(r'"[0-9]{1,9}"')


def etag(row: Any) -> str:
    """The entity tag of a row that counts its versions, "" for one that never changes."""
    version = getattr(row, "version", None)
    return "" if version is None else f'"{version}"'


def require_match(request: Request, row: Any) -> None:
    """Raise unless the caller names the version that stands. ``*`` names none.

    Raises PreconditionMissing, Precondition, ParseError.
    """
    named = [tag.strip() for tag in request.headers.get("If-Match", "").split(",") if tag.strip()]
    if not named or named == ["*"]:
        raise PreconditionMissing()
    if not all(_TAG.fullmatch(tag) for tag in named):
        raise ParseError()
    if etag(row) not in named:
        raise Precondition()
