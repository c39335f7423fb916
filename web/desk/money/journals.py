"""Journals: the books as they were written, and reversing one."""

import uuid

from django import forms
from django.db.models import Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from treasury.actions import corrections
from treasury.kinds import POSTED, JournalKind, ReasonCode
from treasury.models import Journal
from web.desk.acting import Act, act_page, carry_out, sent
from web.desk.money.fund_forms import DAY, day_field
from web.desk.money.rooms import money_page, name_cases
from web.forms import FilterForm, OnceForm
from web.loading import load, room
from web.paging import page_of


class JournalFilter(FilterForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Any")), *JournalKind.choices])
    since = forms.DateField(label=_("Booked from"), widget=forms.DateInput(attrs=DAY))
    until = forms.DateField(label=_("Booked to"), widget=forms.DateInput(attrs=DAY))


class ReverseForm(OnceForm):
    reason_code = forms.ChoiceField(label=_("Reason"), choices=ReasonCode.choices)
    note = forms.CharField(
        label=_("In words"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Sealed. Auditors read it. No names."),
    )
    on = day_field(_("Booked on"), required=False, help_text=_("Today, if left out."))


@require_safe
@room("money.see")
def journals(request: HttpRequest) -> HttpResponse:
    """Every journal, newest first."""
    filters = JournalFilter(request.GET)
    posted = Sum("transfers__amount_minor", filter=Q(transfers__kind__in=POSTED))
    found = Journal.objects.all()
    if filters.is_valid():
        chosen = filters.cleaned_data
        names = {"kind": "kind", "since": "booked_on__gte", "until": "booked_on__lte"}
        found = found.filter(**{names[key]: value for key, value in chosen.items() if value})
    page = page_of(found, cursor=request.GET.get("cursor", ""), order="-number")
    keys = [row.pk for row in page.rows]
    sums = Journal.objects.filter(pk__in=keys).order_by().annotate(posted=posted)
    known = {row.pk: row.posted for row in sums}
    rows = [(row, known.get(row.pk)) for row in page.rows]
    return money_page(request, "journals", "journals", page=page, rows=rows, filters=filters)


@require_safe
@room("money.see")
def journal(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One journal with its transfers."""
    shown: Journal = load(Journal.objects.select_related("reverses", "reversed_in"), pk)
    rows = list(shown.transfers.select_related("debit", "credit", "batch__fund").order_by("line")[:500])
    name_cases(rows)
    undone = getattr(shown, "reversed_in", None)
    reversible = undone is None and shown.kind not in corrections.OTHERWISE
    return money_page(
        request,
        "journal",
        "journals",
        journal=shown,
        rows=rows,
        undone=undone,
        reversible=reversible,
        claim=getattr(shown, "claim", None),
    )


@require_http_methods(["GET", "POST"])
@room("money.book")
def reverse_journal(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Book the opposite, with a reason."""
    shown: Journal = load(Journal.objects.all(), pk)
    form = sent(request, ReverseForm)
    back = reverse("desk:journal", args=[pk])
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("note", "on")}
        values["reason_code"] = ReasonCode(form.cleaned_data["reason_code"])
        words = _("The journal is reversed.")
        if carry_out(request, form, corrections.reverse_journal, words, journal=shown, **values):
            return redirect("desk:journal", form.result.pk)
    lead = _("The journal stays; its opposite is booked beside it. A paid claim becomes payable again.")
    heading = _("Reverse journal %s") % shown.number
    return act_page(request, form, Act(heading, _("Reverse it"), back, lead))
