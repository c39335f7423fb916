"""Taking a report's file, and checking one that somebody holds."""

import tempfile
import uuid
from pathlib import Path
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from reports import actions, copies, files
from reports.models import IssuedFile
from reports.verification import Verdict, verify
from web.desk.acting import say_errors, sent
from web.forms import Form, OnceForm
from web.loading import load, person, room

_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "hledger": "text/plain; charset=utf-8",
}
MOST_BYTES = 50_000_000


@require_POST
@room("reports.build")
def take(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Hand a file over with the mark of this copy. That it was taken is recorded before a byte leaves."""
    file: IssuedFile = load(IssuedFile.objects.select_related("snapshot"), pk)
    path = files.path_of(file)
    if not path.exists() or files.digest(path) != file.sha256:
        messages.error(
            request, gettext("The kept file is not what was issued. Tell an auditor; make it anew.")
        )
        return redirect("desk:report", file.snapshot_id)
    form = OnceForm(request.POST)
    if not form.is_valid() or not form.carry_out(actions.take, file=file, **_who(request)):
        say_errors(request, form)
        return redirect("desk:report", file.snapshot_id)
    response = StreamingHttpResponse(copies.marked(path, file.format, form.result.pk))
    response["Content-Type"] = _TYPES[file.format]
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return cast(HttpResponse, response)  # a stream; the guard of the room speaks of answers in general


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"by": person(request), "at": timezone.now()}


class VerifyForm(Form):
    file = forms.FileField(label=_("Report"), help_text=_("PDF, XLSX, CSV, JSON or hledger, as you got it."))

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("This file is larger than any report of ours."))
        return file


@require_http_methods(["GET", "POST"])
@room("reports.build")
def check(request: HttpRequest) -> HttpResponse:
    """Compare an uploaded file with itself, with what was issued, and with the log. It is not kept."""
    form = sent(request, VerifyForm)
    verdict = _verdict(form.cleaned_data["file"]) if form.is_valid() else None
    context = {"form": form, "verdict": verdict, "back": reverse("desk:reports")}
    return render(request, "desk/reports/check.html", context)


def _verdict(uploaded: UploadedFile[Any]) -> Verdict:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report"
        with path.open("wb") as out:
            for chunk in uploaded.chunks():
                out.write(chunk)
        return verify(path)
