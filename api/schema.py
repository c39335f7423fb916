"""The API described by itself: OpenAPI 3.1, with every error that can come."""

import functools
from typing import Any

from django_filters import ChoiceFilter, DateFilter, UUIDFilter
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from api.endpoints import Collection, Deed, Figures, Thing
from api.fields import Strict
from api.idempotency import KEY
from api.pages import MOST, USUAL, page_of
from api.public import PublicEndpoint
from api.tables import Act, Resource
from api.tokens import wanted_by

PROBLEM = "application/problem+json"
MEANS = {
    400: "The request cannot be read or some fields cannot be used; see errors.",
    401: "No live token.",
    403: "The token or its owner lacks the permission.",
    404: "Nothing here, or nothing that the caller may see.",
    405: "Not a method of this address.",
    406: "Only JSON is answered.",
    409: "Refused as things stand; the code says why, and facts what is missing.",
    412: "Changed since the caller read it.",
    413: "Too large.",
    415: "Not JSON.",
    422: "Can never be done as it was asked.",
    428: "If-Match is missing.",
    429: "Too often.",
    503: "Cannot be answered safely now, for instance because the reading could not be recorded.",
}


# Issued files leave as bytes; sealed ones as what their content was found to be.
_FILES = ("application/octet-stream", "application/pdf", "image/jpeg", "image/png", "text/plain")


class ErrorOut(serializers.Serializer[Any]):
    pointer = serializers.CharField(required=False, help_text="The field of the body.")
    parameter = serializers.CharField(required=False, help_text="The parameter of the query.")
    code = serializers.CharField()
    text = serializers.CharField()


class ProblemOut(serializers.Serializer[Any]):
    """RFC 9457. Branch on ``code``; ``detail`` is for people, in their language."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = ErrorOut(many=True, required=False)  # type: ignore[assignment]  # DRF's metaclass moves it away
    facts = serializers.DictField(child=serializers.JSONField(), required=False)


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """``Authorization: Bearer abarona_…``."""

    target_class = "api.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "abarona_<prefix>_<secret>"}


class Schema(AutoSchema):
    """Reads an endpoint's own table: resource, act, permission."""

    view: Any

    def get_operation_id(self) -> str:
        return f"{self.view.__class__.__name__}{'' if self.method == 'GET' else 'Act'}"

    def get_summary(self) -> str:
        act = self._act()
        if act is not None:
            return act.action.__name__.replace("_", " ").capitalize()
        resource = getattr(self.view, "resource", None)
        return (
            f"{type(self.view).__bases__[0].__name__}: {resource.name}"
            if resource
            else type(self.view).__name__
        )

    def get_description(self) -> str:  # type: ignore[override]
        wanted = " or ".join(f"`{name}`" for name in wanted_by(self.view, self.method))
        act = self._act()
        words = (
            (act.action.__doc__ if act else None)
            or self.view.__doc__
            or self._resource().output.__doc__
            or ""
        )
        return f"{' '.join(words.split())}\n\nPermission: {wanted}."

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

    def get_filter_backends(self) -> list[Any]:
        return []

    def get_request_serializer(self) -> Any:
        act = self._act()
        return act.input if act is not None else None

    def get_response_serializers(self) -> Any:
        found: dict[Any, Any] = {self._success(): self._output()}
        if getattr(self.view, "binary", False):
            found = {(200, kind): OpenApiTypes.BINARY for kind in _FILES}
        return {**found, **{(status, PROBLEM): ProblemOut for status in self._errors()}}

    def get_override_parameters(self) -> list[Any]:
        return [*self._query(), *self._headers(), *self._path()]

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> dict[str, Any]:
        found: dict[str, Any] = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]
        # What Strict does: no other fields.
        return {**found, "additionalProperties": False} if isinstance(serializer, Strict) else found

    def _act(self) -> Act | None:
        return self.view.act if self.method == "POST" and isinstance(self.view, Deed) else None

    def _resource(self) -> Resource:
        act = self._act()
        found: Resource = (act.answers if act else None) or self.view.resource
        return found

    def _success(self) -> int:
        act = self._act()
        if act is not None and act.ends:
            return 204
        return 201 if act is not None and act.adds else 200

    def _output(self) -> Any:
        view, act = self.view, self._act()
        if act is not None and act.ends:
            return None
        if isinstance(view, Figures | PublicEndpoint):
            return type(view).output(many=type(view).many)
        if act is None and isinstance(view, Collection):
            return page_of(view.resource.output)
        return None if getattr(view, "binary", False) else self._resource().output

    def _errors(self) -> list[int]:
        public = isinstance(self.view, PublicEndpoint)
        found = [400, 404, 405, 406, 413, 429, 503] + ([] if public else [401, 403])
        if self._act() is not None:
            found += [409, 415, 422] + ([412, 428] if self._conditional() else [])
        return sorted(found)

    def _conditional(self) -> bool:
        act = self._act()
        versioned = act is not None and _shows(self.view.resource.output, "version")
        return act is not None and "{key}" in self.path and not act.adds and versioned

    def _path(self) -> list[OpenApiParameter]:
        if "{key}" not in self.path:
            return []
        whole = _shows(self.view.resource.output, "seq") or self.view.resource.name == "reading"
        kind: Any = OpenApiTypes.INT if whole else OpenApiTypes.UUID
        if whole:
            kind = {"type": "integer", "minimum": 0}
        return [OpenApiParameter("key", kind, OpenApiParameter.PATH, required=True)]

    def _headers(self) -> list[OpenApiParameter]:
        found = []
        if self._act() is not None:
            shape = {"type": "string", "pattern": f"^{KEY.pattern}$"}
            words = "New for each act; the same again repeats the answer."
            found.append(OpenApiParameter("Idempotency-Key", shape, OpenApiParameter.HEADER, True, words))
        if self._conditional():
            words = "The ETag of the version that was read."
            shape = {"type": "string", "pattern": r'^"[0-9]{1,9}"$'}
            found.append(OpenApiParameter("If-Match", shape, OpenApiParameter.HEADER, True, words))
        if self._tagged():
            found.append(OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[self._success()]))
        return found

    def _tagged(self) -> bool:
        act = self._act()
        one = isinstance(self.view, Thing) or (act is not None and not act.ends)
        return one and _shows(self._resource().output, "version")

    def _query(self) -> list[OpenApiParameter]:
        view, found = self.view, []
        resource = getattr(view, "resource", None)
        if isinstance(view, PublicEndpoint):
            found = [_query(name, shape) for name, shape in getattr(view, "parameters", {}).items()]
        if self.method == "GET" and isinstance(view, Collection):
            found = [
                _query("cursor", {"type": "string", "minLength": 1}, "What the page before gave as `next`."),
                _query(
                    "limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}, "Rows."
                ),
                *(_filter(name, made) for name, made in _filters(resource).items()),
            ]
        if self.method == "GET" and isinstance(view, Collection | Thing) and resource and resource.opening:
            words = "Open what is sealed, where the caller may; each opening is recorded."
            found.append(_query("names", {"type": "boolean"}, words))
        return found


@functools.cache  # an output's fields are copied at each asking, and every answer of every door asks
def _shows(output: type[serializers.Serializer[Any]], name: str) -> bool:
    return name in output().fields


def _filters(resource: Resource | None) -> dict[str, Any]:
    filters = resource.filters if resource else None
    return dict(filters.base_filters) if filters else {}


def _query(name: str, shape: dict[str, Any], words: str = "") -> OpenApiParameter:
    return OpenApiParameter(name, shape, OpenApiParameter.QUERY, False, words)


def _filter(name: str, made: Any) -> OpenApiParameter:
    if isinstance(made, ChoiceFilter):
        choices = made.extra["choices"]  # a function where they are known only once all apps are there
        words = choices() if callable(choices) else choices
        return _query(name, {"type": "string", "enum": [str(value) for value, _words in words]})
    if isinstance(made, DateFilter):
        return _query(name, {"type": "string", "format": "date"})
    if isinstance(made, UUIDFilter):
        return _query(name, {"type": "string", "format": "uuid"})
    return _query(name, {"type": "string", "minLength": 1, "maxLength": made.extra["max_length"]})
