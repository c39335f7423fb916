"""The query of a list: filters and names, taken by the letter."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request

from api import problems
from api.tables import Resource


def names_asked(request: Request, resource: Resource, known: set[str] | None = None) -> bool:
    """Whether names are asked for; refuses parameters that mean nothing here. Raises ValidationError."""
    if known is None:
        known = {"cursor", "limit"} | ({"names"} if resource.opening else set())
        known |= set(resource.filters.base_filters) if resource.filters else set()
    errors: dict[str, Any] = {}
    for name in request.query_params:
        if name not in known:
            errors[name] = [ErrorDetail("There is no such parameter here.", code="unknown")]
        elif len(request.query_params.getlist(name)) != 1:
            errors[name] = [ErrorDetail("Give this parameter once.", code="repeated")]
        elif not request.query_params[name]:
            errors[name] = [ErrorDetail("This parameter is empty: leave it out.", code="blank")]
    if request.query_params.get("names", "true") not in ("true", "false"):
        errors["names"] = [ErrorDetail("true or false is wanted here.", code="invalid")]
    if errors:
        raise BadQuery(errors)
    return request.query_params.get("names") == "true"


def filtered(resource: Resource, request: Request, rows: QuerySet[Any]) -> QuerySet[Any]:
    if resource.filters is None:
        return rows
    chosen = resource.filters(data=request.query_params, queryset=rows, request=request)
    if not chosen.is_valid():
        raise BadQuery({name: [_refused()] for name in chosen.errors})
    found: QuerySet[Any] = chosen.qs
    return found


def _refused() -> ErrorDetail:
    # Django's own words would repeat what was sent.
    return ErrorDetail("This value is not possible here.", code="invalid")


class BadQuery(problems.Invalid):
    """400: the query, not the body."""

    where = "parameter"
