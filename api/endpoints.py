"""The three shapes of an endpoint: a list, one thing, and an act; rooms fill them in their tables.

A room says which rows a person may see (``Resource``) and which action a POST calls (``Act``). Rows that
the person may not see do not exist here: 404.
"""

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from api import problems
from api.conditions import etag, require_match
from api.idempotency import Ask
from api.pages import CursorPages
from api.queries import filtered, names_asked
from api.tables import Act, Resource
from api.throttles import TokenThrottle
from api.tokens import Wanted, caller
from vault import reading

MOST_BYTES = int(getattr(settings, "API_MOST_BYTES", 1_048_576))


class Endpoint(APIView):
    """What all have: the moment, a size limit, one throttle, and readings recorded before the answer."""

    permission: Wanted | dict[str, Wanted] = ()
    throttle_classes = (TokenThrottle,)
    http_method_names = ["get", "head", "post"]
    resource: Resource
    at: datetime.datetime
    most_bytes = MOST_BYTES

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.at = timezone.now()
        size = request.META.get("CONTENT_LENGTH") or "0"
        if not str(size).isdecimal() or int(size) > self.most_bytes:
            raise problems.TooLarge()
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        opened = reading.current()
        if opened is not None:
            try:
                reading.commit(opened)
            except reading.ReadLogUnwritable:
                opened.opened = {}
                response = problems.problem(503, headers={"Retry-After": "5"})
            except reading.ReadingFrozen:
                response = problems.frozen()
        return super().finalize_response(request, response, *args, **kwargs)

    def load(self, key: Any) -> Any:
        """The thing in the address. Raises Http404 for what the reader may not see."""
        found = self.resource.rows(caller(self.request), self.at).filter(pk=key).first()
        if found is None:
            raise Http404
        return found

    def shown(
        self, resource: Resource, rows: Sequence[Any], *, names: bool = False, many: bool = False
    ) -> Any:
        """Rows as the answer says them; names only when they were asked for."""
        by = caller(self.request)
        context = resource.opening(rows, by, self.at) if names and resource.opening else {}
        return written(resource.output(rows if many else rows[0], many=many, context=context))


class Collection(Endpoint):
    """GET: the rows a person may see, filtered, in pages."""

    def get(self, request: Request) -> Response:
        names = names_asked(request, self.resource)
        pages = CursorPages()
        pages.ordering = self.resource.ordering
        rows = filtered(self.resource, request, self.resource.rows(caller(request), self.at))
        found = pages.paginate_queryset(rows, request, self)
        return Response(pages.body(self.shown(self.resource, found, names=names, many=True)))


class Thing(Endpoint):
    """GET: one row, with its version as ETag."""

    def get(self, request: Request, key: Any) -> Response:
        names = names_asked(request, self.resource, {"names"} if self.resource.opening else set())
        row = self.load(key)
        return _tagged(Response(self.shown(self.resource, [row], names=names)), row)


class Figures(Endpoint):
    """GET: figures worked out for one row."""

    worked_out: Callable[[Any], Any]
    output: type[Serializer[Any]]
    many = False

    def get(self, request: Request, key: Any) -> Response:
        names_asked(request, self.resource, set())
        found = type(self).worked_out(self.load(key))
        return Response(written(type(self).output(found, many=type(self).many)))


class Deed(Endpoint):
    """POST: one call to one action, once for each key."""

    act: Act

    def post(self, request: Request, key: Any = None) -> Response:
        if self.act.ends and (told := Ask.of(request, self.at).told_before()) is not None:
            return told  # there is nothing to load any more
        target = self.load(key) if key is not None else None
        names_asked(request, self.resource, set())
        if self.act.guard is not None and not self.act.guard(target, caller(request), self.at):
            raise PermissionDenied
        ask = Ask.of(request, self.at)
        if (told := ask.told_before()) is not None:
            return told
        values = self.values(request)
        # After all else: a precondition counts only where the request would have been carried out.
        if target is not None and not self.act.adds and etag(target):
            require_match(request, target)
        with ask.held():
            result = self.act.action(**self.act.keywords(target, values), by=caller(request), at=self.at)
        if self.act.then is not None:
            self.act.then(result)
        response = (
            Response(status=204)
            if self.act.ends
            else self.answer(target if self.act.same else self.act.pick(result) if self.act.pick else result)
        )
        ask.keep(response)
        return response

    def values(self, request: Request) -> Any:
        """The body, checked. Raises ValidationError."""
        body = self.act.input(data=request.data, context={"by": caller(request), "at": self.at})
        body.is_valid(raise_exception=True)
        return body.validated_data

    def answer(self, result: Any) -> Response:
        """What came of it, read anew."""
        resource = self.act.answers or self.resource
        rows = resource.rows(caller(self.request), self.at)
        row = rows.filter(pk=result.pk).first() or result
        status = 201 if self.act.adds else 200
        return _tagged(Response(self.shown(resource, [row]), status=status), row)


class Book(Collection, Deed):
    """A list that can be added to."""


def written(output: Any) -> Any:
    """What an output says, moments in UTC."""
    with timezone.override(datetime.UTC):
        return output.data


def _tagged(response: Response, row: Any) -> Response:
    if tag := etag(row):
        response["ETag"] = tag
    return response
