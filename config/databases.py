"""Database addresses to Django's settings, for the two engines that are supported."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

# Commands that make or empty tables: on PostgreSQL they run as the tables' owner, all others as the program.
OWNERS_COMMANDS = frozenset({"migrate", "flush", "database_roles", "restore", "tamper_drill", "upgrade"})

# WAL and synchronous=FULL: a committed gift survives a power cut. secure_delete and recursive_triggers
# are parts of promises (erasure; append-only tables).
_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
    " PRAGMA recursive_triggers=ON; PRAGMA foreign_keys=ON"
)


def database(address: str) -> dict[str, Any]:
    """Settings for ``sqlite:///path`` or ``postgresql://user:password@host:port/name?host=/socket``."""
    return _sqlite(address) if address.startswith("sqlite:") else _postgresql(address)


def runs_as_owner(arguments: Sequence[str]) -> bool:
    """Whether this command line is one of those that the tables' owner runs."""
    return len(arguments) > 1 and arguments[1] in OWNERS_COMMANDS


def app_role(program: str, owner: str) -> str:
    """The program's role on PostgreSQL when the owner is another; empty when there is only one role."""
    if program.startswith("sqlite:") or owner.startswith("sqlite:"):
        return ""
    role, other = (unquote(urlsplit(address).username or "") for address in (program, owner))
    return role if role != other else ""


def _sqlite(address: str) -> dict[str, Any]:
    path = address.removeprefix("sqlite:///")
    return {
        "ENGINE": "config.sqlite",
        "NAME": path,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": _PRAGMAS},
        "TEST": {"NAME": f"{path}.test"},
    }


def _postgresql(address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    asked = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": asked.get("host", [parts.hostname or ""])[0],
        "PORT": parts.port or "",
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": r"-c default_transaction_isolation=read\ committed"},
    }
