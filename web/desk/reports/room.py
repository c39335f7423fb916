"""The room of reports: what is being made, what was made, asking for one."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from reports import definitions
from reports.models import Download, Job, Snapshot
from reports.queue import queue_report
from reports.render import RENDERERS, SPECIAL_RENDERERS
from reports.scope import Scope
from reports.types import TYPES, title_of
from treasury import chart
from treasury.models import Fund, GrantLine
from web.desk.acting import carry_out, sent
from web.desk.money.fund_forms import day_field
from web.desk.reports.shown import shown
from web.desk.reports.totals import named, totals_of
from web.forms import OnceForm
from web.languages import native_name
from web.loading import load, person, room
from web.paging import page_of

_UNDER_WAY = (Job.State.WAITING, Job.State.RUNNING)


class ReportForm(OnceForm):
    type = forms.ChoiceField(label=_("Report"), choices=[(kind.key, kind.title) for kind in TYPES.values()])
    starts_on = day_field(_("From"))
    ends_on = day_field(_("To"))
    fund = forms.ModelChoiceField(
        label=_("Fund"),
        queryset=Fund.objects.all(),
        to_field_name="code",
        required=False,
        empty_label=_("All funds"),
    )
    compare = forms.BooleanField(label=_("Beside the period before"), required=False)
    formats = forms.MultipleChoiceField(
        label=_("Files"),
        choices=[(name, name.upper()) for name in (*RENDERERS, *SPECIAL_RENDERERS)],
        widget=forms.CheckboxSelectMultiple,
        initial=["pdf", "xlsx"],
    )
    language = forms.ChoiceField(label=_("Language"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = [(code, native_name(code)) for code, _word in settings.LANGUAGES]
        self.fields["language"].choices = codes  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """What the action takes."""
        chosen = self.cleaned_data
        code = chosen["fund"].code if chosen["fund"] else ""
        scope = Scope(chosen["type"], chosen["starts_on"], chosen["ends_on"], code, chosen["compare"])
        return {"scope": scope, "formats": chosen["formats"], "language": chosen["language"]}


@require_http_methods(["GET", "POST"])
@room("reports.build")
def reports(request: HttpRequest) -> HttpResponse:
    """Reports with their state; the page looks again by itself while one is being made."""
    user = person(request)
    today = timezone.localdate()
    initial = {"starts_on": today.replace(month=1, day=1), "ends_on": today, "language": user.language}
    form = sent(request, ReportForm, initial=initial)
    if form.is_valid():
        words = _("The report is being made. It will stand here.")
        if carry_out(request, form, queue_report, words, **form.arguments()):
            return redirect("desk:reports")
    jobs = Job.objects.visible_to(user).select_related("snapshot").prefetch_related("snapshot__files")
    page = page_of(jobs, cursor=request.GET.get("cursor", ""), order="-asked_at", size=25)
    under_way = [job for job in page.rows if job.state in _UNDER_WAY]
    context = {
        "form": form,
        "page": page,
        "under_way": under_way,
        "finished": [job for job in page.rows if job.state not in _UNDER_WAY],
        "titles": {key: kind.title for key, kind in TYPES.items()},
        "taken": Download.objects.select_related("file__snapshot")[:10],
        "due": definitions.waiting(today),
        "today": today,
    }
    response = render(request, "desk/reports/reports.html", context)
    if under_way and request.method == "GET":
        response["Refresh"] = "5"
    return response


@require_safe
@room("reports.build")
def report(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One report: what it adds up to, where it was taken from, its files, who took them."""
    found: Snapshot = load(Snapshot.objects.prefetch_related("files"), pk)
    taken = Download.objects.filter(file__snapshot=found).select_related("file")
    sections = shown(found)
    context = {
        "report": found,
        "title_words": title_of(found.type),
        "fund": Fund.objects.filter(code=found.fund_code).first(),
        "files": found.files.all(),
        "taken": taken[:100],
        "totals": named(totals_of(found), sections),
        "currency": chart.base_currency(),
        "sections": sections,
        "lines": _lines_to_explain(request, found),
    }
    return render(request, "desk/reports/report.html", context)


def _lines_to_explain(request: HttpRequest, report: Snapshot) -> list[GrantLine]:
    """The lines of the grant a report is about, for who may say why one differs."""
    if report.type != "grant-report" or not person(request).has("money.book"):
        return []
    return list(GrantLine.objects.filter(grant__fund__code=report.fund_code))
