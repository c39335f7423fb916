"""What a file is, by its first bytes; what it is called means nothing."""

from enum import StrEnum


class Refused(Exception):
    """The file is not taken; ``reason`` is one of :class:`Reason`."""

    def __init__(self, reason: "Reason") -> None:
        self.reason = reason
        super().__init__(reason.value)


class Reason(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    OFFICE = "office"
    UNKNOWN = "unknown"
    BROKEN = "broken"
    LOCKED = "locked"
    BOMB = "bomb"


class FileType(StrEnum):
    """The types that are taken."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    TEXT = "text"


_STARTS = {b"%PDF-": FileType.PDF, b"\xff\xd8\xff": FileType.JPEG, b"\x89PNG\r\n\x1a\n": FileType.PNG}
# Office documents carry their author, tracked changes and programs, and nobody can tell what was taken out.
_OFFICE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")


def type_of(content: bytes) -> FileType:
    """The type. Raises Refused."""
    if not content:
        raise Refused(Reason.EMPTY)
    for start, found in _STARTS.items():
        if content.startswith(start):
            return found
    if content.startswith(_OFFICE):
        raise Refused(Reason.OFFICE)
    if _is_text(content):
        return FileType.TEXT
    raise Refused(Reason.UNKNOWN)


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return all(sign.isprintable() or sign in "\n\r\t\f\u00a0\u00ad\u2028\u2029\u200b" for sign in text)
