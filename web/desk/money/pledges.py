"""Pledges that double gifts: what they owe, what is booked, opening and closing one."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from treasury import pledges
from treasury.actions import pledges as actions
from treasury.kinds import FundKind
from treasury.models import Fund, Pledge
from web.amounts import AmountField
from web.desk.acting import Act, act_page, carry_out, press, sent
from web.desk.money.fund_forms import day_field
from web.desk.money.overview import fund_lines
from web.desk.money.rooms import money_page
from web.forms import OnceForm
from web.loading import load, person, room

_TAKES_GIFTS = (FundKind.GENERAL, FundKind.CAMPAIGN, FundKind.GROUP, FundKind.CASE)


class PledgeForm(OnceForm):
    fund: Any = forms.ModelChoiceField(label=_("Gifts to"), queryset=None)
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("Public, such as “The spring pledge”. No names of people."),
    )
    code = forms.SlugField(label=_("Code"), max_length=40)
    limit_minor = AmountField(label=_("Up to"), help_text=_("The most that it adds in all."))
    percent = forms.IntegerField(
        label=_("Adds, per cent of each gift"), min_value=1, max_value=1_000, initial=100
    )
    starts_on = day_field(_("From"))
    ends_on = day_field(_("To"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund"].queryset = Fund.objects.open().filter(kind__in=_TAKES_GIFTS)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        begins, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if begins and ends and ends < begins:
            self.add_error("ends_on", _("It ends before it begins."))
        return cleaned


@require_safe
@room("money.see")
def listing(request: HttpRequest) -> HttpResponse:
    """Every pledge: its limit, what it owes by closed batches, what is booked and what its fund holds."""
    held = {line.fund.pk: line.free_minor for line in fund_lines()}
    shown = Pledge.objects.visible_to(person(request)).select_related("fund", "source")[:60]
    today = timezone.localdate()
    rows = [
        {
            "pledge": pledge,
            "booked_minor": pledge.doubled_minor - (owed := pledges.owed_minor(pledge)),
            "owed_minor": owed,
            "left_minor": pledge.limit_minor - pledge.doubled_minor,
            "held_minor": held.get(pledge.source_id, 0),
            "runs": pledge.closed_on is None and pledge.starts_on <= today <= pledge.ends_on,
        }
        for pledge in shown
    ]
    return money_page(request, "pledges", "funds", rows=rows, today=today)


@require_http_methods(["GET", "POST"])
@room("money.book")
def open_pledge(request: HttpRequest) -> HttpResponse:
    """Record a promise to double gifts."""
    form = sent(request, PledgeForm)
    back = reverse("desk:pledges")
    if form.is_valid():
        names = ("fund", "name", "code", "limit_minor", "starts_on", "ends_on")
        values = {name: form.cleaned_data[name] for name in names}
        values["ratio_basis_points"] = form.cleaned_data["percent"] * 100
        words = _("The pledge is recorded. Its money goes into a fund of its own, like any gift.")
        if carry_out(request, form, actions.open_pledge, words, **values):
            return redirect(back)
    lead = _(
        "Somebody promises to add to the gifts of some days. What it adds is worked out by closed batch."
    )
    return act_page(request, form, Act(_("Record a pledge"), _("Record it"), back, lead))


@require_POST
@room("money.book")
def close_pledge(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """It doubles nothing more."""
    pledge: Pledge = load(Pledge.objects.visible_to(person(request)), pk)
    words = _("The pledge is closed.")
    return press(request, actions.close_pledge, words, reverse("desk:pledges"), pledge=pledge)
