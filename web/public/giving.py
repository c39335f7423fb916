"""Giving in three pages: is it safe, how much and for what, check and go to the payment page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from donations.actions.giving import CURRENCIES, LEAST_MINOR
from donations.channels import channels
from web.middleware import public_page
from web.pages.leave import SeeOther
from web.public import choice
from web.public.amounts import TILES, currency_of
from web.public.choice import Choice
from web.public.forms import OTHER, AmountForm, SafetyForm
from web.public.guards import without_cookie
from web.public.purposes import GENERAL, Purpose, campaign_key, purposes


@require_http_methods(["GET", "HEAD", "POST"])
@without_cookie
@public_page
def safe(request: HttpRequest) -> HttpResponse:
    """Page one. Nothing is stored: "no" leads on, "yes" to a page that asks not to give."""
    campaign = campaign_key(request.GET.get("for", ""))
    form = SafetyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if form.cleaned_data["there"] == "yes":
            return SeeOther(reverse("give-unsafe"))
        return SeeOther(address("give-amount", Choice(campaign)))
    return render(request, "public/give_safe.html", {"form": form, "channels": channels()})


@require_safe
def unsafe(request: HttpRequest) -> HttpResponse:
    """Please do not give, and why. The address says nothing of the answer."""
    return render(request, "public/give_unsafe.html")


@require_http_methods(["GET", "HEAD", "POST"])
@without_cookie
def amount(request: HttpRequest) -> HttpResponse:
    """Page two. Only from page one: the question comes before the amount."""
    chosen = choice.read(request.GET.get("s", ""))
    if chosen is None:
        return SeeOther(reverse("give"))
    offered = purposes()
    if not offered:
        return render(request, "public/give_closed.html", status=503)
    currency = currency_of(request.GET.get("currency") or chosen.currency)
    if request.method == "POST":
        form = AmountForm(request.POST, currency=currency, offered=offered)
        if form.is_valid():
            return SeeOther(address("give-check", _answered(form)))
    else:
        form = AmountForm(initial=_initial(chosen, offered, currency), currency=currency, offered=offered)
    context = {
        "form": form,
        "currency": currency,
        "least_minor": LEAST_MINOR,
        "others": [(code, _in_currency(chosen, code)) for code in CURRENCIES if code != currency],
    }
    return render(request, "public/give_amount.html", context)


def address(name: str, chosen: Choice) -> str:
    """The address of one of the pages, with what was chosen."""
    return f"{reverse(name)}?s={choice.write(chosen)}"


def _answered(form: AmountForm) -> Choice:
    purpose = form.cleaned_data["purpose"]
    campaign = "" if purpose == GENERAL else purpose
    monthly = form.cleaned_data.get("rhythm") == "monthly"
    return Choice(campaign, form.cleaned_data["minor"], form.currency, monthly)


def _in_currency(chosen: Choice, currency: str) -> str:
    return address("give-amount", Choice(chosen.campaign, 0, currency, chosen.monthly))


def _initial(chosen: Choice, offered: list[Purpose], currency: str) -> dict[str, str]:
    """What was chosen before; the general fund unless somebody came from a campaign."""
    keys = [purpose.key for purpose in offered]
    wanted = chosen.campaign or GENERAL
    rhythm = "monthly" if chosen.monthly else "once"
    found = {"purpose": wanted if wanted in keys else keys[0], "rhythm": rhythm}
    units, cents = divmod(chosen.amount_minor, 100)
    if units and not cents and units in TILES[currency]:
        return {**found, "amount": str(units)}
    if chosen.amount_minor:
        return {**found, "amount": OTHER, "other": f"{units}.{cents:02d}" if cents else str(units)}
    return found
