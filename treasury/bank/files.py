"""From a file to statements: size first, then the format by its first signs."""

import io
from typing import IO

from django.utils.translation import gettext_lazy as _

from treasury.bank import camt, mt940_file
from treasury.bank.shape import Statement, UnreadableStatement

MOST_BYTES = 32 * 1024 * 1024
MOST_BYTES_OF_TEXT = 8 * 1024 * 1024
_ZIPPED = (b"PK\x03\x04", b"\x1f\x8b")


def read_statements(file: IO[bytes]) -> list[Statement]:
    """Every statement in the file. Raises UnreadableStatement."""
    start = file.read(4096)
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size == 0:
        raise UnreadableStatement(why=_("it is empty."))
    if start.startswith(_ZIPPED):
        raise UnreadableStatement(why=_("it is packed. Unpack it first."))
    is_xml = _looks_like_xml(start)
    if size > (MOST_BYTES if is_xml else MOST_BYTES_OF_TEXT):
        raise UnreadableStatement(why=_("it is larger than any statement."))
    found = camt.read(file) if is_xml else mt940_file.read(file)
    if not found:
        raise UnreadableStatement(why=_("there is no statement in it."))
    return found


def _looks_like_xml(start: bytes) -> bool:
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    return text.startswith((b"<", b"\xff\xfe<", b"\xfe\xff\x00<"))
