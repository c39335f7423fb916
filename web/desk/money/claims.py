"""Claims: the list, one claim with its checks, entering one."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from treasury import commitments, tracing
from treasury.actions import claims as actions
from treasury.advances import counts_minor
from treasury.evidence import refusing
from treasury.kinds import ClaimStatus
from treasury.models import Claim, Fund, VoucherFile
from vault import files
from web.desk.acting import Act, act_page, carry_out, sent
from web.desk.money.claim_forms import ClaimFilter, EnterClaimForm, RejectForm
from web.desk.money.claim_sight import advance_of, cases_for, checks_of, claims_for, decision_on
from web.desk.money.rooms import money_page, name_cases
from web.desk.money.vouchers import ADDERS
from web.loading import load, person, room
from web.paging import page_of

_UNPAID = (ClaimStatus.ENTERED, ClaimStatus.APPROVED)


@require_safe
@room("money.see")
def claims(request: HttpRequest) -> HttpResponse:
    """Every claim, newest first."""
    filters = ClaimFilter(request.GET)
    found = claims_for(person(request), timezone.now()).select_related("payee")
    if filters.is_valid():
        found = _narrowed(found, filters.cleaned_data)
    page = page_of(found, cursor=request.GET.get("cursor", ""), order="-entered_at")
    name_cases(page.rows)
    return money_page(request, "claims", "claims", page=page, filters=filters)


def _narrowed(found: QuerySet[Claim], chosen: dict[str, Any]) -> QuerySet[Claim]:
    for name in ("status", "category"):
        if chosen.get(name):
            found = found.filter(**{name: chosen[name]})
    if chosen.get("since"):
        found = found.filter(invoiced_on__gte=chosen["since"])
    if chosen.get("case"):
        from cases.models import Case

        reference = chosen["case"].strip().upper()
        found = found.filter(case_id__in=Case.objects.filter(reference=reference).values("id"))
    return found


@require_safe
@room("money.see", "claims.see")
def claim(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One claim: payee, voucher, commitment, checks, what pays it, and the decision."""
    user, at = person(request), timezone.now()
    shown: Claim = load(claims_for(user, at).select_related("payee", "commitment", "paid_in", "closes"), pk)
    name_cases([shown])
    may_open = any(user.has(name) for name in ("claims.enter", "money.pay", "money.approve"))
    agreed = shown.commitment
    return money_page(
        request,
        "claim",
        "advances" if shown.vouchers_due_on or shown.closes_id else "claims",
        claim=shown,
        checks=checks_of(shown, user, at),
        decision=decision_on(shown, user, at),
        may_open=may_open,
        may_see_money=user.has("money.see"),
        opened=may_open and request.GET.get("open") == "payee",
        commitment=agreed,
        held_minor=commitments.held_minor(agreed) if agreed else 0,
        paid_minor=commitments.paid_minor(agreed) if agreed else 0,
        holds=_holds(shown),
        refusing=_refusing(shown),
        counts_minor=counts_minor(shown, shown.closes) if shown.closes else 0,
        advance=advance_of(shown, user, timezone.localdate(at)),
        sources=tracing.what_paid(shown),
        vouchers=_vouchers(shown),
        may_open_files=may_open,
        may_add_files=shown.status != ClaimStatus.REJECTED and any(user.has(name) for name in ADDERS),
        reject_form=RejectForm(auto_id="reject_%s"),
    )


def _vouchers(claim: Claim) -> list[VoucherFile]:
    """The files, each with whether it is still there: those of an erased payee are not."""
    found = list(claim.voucher_files.select_related("file"))
    for voucher in found:
        voucher.there = files.is_there(voucher.file)  # type: ignore[attr-defined]  # for the page
    return found


def _refusing(claim: Claim) -> list[Fund]:
    """Funds whose funder would not take its voucher; what is agreed about an advance is none yet."""
    if claim.commitment is None or claim.status not in _UNPAID or claim.vouchers_due_on is not None:
        return []
    return refusing(claim.commitment, claim.voucher_kind)


def _holds(claim: Claim) -> list[Any]:
    """The funds that will pay an approved claim, while nothing is paid."""
    if claim.commitment is None or claim.status != ClaimStatus.APPROVED:
        return []
    return commitments.holds(claim.commitment, commitments.FUND_SIDE)


@require_http_methods(["GET", "POST"])
@room("claims.enter")
def enter_claim(request: HttpRequest) -> HttpResponse:
    """Enter a demand to pay with its voucher; ``?payee=`` and ``?case=`` fill the form in."""
    user, at = person(request), timezone.now()
    initial = {"payee": request.GET.get("payee", ""), "case": _reference(request)}
    form = sent(request, EnterClaimForm, user=user, at=at, initial=initial)
    if form.is_valid():
        words = _("The claim is entered.")
        if carry_out(request, form, actions.enter_claim, words, **form.arguments()):
            return redirect("desk:claim", form.result.pk)
    back = reverse("desk:claims") if user.has("money.see") else reverse("desk:payee-add")
    lead = _("A claim is approved by somebody else before it is paid. No names here but the payee's.")
    word = "" if user.has("money.see") else _("Add a payee first")
    return act_page(request, form, Act(_("Enter a claim"), _("Enter it"), back, lead, word))


def _reference(request: HttpRequest) -> str:
    """The reference of ``?case=<id>``, if the person may use the case."""
    try:
        key = uuid.UUID(request.GET.get("case", ""))
    except ValueError:
        return ""
    found = cases_for(person(request), timezone.now()).filter(pk=key).first()
    return found.reference if found else ""
