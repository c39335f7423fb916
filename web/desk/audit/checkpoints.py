"""Checkpoints for auditors: the list, the notes to take away, and proofs between them."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from audit import log
from audit.checkpoints import signing
from audit.checkpoints.models import Checkpoint, LogKey
from audit.proof import paths
from web.forms import FilterForm
from web.loading import room
from web.paging import page_of
from web.public.transparency import note_file


class ProofForm(FilterForm):
    """Which proof is wanted; sizes are those of checkpoints."""

    seq = forms.IntegerField(label=_("Number of the event"), min_value=0)
    first = forms.IntegerField(label=_("From the checkpoint over"), min_value=1)
    size = forms.IntegerField(label=_("Under the checkpoint over"), min_value=1)


@require_safe
@room("audit.see")
def checkpoints(request: HttpRequest) -> HttpResponse:
    """All checkpoints, newest first, and whether the log still has the root that was signed."""
    page = page_of(Checkpoint.objects.all(), cursor=request.GET.get("cursor", ""), order="-size")
    size, root = log.head()
    context = {
        "page": page,
        "rows": [(row, _stands(row)) for row in page.rows],
        "keys": LogKey.objects.order_by("number"),
        "size": size,
        "root": root.hex(),
        "proof": ProofForm(),
        "here": "checkpoints",
    }
    return render(request, "desk/audit/checkpoints.html", context)


@require_safe
@room("audit.see")
def checkpoint(request: HttpRequest, size: int) -> HttpResponse:
    """The signed note as a file."""
    found = Checkpoint.objects.filter(size=size).first()
    if found is None:
        raise Http404
    return note_file(found)


@require_safe
@room("audit.see")
def proof(request: HttpRequest) -> HttpResponse:
    """A proof as a file for the verifier: of one event, or from one checkpoint to the next."""
    asked = ProofForm(request.GET)
    if not asked.is_valid():
        raise Http404
    seq, first, size = (asked.cleaned_data[name] for name in ("seq", "first", "size"))
    last = signing.latest()
    if last is None or (seq is None) == (first is None):
        raise Http404
    try:
        found = (
            _inclusion(seq, size or last.size) if first is None else _consistency(first, size or last.size)
        )
    except paths.NoSuchPlace:
        raise Http404 from None
    response = JsonResponse(found)
    response["Content-Disposition"] = 'attachment; filename="proof.json"'
    return response


def _inclusion(seq: int, size: int) -> dict[str, object]:
    hashes = [hash_.hex() for hash_ in paths.inclusion(seq, size)]
    return {"seq": seq, "size": size, "leaf_hash": paths.leaf_at(seq).hex(), "hashes": hashes}


def _consistency(first: int, second: int) -> dict[str, object]:
    hashes = [hash_.hex() for hash_ in paths.consistency(first, second)]
    return {"first": first, "second": second, "hashes": hashes}


def _stands(row: Checkpoint) -> bool:
    try:
        return log.root_at(row.size).hex() == row.root_hash
    except LookupError:
        return False
