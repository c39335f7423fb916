"""What happened to a case: its events, and each change of case and client, field by field.

Sealed values are never opened here: a change of one says only that it changed.
"""

import datetime
import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from audit.history import history_model
from audit.models import Event
from cases.models import Case, Client, Defendant, Hearing, Representation
from treasury import chart
from vault.fields import sealed_fields
from web.desk.cases.event_words import EVENTS
from web.desk.cases.frame import case_page, readable_case
from web.formats import write_moment, write_money
from web.loading import room
from web.paging import page_of
from web.pieces import Text

TAB = "desk:case-history"
_EVENTS = 40
_SKIPPED = {"id", "version", "year", "number"}


@dataclass(frozen=True)
class Happened:
    """One event of the log; ``facts`` are pairs of a word and a value, without personal data."""

    seq: int
    at: datetime.datetime
    actor_id: str
    word: Text
    facts: list[tuple[str, str]]


@dataclass(frozen=True)
class FieldChange:
    """One field of one version; sealed values have no words."""

    field: Text
    before: str
    after: str
    sealed: bool


@dataclass(frozen=True)
class Version:
    """What one save changed in one row."""

    what: Text
    number: int
    at: datetime.datetime
    actor_id: str
    changes: list[FieldChange]


@require_safe
@room("cases.work", "audit.see")
def history(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Events newest first, in pages; beside them what changed in case and client."""
    case = readable_case(request, case_id, "audit.see")
    logged = Event.objects.filter(subjects__subject_id__in=[str(case.pk), str(case.client_id)]).distinct()
    page = page_of(logged, cursor=request.GET.get("cursor", ""), order="-seq", size=_EVENTS)
    changed = [
        *versions(Case, [case.pk], gettext_lazy("Case")),
        *versions(Client, [case.client_id], gettext_lazy("Client")),
        *versions(Defendant, _ids(Defendant, case), gettext_lazy("Place in a trial")),
        *versions(Hearing, _hearings(case), gettext_lazy("Hearing")),
        *versions(Representation, _ids(Representation, case), gettext_lazy("Representation")),
    ]
    changed.sort(key=lambda one: one.at, reverse=True)
    return case_page(
        request,
        "history",
        case,
        TAB,
        page=page,
        events=[happened(row) for row in page.rows],
        versions=changed,
    )


def happened(event: Event) -> Happened:
    """An event in words."""
    body = json.loads(event.body)
    facts = [_fact(name, value) for name, value in sorted(body["facts"].items())]
    return Happened(event.seq, event.at, event.actor_id, EVENTS.get(event.kind, event.kind), facts)


def versions(model: type[models.Model], ids: list[uuid.UUID], what: Text) -> list[Version]:
    """The changes of rows, one query; the first version is the row's beginning and shows nothing."""
    sealed = {field.attname for field in sealed_fields(model)}
    stored = history_model(model)._base_manager.filter(id__in=ids).order_by("id", "version").values()
    found: list[Version] = []
    before: dict[str, Any] | None = None
    for row in stored:
        if before is not None and before["id"] == row["id"]:
            changes = _changes(model, before, row, sealed)
            if changes:
                found.append(
                    Version(what, row["version"], row["history_date"], row["history_user_id"], changes)
                )
        before = row
    return found


def _changes(
    model: type[models.Model], before: dict[str, Any], after: dict[str, Any], sealed: set[str]
) -> list[FieldChange]:
    found = []
    for field in model._meta.concrete_fields:
        name = field.attname
        if name in _SKIPPED or name not in after or before.get(name) == after[name]:
            continue
        label = field_word(field.name)
        if name in sealed:
            found.append(FieldChange(label, "", "", True))
        else:
            found.append(
                FieldChange(label, _value(field, before.get(name)), _value(field, after[name]), False)
            )
    return found


def field_word(name: str) -> str:
    """A column as people read it."""
    return name.replace("_", " ")


def _value(field: Any, value: Any) -> str:
    if value in (None, ""):
        return _("empty")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime.date):
        return write_moment(value)
    if isinstance(value, uuid.UUID):
        return str(value)[:8]
    return str(value)


def _fact(name: str, value: Any) -> tuple[str, str]:
    """A fact of an event: its name as people read it, and its value."""
    if name.endswith("_minor") and isinstance(value, int):
        return field_word(name.removesuffix("_minor")), write_money(value, chart.base_currency())
    if isinstance(value, bool):
        return field_word(name), _("yes") if value else _("no")
    if isinstance(value, list):
        return field_word(name), ", ".join(str(one) for one in value)
    return field_word(name), str(value)


def _ids(model: Any, case: Case) -> list[uuid.UUID]:
    return list(model.objects.filter(case=case).values_list("id", flat=True))


def _hearings(case: Case) -> list[uuid.UUID]:
    return list(Hearing.objects.filter(trial__defendants__case=case).values_list("id", flat=True))
