"""A page with one form and one action: its words, its answer, the way back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from web.forms import OnceForm
from web.loading import person
from web.pieces import Text

F = TypeVar("F", bound=forms.Form)


@dataclass(frozen=True)
class Act:
    """The words of a page that asks for one act. ``lead`` says what follows from it."""

    heading: Text
    button: Text
    back_url: str
    lead: Text = ""
    back_word: Text = ""


def sent(request: HttpRequest, form: Callable[..., F], **more: Any) -> F:
    """The form with what was posted, or empty. A GET never binds it."""
    if request.method != "POST":
        return form(**more)
    return form(request.POST, request.FILES or None, **more)


def act_page(
    request: HttpRequest, form: forms.Form, act: Act, *, template: str = "desk/act.html", **more: Any
) -> HttpResponse:
    """Show the form with its words; ``template`` extends the usual one and may show more above it."""
    return render(request, template, {"form": form, "act": act, **more})


def carry_out(
    request: HttpRequest, form: OnceForm, action: Callable[..., Any], done: Text, **arguments: Any
) -> bool:
    """Call the action for the person who signed in, now. On success ``done`` is said on the next page."""
    if not form.carry_out(action, **arguments, by=person(request), at=timezone.now()):
        return False
    messages.success(request, str(done))
    return True


def press(
    request: HttpRequest, action: Callable[..., Any], done: Text, to: str, **arguments: Any
) -> HttpResponse:
    """A button without fields: carry the action out once and go on; a refusal is said on the next page."""
    form = OnceForm(request.POST)
    if not form.is_valid() or not carry_out(request, form, action, done, **arguments):
        say_errors(request, form)
    return redirect(to)


def say_errors(request: HttpRequest, form: forms.Form) -> None:
    """What is wrong with a form that is not shown again, as messages of the next page."""
    for lines in form.errors.values():
        for line in lines:
            messages.error(request, str(line))
