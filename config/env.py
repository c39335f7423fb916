"""Typed readers of environment variables. A wrong value stops the start with one clear line.

An empty variable counts as not set. No message repeats a value: an address of a database or a
path of a key may itself be a secret.
"""

import os
import re
import string
from collections.abc import Collection
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent

Kind = TypeVar("Kind", str, int, Path)

# Enough to find a slip of the pen; whether it arrives only a letter shows.
_ADDRESS = re.compile(r"[^@,;<>]+@[^@,;<>]+\.[^@,;<>.]+")
_COUNTRY = re.compile(r"[A-Z]{2}")
_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"0", "false", "no", "off"})


class Misconfigured(ImproperlyConfigured):
    """An environment variable is missing or unusable; the message names it and says what to do."""


def text(name: str, default: str | None = None) -> str:
    """Return the text without surrounding white space; without a default the variable is required."""
    value = os.environ.get(name, "").strip()
    return value or _fallback(name, default)


def flag(name: str, default: bool = False) -> bool:
    """Return a switch: 1, true, yes, on or 0, false, no, off, in any case."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in _YES:
        return True
    if value in _NO:
        return False
    raise Misconfigured(f"{name} is a switch: set it to 1 or 0.")


def number(
    name: str, default: int | None = None, *, least: int | None = None, most: int | None = None
) -> int:
    """Return a whole number within both bounds, which are inclusive."""
    value = os.environ.get(name, "").strip()
    if not value:
        return _fallback(name, default)
    if not set(value.removeprefix("-")) <= set(string.digits) or value == "-":
        raise Misconfigured(f"{name} must be a whole number written in digits.")
    if least is not None and int(value) < least:
        raise Misconfigured(f"{name} must be at least {least}.")
    if most is not None and int(value) > most:
        raise Misconfigured(f"{name} must be at most {most}.")
    return int(value)


def addresses(name: str) -> list[str]:
    """Return mail addresses that white space separates, none by default; no message repeats one."""
    found = os.environ.get(name, "").split()
    if not all(_ADDRESS.fullmatch(address) for address in found):
        raise Misconfigured(f"{name} must hold mail addresses, with spaces between them.")
    return found


def countries(name: str, default: str) -> frozenset[str]:
    """Return country codes that white space separates, in capitals; each is two letters."""
    found = text(name, default).upper().split()
    if not all(_COUNTRY.fullmatch(code) for code in found):
        raise Misconfigured(f"{name} must hold countries of two letters each, with spaces between them.")
    return frozenset(found)


def secret(name: str, default: str | None = None) -> str:
    """Return a secret from NAME, or from the file that NAME_FILE points to; not from both."""
    return _from_variable_or_file(name) or _fallback(name, default)


def path(name: str, default: Path | str | None = None) -> Path:
    """Return an absolute path; a relative one starts at the checkout, whatever directory is current."""
    value = os.environ.get(name, "").strip()
    chosen = Path(value or _fallback(name, None if default is None else str(default)))
    return Path(os.path.normpath(ROOT / chosen.expanduser()))


def url(name: str, default: str | None = None, *, schemes: Collection[str] = ("http", "https")) -> str:
    """Return an address with one of the schemes. It may hold a password, so NAME_FILE works too."""
    value = _from_variable_or_file(name) or _fallback(name, default)
    allowed = ", ".join(f"{scheme}://" for scheme in schemes)
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise Misconfigured(f"{name} is not an address; its host or port cannot be read.") from None
    if parts.scheme not in schemes:
        raise Misconfigured(f"{name} must be an address that starts with {allowed}.")
    if parts.scheme in {"http", "https"} and not parts.hostname:
        raise Misconfigured(f"{name} must name a host after {parts.scheme}://.")
    return value


def _from_variable_or_file(name: str) -> str:
    value = os.environ.get(name, "").strip()
    file = os.environ.get(f"{name}_FILE", "").strip()
    if value and file:
        raise Misconfigured(f"{name} and {name}_FILE are both set; keep one of them.")
    return _read(name, file) if file else value


def _read(name: str, file: str) -> str:
    try:
        value = (ROOT / Path(file).expanduser()).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or "not UTF-8 text"
        raise Misconfigured(f"The file named by {name}_FILE cannot be read: {reason}.") from None
    if not value:
        raise Misconfigured(f"The file named by {name}_FILE is empty; write the secret into it.")
    return value


def _fallback(name: str, default: Kind | None) -> Kind:
    if default is None:
        raise Misconfigured(f"{name} is not set; it has no default. Set it in the environment.")
    return default
