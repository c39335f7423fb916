"""Texts that a spreadsheet would run as a formula, made harmless in CSV and given back unchanged.

A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@` (or their full-width forms). Where the local
list separator is `;` or a tab, it also splits our comma-separated cells there, so the place after a separator
inside a text counts as a beginning too. Such a character gets an apostrophe before it; an apostrophe in that
place gets another one, so that `restore` is exact.
"""

import re

_PLACE = r"(^|[;,\t\n|])([\s\"]*)"
_RISKY = re.compile(_PLACE + r"(?=[=+\-@'＝＋－＠])")
_MARKED = re.compile(_PLACE + r"'(?=[=+\-@'＝＋－＠])")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def is_risky(text: str) -> bool:
    """Does `text`, or any line of it, hold something that `neutralise` would change?"""
    return _RISKY.search(text) is not None


def neutralise(text: str) -> str:
    """`=1+1` becomes `'=1+1`; a harmless text stays as it is."""
    return _RISKY.sub(r"\1\2'", text)


def restore(text: str) -> str:
    """The text that was given to `neutralise`."""
    return _MARKED.sub(r"\1\2", text)


def neutralise_unless_number(text: str) -> str:
    """For a cell that may be a plain number: `-12.00` is no formula and stays."""
    return text if _NUMBER.fullmatch(text) else neutralise(text)
