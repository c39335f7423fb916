"""Our accounts at banks and their place in the books; references for gifts by transfer."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from treasury.bank import accounts as actions
from treasury.bank.models import BankAccount, TransferReference
from treasury.bank.references import spelled
from web.desk.acting import Act, act_page, carry_out, sent
from web.desk.money.bank import accounts_with_last
from web.desk.money.bank_forms import ConnectForm, ReferenceForm
from web.desk.money.rooms import money_page
from web.loading import load, person, require, room
from web.paging import page_of


@require_safe
@room("money.see")
def accounts(request: HttpRequest) -> HttpResponse:
    """Every account that a statement came from; the numbers open on wish."""
    may_open = person(request).has("money.book")
    opened = may_open and request.GET.get("open") == "numbers"
    rows = accounts_with_last()
    return money_page(request, "bank_accounts", "bank", rows=rows, may_open=may_open, opened=opened)


@require_http_methods(["GET", "POST"])
@room("money.book")
def connect(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say which account of the books it is."""
    account: BankAccount = load(BankAccount.objects.visible_to(person(request)), pk)
    form = sent(request, ConnectForm)
    back = reverse("desk:bank-accounts")
    if form.is_valid():
        words = _("The account is connected. Its lines can be booked.")
        code = form.cleaned_data["code"]
        if carry_out(request, form, actions.connect_account, words, account=account, code=code):
            return redirect(back)
    lead = _("Its lines are booked there from now on. This cannot be changed later.")
    return act_page(request, form, Act(_("Connect a bank account"), _("Connect it"), back, lead))


@require_http_methods(["GET", "POST"])
@room("money.see")
def references(request: HttpRequest) -> HttpResponse:
    """References given out for gifts by transfer; making one more."""
    if request.method == "POST":
        require(request, "money.book")
    form = sent(request, ReferenceForm)
    if form.is_valid():
        words = _("The reference is made. Read it to whoever asked; nothing is kept of who that is.")
        if carry_out(request, form, actions.make_reference, words, fund=form.cleaned_data["fund"]):
            return redirect("desk:bank-references")
    found = TransferReference.objects.visible_to(person(request)).select_related("fund")
    page = page_of(found, cursor=request.GET.get("cursor", ""), order="-made_on")
    for row in page.rows:
        row.spelled = spelled(row.code)
    return money_page(request, "bank_references", "bank", form=form, page=page)
