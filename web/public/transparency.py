"""Checkpoints in public: what is signed, by which key, and how anybody can check it."""

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit import verifier
from audit.checkpoints import signing
from audit.checkpoints.models import Checkpoint, LogKey
from web.middleware import public_page

SHOWN = 14


@require_safe
@public_page
def transparency(request: HttpRequest) -> HttpResponse:
    """What it is in plain words, the latest checkpoints, the key, the verifier."""
    rows = list(Checkpoint.objects.order_by("-size")[:SHOWN])
    context = {"rows": rows, "latest": rows[0] if rows else None, "keys": list(LogKey.objects.all())}
    return render(request, "public/transparency.html", context)


@require_safe
@public_page
def checkpoint(request: HttpRequest, size: int) -> HttpResponse:
    """One signed note as a file."""
    found = Checkpoint.objects.filter(size=size).first()
    if found is None:
        raise Http404
    return note_file(found)


@require_safe
@public_page
def latest(request: HttpRequest) -> HttpResponse:
    """The newest signed note, for machines that watch the log."""
    found = signing.latest()
    if found is None:
        raise Http404
    return _plain(found.note)


@require_safe
@public_page
def keys(request: HttpRequest) -> HttpResponse:
    """The statements by which each key of the log vouches for the next; empty lines between them."""
    return _plain("\n\n".join(row.statement for row in LogKey.objects.order_by("number") if row.statement))


@require_safe
@public_page
def verifier_file(request: HttpRequest) -> HttpResponse:
    """The stand-alone verifier: the very file that our tests run."""
    response = HttpResponse(Path(verifier.__file__).read_bytes(), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="verifier.py"'
    return response


def note_file(row: Checkpoint) -> HttpResponse:
    """A checkpoint byte for byte: a signed text with other line ends is another text."""
    response = _plain(row.note)
    response["Content-Disposition"] = f'attachment; filename="checkpoint-{row.size}.txt"'
    return response


def _plain(text: str) -> HttpResponse:
    return HttpResponse(text.encode(), content_type="text/plain; charset=utf-8")
