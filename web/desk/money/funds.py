"""Funds: the list, one fund with its movements and batches, what became of a batch."""

import datetime
import uuid

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from donations.leftovers import spare_minor
from treasury import standing, tracing
from treasury.actions import funds as actions
from treasury.kinds import POSTED, Category, FundKind
from treasury.models import Batch, Fund, Journal, Transfer
from web.desk.acting import Act, act_page, carry_out, press, sent
from web.desk.money.fund_forms import OpenFundForm, OpeningBalanceForm
from web.desk.money.overview import fund_lines
from web.desk.money.rooms import cases_named, money_page
from web.loading import load, person, room
from web.paging import page_of


@require_safe
@room("money.see")
def funds(request: HttpRequest) -> HttpResponse:
    """Every fund that is open or holds money."""
    return money_page(request, "funds", "funds", lines=fund_lines())


@require_safe
@room("money.see")
def fund(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One fund: this year, its batches, its movements."""
    shown: Fund = load(Fund.objects.visible_to(person(request)).select_related("grant"), pk)
    today = timezone.localdate()
    year = datetime.date(today.year, 1, 1)
    page = page_of(_journals(shown), cursor=request.GET.get("cursor", ""), order="-number", size=30)
    batches = shown.batches.annotate(left=Sum("lots__remaining_minor")).order_by("-number")
    return money_page(
        request,
        "fund",
        "funds",
        fund=shown,
        grant=getattr(shown, "grant", None),
        standing=standing.fund_balances(year, today, fund=shown)[0],
        year=year,
        page=page,
        batches=batches[:50],
        spare_minor=spare_minor(shown, today),
        cases=list(cases_named(row.case_id for row in shown.cases.all()).values()),
        restricted=[_category(code) for code in shown.categories],
    )


def _journals(fund: Fund) -> QuerySet[Journal]:
    """Journals that moved the fund's money, each with its lines on the fund's account as ``moved``."""
    on_account = Q(debit__subject_id=fund.pk) | Q(credit__subject_id=fund.pk)
    lines = Transfer.objects.filter(on_account, kind__in=POSTED)
    touching = lines.filter(journal=OuterRef("pk"))
    with_words = lines.select_related("batch", "debit", "credit").order_by("line")
    return Journal.objects.filter(Exists(touching)).prefetch_related(
        Prefetch("transfers", queryset=with_words, to_attr="moved")
    )


def _category(code: str) -> object:
    return Category(code).label


@require_safe
@room("money.see")
def batch(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What a batch is made of and what became of it."""
    shown: Batch = load(Batch.objects.select_related("fund"), pk)
    uses = tracing.what_became(shown)
    came = Transfer.objects.filter(batch=shown, kind__in=POSTED, credit__subject_id=shown.fund_id)
    came_minor = came.aggregate(total=Sum("amount_minor"))["total"] or 0
    left = list(shown.lots.filter(remaining_minor__gt=0).select_related("account"))
    return money_page(
        request,
        "batch",
        "funds",
        batch=shown,
        uses=[(use, _category(use.category)) for use in uses],
        used_minor=sum(use.amount_minor for use in uses),
        came_minor=came_minor,
        left=left,
        left_minor=sum(lot.remaining_minor for lot in left),
    )


@require_http_methods(["GET", "POST"])
@room("money.book")
def open_fund(request: HttpRequest) -> HttpResponse:
    """Open a fund that is no grant."""
    form = sent(request, OpenFundForm)
    if form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name not in ("once", "cases")}
        values |= {"kind": FundKind(values["kind"]), "case_ids": form.cleaned_data["cases"]}
        if carry_out(request, form, actions.open_fund, _("The fund is open."), **values):
            return redirect("desk:fund", form.result.pk)
    act = Act(_("Open a fund"), _("Open it"), reverse("desk:funds"), _("Money with a purpose of its own."))
    return act_page(request, form, act)


@require_POST
@room("money.book")
def close_fund(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """No commitment draws on it any more."""
    shown: Fund = load(Fund.objects.open().visible_to(person(request)), pk)
    words = _("The fund is closed. What it holds stays until two people allocate it.")
    return press(request, actions.close_fund, words, reverse("desk:fund", args=[pk]), fund=shown)


@require_http_methods(["GET", "POST"])
@room("money.book")
def opening_balance(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Bring forward what the fund held before these books."""
    shown: Fund = load(Fund.objects.open().visible_to(person(request)), pk)
    form = sent(request, OpeningBalanceForm)
    back = reverse("desk:fund", args=[pk])
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("amount_minor", "on")}
        words = _("The opening balance is booked.")
        if carry_out(request, form, actions.book_opening_balance, words, fund=shown, **values):
            return redirect(back)
    lead = _("What the fund held at the bank when these books began. It can be booked once.")
    return act_page(request, form, Act(_("Opening balance"), _("Book it"), back, lead))
