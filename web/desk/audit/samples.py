"""Samples by monetary unit: drawn from a signed root and the auditor's own nonce, kept for good."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.checkpoints.models import Checkpoint
from reports.archive.building import items_csv
from reports.sampling_room.actions import LEAST_NONCE, MOST_ITEMS, draw_sample
from reports.sampling_room.models import Sample, SampleItem, Unsealing
from treasury.models import VoucherFile
from web.desk.acting import carry_out, sent
from web.desk.money.fund_forms import day_field
from web.forms import OnceForm
from web.loading import load, person, room

SEES = ("audit.see", "audit.answer")


class SampleForm(OnceForm):
    checkpoint = forms.ModelChoiceField(
        label=_("Under the checkpoint"),
        queryset=Checkpoint.objects.all(),
        to_field_name="size",
        empty_label=None,
    )
    starts_on = day_field(_("Payments from"))
    ends_on = day_field(_("To"))
    size = forms.IntegerField(
        label=_("How many units to draw"), min_value=1, max_value=MOST_ITEMS, initial=25
    )
    nonce = forms.CharField(
        label=_("Your nonce"),
        min_length=LEAST_NONCE,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Chosen by you, now: a line of dice, the first words of today's paper. No name in it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["checkpoint"]
        field.label_from_instance = _of_checkpoint
        newest = Checkpoint.objects.order_by("-size").values_list("size", flat=True)[:30]
        field.queryset = Checkpoint.objects.filter(size__in=list(newest)).order_by("-size")


def _of_checkpoint(row: Checkpoint) -> str:
    day = timezone.localtime(row.signed_at).strftime("%Y-%m-%d %H:%M")
    return f"{row.size} · {day} · {row.root_hash[:12]}…"


@require_http_methods(["GET", "POST"])
@room(*SEES)
def samples(request: HttpRequest) -> HttpResponse:
    """Every sample that was drawn; auditors draw another."""
    works = person(request).has("audit.work")
    form = sent(request, SampleForm) if works else None
    if form is not None and form.is_valid():
        names = ("checkpoint", "starts_on", "ends_on", "nonce", "size")
        chosen = {name: form.cleaned_data[name] for name in names}
        if carry_out(request, form, draw_sample, _("The sample is drawn and kept."), **chosen):
            return redirect("desk:sample", pk=form.result.pk)
    rows = Sample.objects.select_related("checkpoint").order_by("-number")[:100]
    return render(request, "desk/audit/room/samples.html", {"rows": rows, "form": form, "here": "samples"})


@require_safe
@room(*SEES)
def sample(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What was drawn, redacted, and how to draw it again."""
    user, at = person(request), timezone.now()
    shown: Sample = load(Sample.objects.select_related("checkpoint"), pk)
    items = list(shown.drawn.select_related("journal", "claim").order_by("journal__number"))
    context = {
        "sample": shown,
        "rows": list(zip(items, _states(items, user.actor_id), strict=True)),
        "works": user.has("audit.work"),
        "answers": user.has("audit.answer"),
        "here": "samples",
        "now": at,
    }
    return render(request, "desk/audit/room/sample.html", context)


def _states(items: list[SampleItem], actor_id: str) -> list[dict[str, Any]]:
    """For each item: its documents, the auditor's own request, and requests that wait."""
    files: dict[Any, int] = {}
    for claim_id in VoucherFile.objects.filter(claim__in=[item.claim_id for item in items]).values_list(
        "claim_id", flat=True
    ):
        files[claim_id] = files.get(claim_id, 0) + 1
    asked: dict[Any, list[Unsealing]] = {}
    for row in Unsealing.objects.filter(item__in=items, ended_at=None).order_by("asked_at"):
        asked.setdefault(row.item_id, []).append(row)
    at = timezone.now()
    return [
        {
            "files": files.get(item.claim_id, 0),
            "own": next((row for row in asked.get(item.pk, []) if row.asked_by == actor_id), None),
            "open": next((row for row in asked.get(item.pk, []) if row.is_open(at)), None),
            "waiting": next((row for row in asked.get(item.pk, []) if row.opened_at is None), None),
        }
        for item in items
    ]


@require_safe
@room(*SEES)
def items(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What the sample was drawn from, for the verifier: ids and amounts."""
    shown: Sample = load(Sample.objects.select_related("checkpoint"), pk)
    response = HttpResponse(b"".join(items_csv(shown)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="items.csv"'
    return response
