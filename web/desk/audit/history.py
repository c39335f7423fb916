"""The history browser: what was changed, one record through time, and what was known on a day."""

import datetime
import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from audit import log, timeline
from audit.models import Event
from web.desk.audit import opening, things, values
from web.desk.money.fund_forms import DAY
from web.forms import FilterForm
from web.loading import person, room
from web.paging import page_of

_MOMENT = {"type": "datetime-local", "step": "1"}
_FIRST = "cases_case"
_SHOWN = 100


class ChangeFilter(FilterForm):
    kind = forms.ChoiceField(label=_("Of what"))
    object = forms.UUIDField(label=_("Which one, by id"))
    actor = forms.CharField(label=_("Who acted, by id or its first signs"), max_length=60)
    subject = forms.UUIDField(label=_("Whom it concerns, by id"))
    since = forms.DateField(label=_("From"), widget=forms.DateInput(attrs=DAY))
    until = forms.DateField(label=_("To"), widget=forms.DateInput(attrs=DAY))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["kind"]
        choices.choices = things.kinds_with_history()


class KnownOnForm(FilterForm):
    on = forms.DateTimeField(
        label=_("As known on"), widget=forms.DateTimeInput(attrs=_MOMENT, format="%Y-%m-%dT%H:%M:%S")
    )


@require_safe
@room("audit.see")
def changes(request: HttpRequest) -> HttpResponse:
    """The versions of one kind of record, newest first, each with the fields it changed."""
    filters = ChangeFilter({"kind": _FIRST, **request.GET.dict()})
    filters.is_valid()
    chosen = filters.cleaned_data
    table = chosen.get("kind") or _FIRST
    model = timeline.recorded_models()[table]
    found = narrowed(timeline.history_rows(model), chosen)
    page = page_of(found, cursor=request.GET.get("cursor", ""), order="-history_date", size=25)
    found_versions = timeline.page_of_versions(model, page.rows)
    # Of writes at the same moment the later one comes first.
    found_versions.sort(key=lambda one: (one.at, one.object_id, one.number), reverse=True)
    shown = [values.shown(version) for version in found_versions]
    context = {"page": page, "shown": shown, "filters": filters, "what": things.thing_word(table)}
    return render(request, "desk/audit/changes.html", {**context, "here": "history"})


def narrowed(found: QuerySet[Any], chosen: dict[str, Any]) -> QuerySet[Any]:
    """Versions by record, by who acted, by whom the event concerned, by day."""
    if chosen.get("object"):
        found = found.filter(id=chosen["object"])
    if chosen.get("actor"):
        given = chosen["actor"]
        found = found.filter(history_user_id__startswith=given if ":" in given else f"staff:{given}")
    if chosen.get("subject"):
        about = Event.objects.filter(subjects__subject_id=str(chosen["subject"]))
        found = found.filter(action_id__in=about.values("action_id"))
    if chosen.get("since"):
        found = found.filter(history_date__date__gte=chosen["since"])
    if chosen.get("until"):
        found = found.filter(history_date__date__lte=chosen["until"])
    return found


@require_safe
@room("audit.see")
def record(request: HttpRequest, table: str, object_id: uuid.UUID) -> HttpResponse:
    """One record through time; ``?on=`` shows it as it was known then, ``?open=sealed`` in full."""
    model = things.model_of(table)
    found = timeline.versions(model, [object_id]) if model is not None else []
    if model is None or not found:
        raise Http404
    asked = KnownOnForm(request.GET)
    moment = _moment(asked)
    known = timeline.known_on(found, moment or timezone.now())
    may_open = opening.may_open(person(request), model, known, timezone.now())
    opened = may_open and request.GET.get("open") == "sealed"
    words = opening.opened(model, known) if opened and known is not None else {}
    shown = [values.shown(version) for version in reversed(found)][:_SHOWN]
    size, root = log.head()
    return render(
        request,
        "desk/audit/record.html",
        {
            "what": things.thing_word(table),
            "table": table,
            "object_id": object_id,
            "asked": asked,
            "moment": moment,
            "known": known,
            "fields": values.fields_of(known, words) if known is not None else [],
            "may_open": may_open,
            "opened": opened,
            "shown": shown,
            "more": max(len(found) - len(shown), 0),
            "size": size,
            "root": root.hex(),
            "here": "history",
        },
    )


def _moment(asked: KnownOnForm) -> datetime.datetime | None:
    moment: datetime.datetime | None = asked.cleaned_data["on"] if asked.is_valid() else None
    return moment
