"""One file, whatever it is, made harmless."""

from vault.cleaning.kinds import FileType, Reason, Refused, type_of


def clean(content: bytes, most_bytes: int) -> tuple[FileType, bytes]:
    """Its type and what is kept of it. Raises Refused."""
    if len(content) > most_bytes:
        raise Refused(Reason.TOO_LARGE)
    kind = type_of(content)
    cleaned = _cleaned(content, kind)
    if len(cleaned) > 3 * most_bytes:
        raise Refused(Reason.BOMB)
    return kind, cleaned


def _cleaned(content: bytes, kind: FileType) -> bytes:
    if kind is FileType.TEXT:
        return content.decode("utf-8-sig").encode()
    # Imported when needed: a text needs neither.
    if kind is FileType.PDF:
        from vault.cleaning.documents import clean_document

        return clean_document(content)
    from vault.cleaning.pictures import clean_picture

    return clean_picture(content, kind)
