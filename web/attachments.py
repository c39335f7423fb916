"""Sealed files on their way to a reader: saved, never shown inside our own pages."""

from django.http import Http404, StreamingHttpResponse

from vault import files, serving
from vault.models import SealedFile


def attachment(row: SealedFile) -> StreamingHttpResponse:
    """The file as a download. The reading of the request notes it before the first byte leaves.

    Raises Http404 for a file that is gone, SealBroken for one that is not what was stored.
    """
    try:
        return StreamingHttpResponse(files.open_file(row), headers=serving.headers(row))
    except files.FileGone:
        raise Http404 from None
