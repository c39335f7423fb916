"""The bank: what came in, the queue of lines that wait, taking a statement in."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from treasury.bank.importing import Imported, import_statements
from treasury.bank.models import BankAccount, BankLine, BankStatement, OpenLine
from web.desk.acting import Act, act_page, carry_out, sent
from web.desk.money.bank_forms import StatementForm
from web.desk.money.bank_sight import shown
from web.desk.money.rooms import money_page
from web.forms import FilterForm
from web.loading import load, person, room
from web.paging import page_of

_QUEUE = 20


class QueueFilter(FilterForm):
    way = forms.ChoiceField(
        label=_("Direction"), choices=[("", _("Any")), ("in", _("Money in")), ("out", _("Money out"))]
    )
    account: Any = forms.ModelChoiceField(
        label=pgettext_lazy("books", "Account"), queryset=None, empty_label=_("Any")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = BankAccount.objects.all()  # type: ignore[attr-defined]


@require_safe
@room("money.see")
def queue(request: HttpRequest) -> HttpResponse:
    """Lines that wait for a human, oldest first, each with the likeliest answer."""
    filters = QueueFilter(request.GET)
    waiting = BankLine.objects.visible_to(person(request)).filter(
        left__in=OpenLine.objects.waiting().values("pk")
    )
    if filters.is_valid():
        waiting = _narrowed(waiting, filters.cleaned_data)
    waiting = waiting.select_related("account", "left")
    page = page_of(waiting, cursor=request.GET.get("cursor", ""), order="booked_on", size=_QUEUE)
    return money_page(
        request,
        "bank",
        "bank",
        filters=filters,
        page=page,
        rows=shown(page.rows),
        waiting=waiting.count(),
        accounts=accounts_with_last(),
    )


def _narrowed(rows: Any, chosen: dict[str, Any]) -> Any:
    if chosen["way"]:
        rows = rows.filter(amount_minor__gt=0) if chosen["way"] == "in" else rows.filter(amount_minor__lt=0)
    return rows.filter(account=chosen["account"]) if chosen["account"] else rows


def accounts_with_last() -> list[Any]:
    """Every account with its last statement and how many of its lines wait."""
    open_ones = Q(lines__left__base_minor=None) | ~Q(lines__left__open_minor=0)
    accounts: list[Any] = list(BankAccount.objects.annotate(waiting=Count("lines", filter=open_ones)))
    for account in accounts:
        account.last = account.statements.order_by("closing_on", "imported_at").last()
    return accounts


@require_http_methods(["GET", "POST"])
@room("money.book")
def upload(request: HttpRequest) -> HttpResponse:
    """Take a statement in and go to what came of it."""
    form = sent(request, StatementForm)
    if form.is_valid():
        words = _("The statement is taken in.")
        if carry_out(request, form, import_statements, words, statements=form.statements):
            say_report(request, form.result)
            stored = [row.stored for row in form.result.rows if row.stored is not None]
            return redirect("desk:bank-statement", stored[0].pk) if stored else redirect("desk:bank")
    lead = _("A file that was taken in before changes nothing. Lines with our reference are matched at once.")
    act = Act(_("Take in a statement"), _("Take it in"), reverse("desk:bank"), lead, _("Bank"))
    return act_page(request, form, act)


def say_report(request: HttpRequest, report: Imported) -> None:
    """The report of a file as messages of the next page: figures first, then what needs a look."""
    told = report.as_json()
    words = gettext(
        "%(lines)s lines in the file, %(new_lines)s of them new, %(matched)s matched by reference."
    )
    messages.info(request, words % told)
    for problem in report.problems:
        messages.warning(request, problem)


@require_safe
@room("money.see")
def statements(request: HttpRequest) -> HttpResponse:
    """Every statement, newest first."""
    found = BankStatement.objects.visible_to(person(request)).select_related("account")
    page = page_of(found, cursor=request.GET.get("cursor", ""), order="-closing_on")
    return money_page(request, "bank_statements", "bank", page=page)


@require_safe
@room("money.see")
def statement(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One statement line by line, with what each was booked as."""
    found: BankStatement = load(
        BankStatement.objects.visible_to(person(request)).select_related("account"), pk
    )
    lines = found.lines.select_related("left").prefetch_related("matches").order_by("number")
    page = page_of(lines, cursor=request.GET.get("cursor", ""), order="number", size=100)
    return money_page(request, "bank_statement", "bank", statement=found, page=page)
