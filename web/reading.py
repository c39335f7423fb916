"""The reader of sealed values in a request: opened outermost, recorded before the answer leaves."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from vault import reading

Respond = Callable[[HttpRequest], HttpResponseBase]


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
            return render(request, "503.html", status=503)
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
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        match = request.resolver_match
        # The name of the page, never its address: that may hold a code.
        request.reading.purpose = match.view_name[:100] if match else ""  # type: ignore[attr-defined]


def _mark(request: HttpRequest) -> str:
    from accounts.sessions import stored_key

    mark = stored_key(request.session.session_key or "")
    request.session["mark"] = mark
    return mark


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
