"""Records of a CSV text: UTF-8 with or without a mark, or Windows-1251; comma, semicolon or tab."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator

from django.utils.translation import gettext_lazy as _

from lawyers.intake.table import Limits, TableNotText, TableTooBig

_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_DELIMITERS = ",;\t"
_HEADER_CHARS = 100_000


def decode(content: bytes) -> str:
    """The text of a CSV file. Raises TableNotText for binary content and for UTF-16."""
    if b"\0" in content or content.startswith(_WIDE_MARKS):
        raise TableNotText
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decode_windows(content)


def _decode_windows(content: bytes) -> str:
    """Windows-1251, when what comes out looks like Cyrillic text and not like any bytes at all."""
    try:
        text = content.decode("cp1251")
    except UnicodeDecodeError as broken:
        raise TableNotText from broken
    control = sum(char < " " and char not in "\r\n\t" for char in text)
    letters = sum("а" <= char.lower() <= "я" or char in "ёЁіІўЎ" for char in text)
    foreign = sum(ord(char) > 127 for char in text)
    if control or letters * 2 < foreign:
        raise TableNotText
    return text


def records(text: str, limits: Limits, known: Callable[[list[str]], int]) -> Iterator[list[str]]:
    """Every record of the text; `known` counts the known headers in a first record, to pick the separator.

    Raises TableNotText on unbalanced quotes, TableTooBig on a cell over the limit.
    """
    delimiter = max(_DELIMITERS, key=lambda sign: known(_header(text, sign)))
    for record in _read(text, delimiter):
        if any(len(cell) > limits.cell_chars for cell in record):
            raise TableTooBig(limit=limits.cell_chars, unit=_("characters in a cell"))
        yield record


def _header(text: str, delimiter: str) -> list[str]:
    """The first record under this separator; empty when its quotes make no sense under it."""
    try:
        return next(_read(text[:_HEADER_CHARS], delimiter), [])
    except TableNotText:
        return []


def _read(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error as broken:
        raise TableNotText from broken
