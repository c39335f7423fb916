"""How a sealed file leaves: as something to be saved, under a name that says nothing. No HTTP, only words."""

from vault.models import SealedFile

_TYPES = {
    SealedFile.Type.PDF: ("application/pdf", "pdf"),
    SealedFile.Type.JPEG: ("image/jpeg", "jpg"),
    SealedFile.Type.PNG: ("image/png", "png"),
    SealedFile.Type.TEXT: ("text/plain; charset=utf-8", "txt"),
}


def headers(row: SealedFile) -> dict[str, str]:
    """The headers of the answer that carries the file.

    Whatever a browser makes of it, it has no origin, no script, no form, no way out, and is not kept.
    """
    kind, ending = _TYPES[SealedFile.Type(row.type)]
    return {
        "Content-Type": kind,
        "Content-Disposition": f'attachment; filename="file-{str(row.pk)[:8]}.{ending}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
