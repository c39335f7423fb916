"""The reader of sealed values in a request: opened outermost, recorded before the answer leaves."""

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from accounts.sessions import SessionStore, stored_key
from vault import reading

T = TypeVar("T")
Respond = Callable[[HttpRequest], HttpResponseBase]
# Rows that are opened together, recorded, and only then sent.
PER_PIECE = 100


class ReadingMiddleware:
    """One reading per request. If it cannot be recorded, nothing is shown: 503."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            with reading.reading("public", "") as opened:
                request.reading = opened  # type: ignore[attr-defined]
                response = self.get_response(request)
                if isinstance(response, StreamingHttpResponse):
                    _guard_stream(response, opened)
                elif isinstance(response, HttpResponse) and hasattr(response, "render"):
                    response.render()
        except reading.ReadLogUnwritable:
            return _instead(request, 503, "unavailable", "503.html")
        except reading.ReadingFrozen:
            return _instead(request, 403, "reading-frozen", "reading_frozen.html")
        return response


class ReaderMiddleware:
    """Names the reader once it is known who signed in, and the page they read on."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if user.is_authenticated:
            request.reading.actor_id = user.actor_id  # type: ignore[attr-defined]
            user.session_mark = request.session.get("mark", "") or _mark(request)
            cast(SessionStore, request.session).keep_alive()
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        match = request.resolver_match
        # The name of the page, never its address: that may hold a code.
        request.reading.purpose = match.view_name[:100] if match else ""  # type: ignore[attr-defined]


def _mark(request: HttpRequest) -> str:
    """The first request of somebody who has just signed in: the session is marked, and its limit begins."""
    mark = stored_key(request.session.session_key or "")
    cast(SessionStore, request.session).begin()
    request.session["mark"] = mark
    return mark


def _instead(request: HttpRequest, status: int, code: str, template: str) -> HttpResponse:
    """What leaves in the place of an answer that may not; machines get it as a problem document."""
    if request.path.startswith("/api/"):
        body = {"type": f"/problems/{code}", "title": code, "status": status, "code": code}
        return HttpResponse(json.dumps(body), status=status, content_type="application/problem+json")
    return render(request, template, status=status)


def _guard_stream(response: StreamingHttpResponse, opened: reading.Reading) -> None:
    if response.is_async:
        raise TypeError("asynchronous streams of sealed values are not supported")
    chunks = cast(Iterator[bytes], response.streaming_content)
    response.streaming_content = _recorded(chunks, opened.actor_id, opened.purpose)


def _recorded(chunks: Iterable[bytes], actor_id: str, purpose: str) -> Iterator[bytes]:
    """Each chunk leaves after the record of what it opened is committed."""
    source = iter(chunks)
    while True:
        with reading.reading(actor_id, purpose):
            chunk = next(source, None)
        if chunk is None:
            return
        yield chunk


def in_pieces(rows: Iterable[T], write: Callable[[T], str], *, size: int = PER_PIECE) -> Iterator[bytes]:
    """Rows of a long answer as bytes, so many in each piece, whose record is committed before it leaves.

    For a ``StreamingHttpResponse`` whose ``write`` opens sealed values.
    """
    source = iter(rows)
    while some := list(islice(source, size)):
        yield "".join(write(row) for row in some).encode()
