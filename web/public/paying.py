"""The third page of giving: check the answers, begin the gift, go to the payment page."""

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from audit.actors import PUBLIC
from donations import channels, checkout, tasks
from donations.actions.giving import begin_gift
from donations.models import Donation
from donations.stripe_gateway import GatewayError
from web.formats import write_money
from web.pages.leave import SeeOther
from web.pieces import Answer
from web.public import choice, code_cookie
from web.public.choice import Choice
from web.public.forms import CheckForm
from web.public.giving import address
from web.public.guards import without_cookie
from web.public.purposes import Purpose, purpose_of

log = logging.getLogger("web.giving")


@require_http_methods(["GET", "HEAD", "POST"])
@without_cookie
def check(request: HttpRequest) -> HttpResponse:
    """Page three. The gift begins once for the form, however often a bad line repeats it."""
    chosen = choice.read(request.GET.get("s", ""))
    if chosen is None:
        return SeeOther(reverse("give"))
    purpose = purpose_of(chosen.campaign)
    if purpose is None or not chosen.amount_minor:
        return SeeOther(address("give-amount", chosen))
    form = CheckForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _begin(form, chosen, purpose):
        donation, code = form.result
        return _to_payment_page(request, donation, code)
    if form.is_bound:
        form.renew()
    return render(request, "public/give_check.html", _context(form, chosen, purpose))


def _begin(form: CheckForm, chosen: Choice, purpose: Purpose) -> bool:
    return form.carry_out(
        begin_gift,
        fund=purpose.fund,
        amount_minor=chosen.amount_minor,
        currency=chosen.currency,
        level=form.cleaned_data["level"],
        language=get_language() or "en",
        monthly=chosen.monthly,
        address=form.cleaned_data.get("email", ""),
        by=PUBLIC,
        at=timezone.now(),
    )


def _to_payment_page(request: HttpRequest, donation: Donation, code: str) -> HttpResponse:
    thanks = reverse("give-thanks", args=[donation.pk])
    try:
        url = checkout.open_payment_page(
            donation,
            gateway=tasks.gateway(),
            thanks_url=request.build_absolute_uri(thanks),
            back_url=request.build_absolute_uri(reverse("give-stopped", args=[donation.pk])),
            at=timezone.now(),
        )
    except GatewayError as error:
        log.warning("gift %s: no payment page: %s", donation.pk, error)
        again = {"again_url": request.get_full_path()}
        away = render(request, "public/unreachable.html", again, status=503)
        away["Retry-After"] = "60"
        return away
    response = SeeOther(url)
    if code:
        code_cookie.give(response, code, donation.pk, path=thanks)
    return response


def _context(form: CheckForm, chosen: Choice, purpose: Purpose) -> dict[str, object]:
    change = address("give-amount", chosen)
    answers = [
        Answer(_("Gift to"), purpose.words, change, _("what the gift is for")),
        Answer(_("Amount"), write_money(chosen.amount_minor, chosen.currency), change, _("the amount")),
    ]
    if chosen.monthly:
        answers.insert(0, Answer(_("How often"), _("Every month, until you stop it"), change, _("how often")))
    if chosen.campaign:
        answers.append(
            Answer(
                _("If the campaign has enough"),
                _("For the same cause: other political trials, where it is needed most"),
            )
        )
    return {
        "form": form,
        "monthly": chosen.monthly,
        "answers": answers,
        "change_url": change,
        "amount": write_money(chosen.amount_minor, chosen.currency),
        "statement_name": settings.STATEMENT_NAME,
        "channels": channels.channels(monthly=chosen.monthly),
        "processor": channels.processor(),
    }
