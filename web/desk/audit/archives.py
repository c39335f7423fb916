"""Archives of a period, and the proof that two reports come from one log."""

import uuid
from typing import Any

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reports.archive.actions import take_archive
from reports.archive.building import queue_archive
from reports.archive.files import path_of
from reports.archive.models import Archive
from reports.consistency import Place, between
from reports.models import Job, Snapshot
from reports.render.figures import short_day
from reports.types import title_of
from web.desk.acting import carry_out, say_errors, sent
from web.desk.money.fund_forms import day_field
from web.forms import FilterForm, OnceForm
from web.loading import load, person, room

_UNDER_WAY = (Job.State.WAITING, Job.State.RUNNING)


class ArchiveForm(OnceForm):
    starts_on = day_field(_("From"))
    ends_on = day_field(_("To"))


@require_http_methods(["GET", "POST"])
@room("audit.work")
def archives(request: HttpRequest) -> HttpResponse:
    """The auditor's own archives; asking for one."""
    user = person(request)
    form = sent(request, ArchiveForm)
    if form.is_valid():
        chosen = {name: form.cleaned_data[name] for name in ("starts_on", "ends_on")}
        done = _("Asked for. It is made behind this page.")
        if carry_out(request, form, queue_archive, done, recipient=user, **chosen):
            return redirect("desk:archives")
    rows = list(Archive.objects.filter(recipient=user)[:50])
    waits = any(row.state in _UNDER_WAY for row in rows)
    context = {"rows": [(row, path_of(row).is_file()) for row in rows], "form": form, "here": "archives"}
    response = render(request, "desk/audit/room/archives.html", context)
    if waits:
        response["Refresh"] = "5"
    return response


@require_POST
@room("audit.work")
def take(request: HttpRequest, pk: uuid.UUID) -> Any:
    """Hand it over to its recipient; that it was taken is recorded first."""
    archive: Archive = load(Archive.objects.filter(recipient=person(request)), pk)
    form = OnceForm(request.POST)
    if not form.is_valid() or not form.carry_out(
        take_archive, archive=archive, by=person(request), at=timezone.now()
    ):
        say_errors(request, form)
        return redirect("desk:archives")
    return FileResponse(
        path_of(archive).open("rb"), as_attachment=True, filename=archive.name, content_type="application/zip"
    )


class TwoForm(FilterForm):
    older = forms.ModelChoiceField(label=_("One report"), queryset=Snapshot.objects.none())
    newer = forms.ModelChoiceField(label=_("Another report"), queryset=Snapshot.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("older", "newer"):
            field: Any = self.fields[name]
            field.queryset, field.required = Snapshot.objects.order_by("-taken_at"), True
            field.empty_label = None
            field.label_from_instance = _of_snapshot
        # Offered at first: the two that were made last.
        last = list(Snapshot.objects.order_by("-taken_at").values_list("pk", flat=True)[:2])
        self.initial = {"older": last[-1] if last else None, "newer": last[0] if last else None}


def _of_snapshot(row: Snapshot) -> str:
    language = get_language() or "en"
    days = f"{short_day(row.starts_on, language)} – {short_day(row.ends_on, language)}"
    return f"{title_of(row.type)}, {days}, {row.log_size}"


@require_safe
@room("reports.build")
def consistency(request: HttpRequest) -> HttpResponse:
    """Whether the later of two reports was taken from a continuation of the earlier one's log."""
    form = TwoForm(request.GET or None)
    found = None
    if form.is_bound and form.is_valid() and form.cleaned_data["older"] and form.cleaned_data["newer"]:
        places = [
            Place(row.log_size, row.root_hex)
            for row in (form.cleaned_data["older"], form.cleaned_data["newer"])
        ]
        found = between(*places)
        if request.GET.get("as") == "proof":
            response = JsonResponse(found.proof)
            response["Content-Disposition"] = 'attachment; filename="proof.json"'
            return response
    context = {
        "form": form,
        "found": found,
        "query": request.GET.urlencode(),
        "here": "consistency",
    }
    return render(request, "desk/audit/room/consistency.html", context)
