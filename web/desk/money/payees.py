"""Payees: who may be paid, how, and who checked them. Names stay sealed until they are asked for."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.actions import DomainError
from treasury.actions import payees as actions
from treasury.kinds import PayeeKind
from treasury.models import Payee
from vault.fields import prefetch
from web.desk.acting import Act, act_page, carry_out, press, sent
from web.desk.asking import Ask, after, agreed, ask_or_do, two_person_page, typed
from web.desk.money.claim_sight import payees_for
from web.desk.money.rooms import money_page, name_cases
from web.forms import FilterForm, OnceForm
from web.loading import load, person, room
from web.paging import page_of

_OPENERS = ("claims.enter", "money.pay", "money.approve")


class PayeeFilter(FilterForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Any")), *PayeeKind.choices])
    unchecked = forms.BooleanField(label=_("Not checked yet"))


class RouteForm(OnceForm):
    """Where the money goes. The number is typed twice: when it is asked for, and when it is put in force."""

    never_kept = ("iban",)  # the request is kept longer than a payee's own key may be

    country = forms.RegexField(
        label=_("Country"),
        regex=r"^[A-Za-z]{2}$",
        max_length=2,
        help_text=_("Two letters, such as LT."),
        error_messages={"invalid": _("Write the country as two letters, such as LT.")},
    )
    iban = forms.CharField(label=_("Account number (IBAN)"), max_length=42, required=False)

    def clean_iban(self) -> str:
        try:
            return actions.checked_iban(self.cleaned_data["iban"])
        except DomainError as refusal:
            raise forms.ValidationError(refusal.text) from None

    def also_said(self) -> list[tuple[str, str]]:
        """Enough of the number to compare it with the voucher, not enough to pay to it."""
        number = self.cleaned_data["iban"]
        shown = f"{number[:4]} … {number[-4:]}" if number else gettext("none")
        return [(gettext("Account number"), shown)]


class PayeeForm(RouteForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=PayeeKind.choices)
    name = forms.CharField(
        label=pgettext_lazy("person", "Name"), max_length=200, help_text=_("Sealed under a key of its own.")
    )
    address = forms.CharField(
        label=_("Address"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    field_order = ("once", "kind", "name", "country", "iban", "address")


@require_safe
@room("money.see")
def payees(request: HttpRequest) -> HttpResponse:
    """Payees by kind and country; ``?names=1`` opens their names, which is recorded."""
    filters = PayeeFilter(request.GET)
    user = person(request)
    found = payees_for(user, timezone.now())
    if filters.is_valid():
        if filters.cleaned_data["kind"]:
            found = found.filter(kind=filters.cleaned_data["kind"])
        if filters.cleaned_data["unchecked"]:
            found = found.filter(checked_on=None)
    page = page_of(found, cursor=request.GET.get("cursor", ""), order="kind")
    may_open = any(user.has(name) for name in _OPENERS)
    opened = may_open and "names" in request.GET
    if opened:
        prefetch(page.rows, "name")
    return money_page(
        request, "payees", "payees", page=page, filters=filters, may_open=may_open, opened=opened
    )


@require_safe
@room("money.see", "claims.enter")
def payee(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One payee: route, check, claims."""
    user = person(request)
    shown: Payee = load(payees_for(user, timezone.now()), pk)
    claims = list(shown.claims.order_by("-invoiced_on")[:50]) if user.has("money.see") else []
    name_cases(claims)
    may_open = any(user.has(name) for name in _OPENERS)
    return money_page(
        request,
        "payee",
        "payees",
        payee=shown,
        claims=claims,
        may_open=may_open,
        opened=may_open and request.GET.get("open") == "payee",
    )


@require_http_methods(["GET", "POST"])
@room("claims.enter")
def add_payee(request: HttpRequest) -> HttpResponse:
    """Add somebody who can be paid, then enter their claim."""
    form = sent(request, PayeeForm)
    if form.is_valid():
        values: dict[str, Any] = {k: v for k, v in form.cleaned_data.items() if k != "once"}
        values["kind"] = PayeeKind(values["kind"])
        words = _("The payee is added. A colleague checks it before it is paid.")
        if carry_out(request, form, actions.add_payee, words, **values):
            return redirect("desk:payee", form.result.pk)
    user = person(request)
    back = reverse("desk:payees") if user.has("money.see") else reverse("desk:claim-enter")
    lead = _("Look first whether they are in the list already.") if user.has("money.see") else ""
    return act_page(request, form, Act(_("Add a payee"), _("Add"), back, lead))


@require_POST
@room("money.approve", "money.pay")
def check_payee(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Record that lists and identity were checked today."""
    shown: Payee = load(Payee.objects.visible_to(person(request)), pk)
    here = reverse("desk:payee", args=[pk])
    return press(request, actions.check_payee, _("The check is recorded."), here, payee=shown)


@require_http_methods(["GET", "POST"])
@room("money.book")
def change_route(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Pay somebody elsewhere from now on."""
    shown: Payee = load(Payee.objects.visible_to(person(request)), pk)
    approval = agreed(request)
    form = sent(request, RouteForm, initial=typed(approval, RouteForm))
    back = reverse("desk:payee", args=[pk])
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("iban", "country")}
        ask = Ask("payee.change", shown.pk, actions.payee_terms(**values))
        words = gettext("The route is changed. The payee has to be checked anew.")
        if ask_or_do(request, form, ask, actions.change_payee_route, words, payee=shown, **values):
            return after(form, back)
    lead = _("A colleague compares it with the voucher before it counts.")
    act = Act(_("Change where a payee is paid"), _("Change it"), back, lead)
    return two_person_page(request, form, act, approval)
