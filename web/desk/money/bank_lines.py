"""One line of the bank: what it says, what it may be, booking it, taking that back."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from treasury.bank import accounts, booking
from treasury.bank.models import BankLine, Match
from treasury.kinds import ReasonCode
from vault.keys import Erased
from web.desk.acting import Act, act_page, carry_out, press, sent
from web.desk.money.bank_forms import BookLineForm, ChooseForm, RateForm, UndoForm
from web.desk.money.bank_sight import OPENERS, shown
from web.desk.money.rooms import money_page
from web.loading import load, person, room


def _line(request: HttpRequest, pk: uuid.UUID) -> BankLine:
    visible = BankLine.objects.visible_to(person(request)).select_related("account", "statement", "left")
    return load(visible, pk)


@require_safe
@room("money.see")
def line(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The line, its suggestions, and what was booked for it so far."""
    found, user = _line(request, pk), person(request)
    may_open = any(user.has(name) for name in OPENERS)
    opened = may_open and request.GET.get("open") == "words"
    return money_page(
        request,
        "bank_line",
        "bank",
        line=found,
        row=shown([found])[0],
        matches=found.matches.select_related("journal", "claim").order_by("matched_at"),
        may_open=may_open,
        opened=opened,
        words=_words(found) if opened else None,
        exchange=getattr(found, "exchange", None),
    )


def _words(found: BankLine) -> dict[str, str]:
    try:
        words: dict[str, str] = found.words
    except Erased:
        return {"text": str(_("Erased."))}
    return words


@require_POST
@room("money.book")
def accept(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Book the line as the suggestion says."""
    found = _line(request, pk)
    back = (
        reverse("desk:bank") if request.POST.get("from") == "queue" else reverse("desk:bank-line", args=[pk])
    )
    score = request.POST.get("score", "")
    arguments = {
        "kind": request.POST.get("kind", ""),
        "key": request.POST.get("key", "")[:60],
        "score": int(score) if score.isdecimal() and len(score) < 4 else 0,
    }
    return press(request, booking.accept, _("The line is booked."), back, line=found, **arguments)


@require_http_methods(["GET", "POST"])
@room("money.book")
def choose(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Match the line with something from the list of all that waits."""
    found = _line(request, pk)
    form = sent(request, ChooseForm, line=found)
    back = reverse("desk:bank-line", args=[pk])
    if form.is_valid() and carry_out(
        request, form, booking.accept, _("The line is booked."), line=found, **form.arguments()
    ):
        return redirect(back)
    lead = _("The likeliest by its amount stands first. What is left of the line stays open.")
    return act_page(request, form, Act(_("Choose what it belongs to"), _("Match them"), back, lead))


@require_http_methods(["GET", "POST"])
@room("money.book")
def book(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Book the line, or a part of it, as something else."""
    found = _line(request, pk)
    form = sent(request, BookLineForm, line=found)
    back = reverse("desk:bank-line", args=[pk])
    if form.is_valid() and carry_out(
        request, form, booking.book_line_as, _("The line is booked."), line=found, **form.arguments()
    ):
        return redirect(back)
    lead = _("A part leaves the rest open, so that one line can be booked as several things.")
    return act_page(request, form, Act(_("Book the line as"), _("Book it"), back, lead))


@require_http_methods(["GET", "POST"])
@room("money.book")
def undo(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a match back, with a reason."""
    visible = BankLine.objects.visible_to(person(request)).values("pk")
    match: Match = load(Match.objects.filter(line__in=visible).select_related("line", "journal", "claim"), pk)
    form = sent(request, UndoForm)
    back = reverse("desk:bank-line", args=[match.line_id])
    if form.is_valid():
        reason, note = ReasonCode(form.cleaned_data["reason_code"]), form.cleaned_data["note"]
        words = _("The match is undone. The line waits again.")
        if carry_out(request, form, booking.undo_match, words, match=match, reason_code=reason, note=note):
            return redirect(back)
    lead = _("What was booked for it is reversed by a journal of its own; nothing is deleted.")
    return act_page(request, form, Act(_("Undo the match"), _("Undo it"), back, lead))


@require_http_methods(["GET", "POST"])
@room("money.book")
def rate(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Enter the rate of a line in another currency."""
    found = _line(request, pk)
    form = sent(request, RateForm, initial={"rate_on": found.booked_on, "rate": found.rate or None})
    back = reverse("desk:bank-line", args=[pk])
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("rate", "rate_on", "source", "sure")}
        if carry_out(request, form, accounts.enter_rate, _("The rate is kept."), line=found, **values):
            return redirect(back)
    lead = _("What one unit of the other currency is in that of the books, on the day of the line.")
    return act_page(request, form, Act(_("Enter the rate"), _("Keep it"), back, lead))
