"""Every error as a problem document (RFC 9457): stable types, words for people, no value anybody sent."""

import logging
import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response

from audit.actions import DomainError
from audit.tracked import Stale
from vault.keys import Erased
from vault.reading import ReadLogUnwritable

log = logging.getLogger("api")
CONTENT_TYPE = "application/problem+json"

# What is wrong with the request itself, whatever the state of things; all other refusals are conflicts.
UNPROCESSABLE = frozenset(
    {
        "above-tariff", "amounts-differ", "does-not-match-commitment", "future-fact", "grant-does-not-add-up",
        "idempotency-key-reused", "no-contact", "no-filters", "nobody-named", "not-a-budget",
        "not-a-coordinator", "not-a-decline-reason", "nothing-written", "period-reversed", "same-fund",
        "unknown-format", "unknown-fund", "unknown-report", "unknown-scope", "weak-password", "which-case",
        "withdrawn-before-given", "wrong-amount", "wrong-category", "wrong-iban", "wrong-period",
    }
)  # fmt: skip

_WORDS: dict[int, tuple[str, Promise]] = {
    400: ("malformed", _("The request cannot be read. Compare it with the schema.")),
    401: ("not-signed-in", _("Send a live token: “Authorization: Bearer abarona_…”.")),
    403: ("not-allowed", _("This takes a permission that the token or its owner does not have.")),
    404: ("not-found", _("There is nothing here, or nothing that you may see.")),
    405: ("method-not-allowed", _("This address does not take this method. See the header “Allow”.")),
    406: ("not-acceptable", _("Answers are JSON. Send “Accept: application/json” or leave it out.")),
    412: ("changed-meanwhile", _("Somebody changed this after you read it. Read it again, then decide.")),
    413: ("too-large", _("The request is larger than one mebibyte. Send less at once.")),
    415: ("not-json", _("Send the request as “Content-Type: application/json”.")),
    428: ("if-match-missing", _("Say which version you saw: send its ETag as “If-Match”.")),
    429: ("too-often", _("Too many calls with this token. Wait as long as “Retry-After” says.")),
    500: ("unexpected", _("Something went wrong here. Nothing was changed, or the key tells what was.")),
    503: ("unavailable", _("This cannot be answered safely now. Try again in a few seconds.")),
}
# What a refusal may carry besides its words; names and texts of people are never among it.
_FACTS = frozenset(
    {
        "above_minor", "claim_id", "difference_minor", "held_minor", "left_minor", "missing_minor", "number",
        "uncovered_minor", "ways_out",
    }
)  # fmt: skip
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,40}")


class Precondition(exceptions.APIException):
    """412: the thing is no longer what the caller saw."""

    status_code = 412


class PreconditionMissing(exceptions.APIException):
    """428: a change without If-Match."""

    status_code = 428


class TooLarge(exceptions.APIException):
    """413."""

    status_code = 413


class KeyMissing(exceptions.APIException):
    """400: a POST without a usable Idempotency-Key."""

    status_code = 400
    default_code = "idempotency-key-missing"
    default_detail = _("Send “Idempotency-Key” with 16 to 64 letters, digits, “-” or “_”, new for each act.")


class BadCursor(exceptions.APIException):
    """400: a cursor that this list did not give out."""

    status_code = 400
    default_code = "bad-cursor"
    default_detail = _("This cursor is not one of this list's. Begin again without a cursor.")


class Invalid(exceptions.ValidationError):
    """400: a request whose parts cannot be used; ``where`` is "pointer" (body) or "parameter" (query)."""

    where = "pointer"


class KeyReused(DomainError):
    code = "idempotency-key-reused"
    message = _("This Idempotency-Key came with another request before. Take a new key for a new act.")


class InProgress(DomainError):
    code = "in-progress"
    message = _("A request with this Idempotency-Key is being worked on. Ask again in a few seconds.")


def answer(error: Exception, context: dict[str, Any]) -> Response:
    """The problem document for whatever was raised."""
    if isinstance(error, Stale):
        return problem(412)
    if isinstance(error, DomainError):
        return refusal(error)
    if isinstance(error, exceptions.ValidationError):
        return invalid(error.detail, getattr(error, "where", "pointer"))
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    return problem(_status_of(error))


def problem(
    status: int, code: str = "", text: str = "", headers: dict[str, str] | None = None, **members: Any
) -> Response:
    """One problem document; code and words are those of the status unless given."""
    usual, words = _WORDS.get(status, _WORDS[400])
    code = code or usual
    body = {
        "type": f"/problems/{code}",
        "title": code.replace("-", " ").capitalize(),
        "status": status,
        "code": code,
        "detail": text or str(words),
        **members,
    }
    return Response(body, status=status, content_type=CONTENT_TYPE, headers=headers)


def frozen() -> Response:
    """403: more people were opened than this account's budget of a day allows."""
    words = gettext(
        "You opened more people outside your cases than a day allows. A second officer lifts this."
    )
    return problem(403, "reading-frozen", words)


def refusal(error: DomainError) -> Response:
    """A refusal of the domain: 422 for a request that can never do, else 409."""
    status = 422 if error.code in UNPROCESSABLE else 409
    facts = {name: value for name, value in error.params.items() if name in _FACTS}
    headers = {"Retry-After": "2"} if isinstance(error, InProgress) else None
    return problem(status, error.code, error.text, headers, **({"facts": facts} if facts else {}))


def invalid(detail: Any, where: str = "pointer") -> Response:
    """400 with one entry for each field; ``where`` says whether fields are of the body or the query."""
    errors = [
        {where: place, "code": code, "text": text}
        for place, code, text in (_flat(detail, "#" if where == "pointer" else ""))
    ]
    return problem(400, "invalid", gettext("Some fields cannot be used. See “errors”."), errors=errors)


def _flat(detail: Any, place: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            known = str(name) if _FIELD.fullmatch(str(name)) or isinstance(name, int) else ""
            own = name == "non_field_errors" or not known
            yield from _flat(inner, place if own else f"{place}/{known}" if place else known)
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from _flat(inner, f"{place}/{number}" if nested else place)
    else:
        yield place, str(getattr(detail, "code", "invalid")), str(detail)


def _of_framework(error: exceptions.APIException) -> Response:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(int(wait) + 1)
    if isinstance(error, KeyMissing | BadCursor):
        return problem(400, error.default_code, str(error.default_detail), headers)
    return problem(error.status_code, headers=headers)


def _status_of(error: Exception) -> int:
    if isinstance(error, Http404):
        return 404
    if isinstance(error, PermissionDenied):
        return 403
    if isinstance(error, RecursionError | UnicodeError):
        return 400
    if isinstance(error, Erased):
        return 404
    if isinstance(error, ReadLogUnwritable | OperationalError | InterfaceError):
        log.error("unavailable: %s", type(error).__name__)
        return 503
    log.error("unexpected", exc_info=error)
    return 500
