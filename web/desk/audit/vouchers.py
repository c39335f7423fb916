"""The voucher room: asked for by the auditor, opened by two others, looked at here and nowhere else."""

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.models import ReadRecord
from reports.sampling_room import looking
from reports.sampling_room.actions import (
    HOURS,
    KIND,
    ask_voucher,
    close_voucher,
    unseal_voucher,
    unsealing_terms,
)
from reports.sampling_room.models import SampleItem, Unsealing
from treasury.models import VoucherFile
from vault import files
from vault.fields import prefetch
from web.desk.acting import Act, press, sent
from web.desk.asking import Ask, after, agreed, ask_or_do, two_person_page, typed
from web.forms import OnceForm
from web.loading import load, person, room

LOOKS = ("desk:voucher-look", "desk:voucher-sheet")


class UnsealForm(OnceForm):
    hours = forms.TypedChoiceField(
        label=_("For how long"),
        choices=[(hours, _("%(hours)s hours") % {"hours": hours}) for hours in HOURS],
        coerce=int,
        initial=24,
        widget=forms.RadioSelect,
    )
    item: SampleItem
    asked_by = ""

    def also_said(self) -> list[tuple[str, str]]:
        """Which payment, and who will see it."""
        return [
            (str(_("Payment")), str(_("Journal %(number)s") % {"number": self.item.journal.number})),
            (str(_("To the auditor")), self.asked_by.partition(":")[2][:8]),
        ]


@require_POST
@room("audit.work")
def ask(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The auditor asks to see what proves one payment of a sample."""
    item: SampleItem = load(SampleItem.objects.select_related("sample"), pk)
    to = reverse("desk:sample", args=[item.sample_id])
    done = _("Asked. It opens here when two colleagues of the organisation have agreed.")
    return press(request, ask_voucher, done, to, item=item)


@require_safe
@room("audit.answer", "audit.see")
def requests(request: HttpRequest) -> HttpResponse:
    """Vouchers asked for, open and closed again."""
    user, at = person(request), timezone.now()
    rows = Unsealing.objects.select_related("item__journal", "item__sample").order_by("-asked_at")
    context = {
        "rows": [(row, row.is_open(at)) for row in rows[:100]],
        "answers": user.has("audit.answer"),
        "here": "vouchers",
        "now": at,
    }
    return render(request, "desk/audit/room/vouchers.html", context)


@require_http_methods(["GET", "POST"])
@room("audit.answer")
def unseal(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Open one voucher to the auditor who asked: one asks, a second officer agrees, the first opens."""
    rows = Unsealing.objects.filter(ended_at=None).select_related("item__journal")
    shown: Unsealing = load(rows, pk)
    approval = agreed(request)
    form = sent(request, UnsealForm, initial=typed(approval, UnsealForm))
    form.item, form.asked_by = shown.item, shown.asked_by
    back = reverse("desk:vouchers")
    if form.is_valid():
        hours = form.cleaned_data["hours"]
        wanted = Ask(KIND, shown.pk, unsealing_terms(shown, hours))
        words = str(_("The voucher is open to the auditor."))
        if ask_or_do(request, form, wanted, unseal_voucher, words, unsealing=shown, hours=hours):
            return after(form, back)
    lead = _(
        "Journal %(number)s. The auditor will see the payee's name, the number, the note and the documents of"
        " this one claim, on the screen only, until the time is over. Each look is recorded."
    ) % {"number": shown.item.journal.number}
    act = Act(_("Open a voucher to an auditor"), _("Open it"), back, lead)
    return two_person_page(request, form, act, approval)


@require_POST
@room("audit.answer", "audit.work", "money.approve")
def close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Close it before its time, or turn the request down; auditors only their own."""
    user = person(request)
    rows = Unsealing.objects.all()
    if not (user.has("audit.answer") or user.has("money.approve")):
        rows = rows.filter(asked_by=user.actor_id)
    shown: Unsealing = load(rows, pk)
    return press(request, close_voucher, _("It is closed."), reverse("desk:vouchers"), unsealing=shown)


@require_safe
@room("audit.work")
def look(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The opened voucher: the words of its claim, and its documents as sheets."""
    user, at = person(request), timezone.now()
    shown = looking.open_to(user, at, pk)
    if shown is None or shown.item.claim is None:
        raise Http404
    claim = shown.item.claim
    prefetch([claim], "number", "note")
    prefetch([claim.payee], "name")
    documents = [(voucher, _sheets(voucher, shown)) for voucher in looking.documents_of(shown)]
    context = {
        "unsealing": shown,
        "claim": claim,
        "documents": documents,
        "looks": _looks(shown),
        "here": "vouchers",
    }
    return render(request, "desk/audit/room/look.html", context)


@require_safe
@room("audit.work")
def sheet(request: HttpRequest, pk: uuid.UUID, file_id: uuid.UUID, number: int) -> HttpResponse:
    """The picture of one sheet, for the page above; not as a page of its own, nor as a file."""
    if request.headers.get("Sec-Fetch-Dest", "image") != "image":
        raise Http404
    shown = looking.open_to(person(request), timezone.now(), pk)
    if shown is None:
        raise Http404
    rows = VoucherFile.objects.filter(claim=shown.item.claim).select_related("file")
    voucher: VoucherFile = load(rows, file_id)
    try:
        drawn = looking.draw(voucher, _mark(shown), number)
    except (files.FileGone, looking.NotDrawable):
        raise Http404 from None
    if drawn.picture is None:
        raise Http404
    response = HttpResponse(drawn.picture, content_type="image/jpeg")
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _mark(unsealing: Unsealing) -> str:
    """Written over each picture: who looks, and when it was opened."""
    moment = timezone.localtime(unsealing.opened_at).strftime("%Y-%m-%d %H:%M")
    return f"{unsealing.asked_by.partition(':')[2][:8]}  {moment}"


def _sheets(voucher: VoucherFile, unsealing: Unsealing) -> list[tuple[int, str, bool]] | None:
    """Number, words and whether there is a picture; None for what cannot be shown."""
    try:
        drawn = looking.draw(voucher, _mark(unsealing))
    except (files.FileGone, looking.NotDrawable):
        return None
    return [
        (number, words, has)
        for number, (words, has) in enumerate(zip(drawn.words, drawn.pictures, strict=True))
    ]


def _looks(unsealing: Unsealing) -> Any:
    """The readings of this room by its auditor since it was opened."""
    if unsealing.item.claim is None:
        return []
    payee_id = unsealing.item.claim.payee_id
    rows = ReadRecord.objects.filter(actor_id=unsealing.asked_by, purpose__in=LOOKS)
    return rows.filter(at__gte=unsealing.opened_at, subjects__subject_id=payee_id).order_by("-at")[:20]
