"""Sealed words of the past: who may open them here, and how they are opened."""

import datetime
from typing import Any

from django.db import models

from accounts.models import User
from audit import timeline
from cases.models import Case, Client
from vault.fields import sealed_fields
from vault.sealing import Token


def may_open(
    user: User, model: type[models.Model], known: timeline.Version | None, at: datetime.datetime
) -> bool:
    """Whoever holds a live grant on the case it belongs to; an auditor's right to history opens nothing."""
    if known is None or not _has_sealed(model, known):
        return False
    held = Case.objects.open_to(user, at)
    if model is Case:
        return bool(held.filter(pk=known.object_id).exists())
    if model is Client:
        return bool(held.filter(client_id=known.object_id).exists())
    case_id = known.row.get("case_id")
    return case_id is not None and bool(held.filter(pk=case_id).exists())


def opened(model: type[models.Model], known: timeline.Version) -> dict[str, str]:
    """The sealed words of a version by field; noted in the reading of the page like any other opening."""
    row: Any = model.from_db("default", list(known.row), list(known.row.values()))
    found = {}
    for field in sealed_fields(model):
        value = getattr(row, field.attname) if isinstance(known.row.get(field.attname), Token) else ""
        found[field.attname] = "" if value in (None, "") else str(value)
    return found


def _has_sealed(model: type[models.Model], known: timeline.Version) -> bool:
    return any(known.row.get(field.attname) for field in sealed_fields(model))
