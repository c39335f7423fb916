"""The log: its events by cursor, one event with its records, the state of the tree."""

import json
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from audit import log, merkle
from audit.models import Event
from reports.models import Snapshot
from reports.types import title_of
from web.desk.audit.records import records_of
from web.desk.audit.things import act_word, kinds_said
from web.desk.audit.values import fact_words
from web.desk.money.fund_forms import DAY
from web.forms import FilterForm
from web.loading import person, room
from web.paging import page_of


class EventFilter(FilterForm):
    kind = forms.CharField(label=_("What was done, in words or by its kind"), max_length=60)
    actor = forms.CharField(label=_("Who acted, by id or its first signs"), max_length=60)
    subject = forms.UUIDField(label=_("Whom or what it concerns, by id"))
    since = forms.DateField(label=_("From"), widget=forms.DateInput(attrs=DAY))
    until = forms.DateField(label=_("To"), widget=forms.DateInput(attrs=DAY))


@require_safe
@room("audit.see")
def audit(request: HttpRequest) -> HttpResponse:
    """Every event, newest first."""
    filters = EventFilter(request.GET)
    found = Event.objects.all()
    if filters.is_valid():
        found = _narrowed(found, filters.cleaned_data)
    page = page_of(found, cursor=request.GET.get("cursor", ""), order="-seq")
    size, root = log.head()
    rows = [(event, act_word(event.kind), json.loads(event.body)["subjects"]) for event in page.rows]
    context = {"page": page, "rows": rows, "filters": filters, "size": size, "root": root.hex()}
    context["here"] = "events"
    return render(request, "desk/audit/audit.html", context)


def _narrowed(found: QuerySet[Event], chosen: dict[str, Any]) -> QuerySet[Event]:
    if chosen["kind"]:
        given = chosen["kind"]
        found = found.filter(Q(kind__startswith=given) | Q(kind__in=kinds_said(given)))
    if chosen["actor"]:
        given = chosen["actor"]
        found = found.filter(actor_id__startswith=given if ":" in given else f"staff:{given}")
    if chosen["subject"]:
        found = found.filter(subjects__subject_id=str(chosen["subject"]))
    if chosen["since"]:
        found = found.filter(at__date__gte=chosen["since"])
    if chosen["until"]:
        found = found.filter(at__date__lte=chosen["until"])
    return found


@require_safe
@room("audit.see")
def event(request: HttpRequest, seq: int) -> HttpResponse:
    """One event: facts, steps, the records it binds, and its place in the tree."""
    shown = Event.objects.filter(seq=seq).first()
    if shown is None:
        raise Http404
    body = json.loads(shown.body)
    size, root = log.head()
    context = {
        "event": shown,
        "act": act_word(shown.kind),
        "subjects": body["subjects"],
        "facts": _lines(body["facts"]),
        "steps": [(step["kind"], act_word(step["kind"]), _lines(step["facts"])) for step in body["steps"]],
        "records": records_of(body["records"]),
        "more_records": max(len(body["records"]) - 50, 0),
        "leaf": merkle.leaf_hash(shown.body.encode()).hex(),
        "size": size,
        "root": root.hex(),
        "last": size - 1,
        "here": "events",
    }
    return render(request, "desk/audit/event.html", context)


def _lines(facts: dict[str, Any]) -> list[tuple[str, str]]:
    return [fact_words(name, value) for name, value in facts.items()]


@require_safe
@room("audit.see")
def state(request: HttpRequest) -> HttpResponse:
    """The log as it stands, and whether the roots that issued reports name are still its roots."""
    size, root = log.head()
    heads = [(row, title_of(row.type), _stands(row)) for row in Snapshot.objects.order_by("-taken_at")[:20]]
    last = Event.objects.last()
    context = {
        "size": size,
        "root": root.hex(),
        "heads": heads,
        "last": last,
        "last_act": act_word(last.kind) if last else "",
        "may_build": person(request).has("reports.build"),
        "here": "state",
    }
    return render(request, "desk/audit/state.html", context)


def _stands(row: Snapshot) -> bool:
    try:
        return log.root_at(row.log_size).hex() == row.root_hex
    except LookupError:
        return False
