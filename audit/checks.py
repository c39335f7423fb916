"""Start-up checks: guards stand, and every model is tracked, append-only or excused with a reason."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db import OperationalError, ProgrammingError, connections

from audit import guards
from audit.tracked import Tracked
from vault import samples

# Models of ours that keep no history, each with its reason.
UNTRACKED = {
    "vault.SubjectKey": "destroyed at erasure; its own database",
    "vault.IndexEntry": "destroyed at erasure",
    "vault.SealedFile": "finds a file; the tracked row that points at it binds its digest",
    "audit.LogTail": "derived from the events; verified against them",
    "audit.SpentKey": "a digest that says a form was used; ends by retention",
}
OURS = {"vault", "audit", "accounts", "treasury", "lawyers", "cases", "donations", "reports", "web", "api"}


def excuse(label: str, reason: str) -> None:
    """Let a room name a model of its own that keeps no history, and why; from ``AppConfig.ready``."""
    UNTRACKED[label] = reason


def models_are_tracked(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """abarona.E001: a model that leaves no history and has no excuse."""
    return [
        Error(f"{model._meta.label} keeps no history and gives no reason", id="abarona.E001")
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in OURS
        and not issubclass(model, Tracked)
        and not getattr(model, "append_only", False)
        and model._meta.label not in UNTRACKED
    ]


_putting_up = ContextVar("putting_up", default=False)


@contextmanager
def putting_up() -> Iterator[None]:
    """For ``migrate``: inside, missing triggers are no reason not to begin."""
    before = _putting_up.set(True)
    try:
        yield
    finally:
        _putting_up.reset(before)


def guards_stand(app_configs: Any, databases: Any = None, **kwargs: Any) -> Sequence[CheckMessage]:
    """abarona.E002: a trigger that must be there is not. Only where a database is being checked."""
    if "default" not in (databases or ()) or _putting_up.get():
        return []
    try:
        gone = guards.missing(connections["default"])
    except (OperationalError, ProgrammingError):
        return []
    return [Error(f"the trigger {name} is missing: run migrate", id="abarona.E002") for name in gone]


def no_samples_are_taken(app_configs: Any, databases: Any = None, **kwargs: Any) -> Sequence[CheckMessage]:
    """abarona.E003: PostgreSQL's planner may copy what an erasure has to destroy."""
    if _putting_up.get():
        return []
    try:
        taken = [name for alias in databases or () for name in samples.taken(alias)]
    except (OperationalError, ProgrammingError):
        return []
    return [Error(f"PostgreSQL takes samples of {name}: run migrate", id="abarona.E003") for name in taken]
