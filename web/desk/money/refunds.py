"""Giving back, and what banks of givers contest."""

import logging
import uuid

from django.db.models import Max, Min, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from donations import refunding, tasks
from donations.actions import refunds as actions
from donations.models import Alarm, Donation, Fact, Refund
from donations.stripe_gateway import GatewayError
from web.amounts import AmountField
from web.desk.acting import Act, carry_out, sent
from web.desk.asking import Ask, after, agreed, ask_or_do, two_person_page, typed, was_asked
from web.desk.money.gift_tabs import gifts_page
from web.formats import write_money
from web.forms import OnceForm
from web.loading import load, room
from web.paging import page_of

log = logging.getLogger("web.refunds")
_DISPUTE = (Fact.Kind.DISPUTED, Fact.Kind.INQUIRY)
_WON = (Fact.Kind.DISPUTE_WON, Fact.Kind.INQUIRY_CLOSED)


class RefundForm(OnceForm):
    """How much goes back, in the gift's own currency."""

    amount_minor = AmountField(label=_("Amount"))

    def __init__(self, *args: object, currency: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount_minor"].currency = currency  # type: ignore[attr-defined]
        self.fields["amount_minor"].label = _("Amount, %s") % currency


@require_safe
@room("donations.see")
def refunds(request: HttpRequest) -> HttpResponse:
    """Everything that went back or is on its way, newest first."""
    found = Refund.objects.select_related("donation__fund")
    page = page_of(found, cursor=request.GET.get("cursor", ""), order="-asked_at")
    return gifts_page(request, "refunds", "refunds", page=page)


@require_safe
@room("donations.see")
def disputes(request: HttpRequest) -> HttpResponse:
    """Gifts that a bank contests or asks about, newest first."""
    found = (
        Donation.objects.filter(facts__kind__in=_DISPUTE)
        .select_related("fund")
        .annotate(
            opened_at=Min("facts__recorded_at", filter=Q(facts__kind__in=_DISPUTE)),
            lost_at=Max("facts__recorded_at", filter=Q(facts__kind=Fact.Kind.DISPUTE_LOST)),
            won_at=Max("facts__recorded_at", filter=Q(facts__kind__in=_WON)),
            asked_minor=Max("facts__gross_minor", filter=Q(facts__kind__in=_DISPUTE)),
        )
    )
    page = page_of(found, cursor=request.GET.get("cursor", ""), order="-given_on")
    return gifts_page(request, "disputes", "disputes", page=page)


@require_http_methods(["GET", "POST"])
@room("donations.work")
def refund(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give a gift back, in part or whole; ``?alarm=`` is answered by it. Above a limit two people decide."""
    donation = load(Donation.objects.select_related("fund"), pk)
    approval = agreed(request)
    left = actions.refundable_minor(donation)
    initial = typed(approval, RefundForm) or {"amount_minor": f"{left / 100:.2f}"}
    form = sent(request, RefundForm, currency=donation.currency, initial=initial)
    here = reverse("desk:donation", args=[pk])
    if form.is_valid() and _give_back(request, form, donation):
        return after(form, here)
    lead = _(
        "%(left)s can go back to where it came from. It takes up to ten days; the payment company keeps its"
        " fee. Above %(limit)s a colleague has to agree."
    ) % {
        "left": write_money(left, donation.currency),
        "limit": write_money(actions.ALONE_MINOR, donation.currency),
    }
    return two_person_page(request, form, Act(_("Give back"), _("Give it back"), here, lead), approval)


def _give_back(request: HttpRequest, form: RefundForm, donation: Donation) -> bool:
    amount, left = form.cleaned_data["amount_minor"], actions.refundable_minor(donation)
    if amount > left:  # no colleague is asked for what cannot be
        refusal = actions.NothingToReturn(left=write_money(left, donation.currency))
        form.add_error("amount_minor", refusal.text)
        return False
    alarm = Alarm.objects.open().filter(donation=donation, kind__in=Alarm.HOLDS).first()
    words = str(_("It goes back. You see here when the payment company has confirmed it."))
    arguments = {"donation": donation, "amount_minor": amount, "alarm": alarm}
    if not actions.takes_two(donation, amount):
        done = carry_out(request, form, actions.ask_refund, words, **arguments)
    else:
        terms = actions.refund_terms(donation=donation, amount_minor=amount)
        done = ask_or_do(
            request, form, Ask("refund", donation.pk, terms), actions.ask_refund, words, **arguments
        )
    if done and not was_asked(form):
        _send(form.result)
    return done


def _send(refund: Refund) -> None:
    """Tell Stripe now; if it does not answer, the sweep does it within five minutes."""
    try:
        refunding.send(refund, tasks.gateway(), at=timezone.now())
    except GatewayError as error:
        log.warning("refund %s waits for the sweep: %s", refund.pk, error)
