"""Deciding claims: asking a colleague, agreeing, approving, rejecting."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.approvals import decide_approval, request_approval
from treasury.actions import claims as actions
from treasury.kinds import ReasonCode
from treasury.models import Claim
from web.desk.acting import carry_out, press, say_errors
from web.desk.money.claim_forms import RejectForm
from web.desk.money.claim_sight import claims_for, decision_on
from web.formats import write_money
from web.loading import load, person, room

_DECIDERS = ("money.approve", "money.pay", "claims.enter")


def _claim(request: HttpRequest, pk: uuid.UUID) -> tuple[Claim, str]:
    claim: Claim = load(claims_for(person(request), timezone.now()).select_related("payee"), pk)
    return claim, reverse("desk:claim", args=[pk])


@require_POST
@room(*_DECIDERS)
def ask(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask a second person about a claim above the tariff."""
    claim, here = _claim(request, pk)
    amount = write_money(claim.amount_minor, claim.currency)
    words = _("Claim of %(amount)s, %(category)s") % {
        "amount": amount,
        "category": claim.get_category_display(),
    }
    return press(
        request,
        request_approval,
        gettext_lazy("Asked. It can be approved once a colleague agrees."),
        here,
        kind="claim",
        object_id=claim.pk,
        payload=actions.claim_terms(claim),
        summary={"said": [[_("What"), words]], "form": {}, "page": here},
    )


@require_POST
@room("money.approve")
def agree(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say yes or no to a colleague's request, on the claim's own page."""
    claim, here = _claim(request, pk)
    asked = decision_on(claim, person(request), timezone.now()).asked
    if asked is None:
        raise Http404
    agrees = request.POST.get("answer") == "yes"
    words = gettext_lazy("You agreed. Whoever asked can approve it now.")
    no = gettext_lazy("You refused. The claim stays as it is; reject it if it is wrong.")
    return press(request, decide_approval, words if agrees else no, here, approval=asked, agrees=agrees)


@require_POST
@room(*_DECIDERS)
def approve(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Approve a claim: alone within the tariff, else after a colleague has agreed."""
    claim, here = _claim(request, pk)
    if not decision_on(claim, person(request), timezone.now()).may_approve:
        return _not_yours(request, claim, here)
    words = gettext_lazy("The claim is approved and its money reserved. It can be paid.")
    if claim.closes_id is not None:
        words = gettext_lazy("The voucher is accepted: that part of the advance is a cost now.")
    return press(request, actions.approve_claim, words, here, claim=claim)


def _not_yours(request: HttpRequest, claim: Claim, here: str) -> HttpResponse:
    """Say why without acting: decided already, or somebody else's to decide."""
    if claim.status != "entered":
        messages.error(request, str(actions.ClaimNotOpen.message))
    else:
        messages.error(request, _("This is not yours to approve. Ask a second officer."))
    return redirect(here)


@require_POST
@room("money.approve", "money.pay")
def reject(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Turn a claim down with a reason."""
    claim, here = _claim(request, pk)
    form = RejectForm(request.POST)
    reason = form.is_valid() and {
        "reason_code": ReasonCode(form.cleaned_data["reason_code"]),
        "note": form.cleaned_data["note"],
    }
    done = gettext_lazy("The claim is rejected. What was reserved stays reserved until it is released.")
    if not reason or not carry_out(request, form, actions.reject_claim, done, claim=claim, **reason):
        say_errors(request, form)
    return redirect(here)
