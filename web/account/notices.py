"""Where a colleague wants to hear that something waits for them."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.actions.notices import set_notice_address
from accounts.models import NoticeAddress
from web.desk.acting import carry_out, sent
from web.forms import OnceForm
from web.loading import person, room


class NoticeForm(OnceForm):
    """An address that says nothing about its owner, or none."""

    email = forms.EmailField(
        label=_("Address for notices"),
        help_text=_(
            "One that does not hold your name. Empty: no notices. It is sealed and never shown again."
        ),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


@require_http_methods(["GET", "POST"])
@room("desk.enter")
def notices(request: HttpRequest) -> HttpResponse:
    """The letter says "You have a message" and nothing else."""
    user = person(request)
    form = sent(request, NoticeForm)
    if form.is_valid():
        values = {"address": form.cleaned_data["email"], "language": get_language() or "en"}
        if carry_out(request, form, set_notice_address, _("Kept."), user=user, **values):
            return redirect("notices")
    kept = NoticeAddress.objects.filter(user=user, address__isnull=False).exists()
    return render(request, "account/notices.html", {"form": form, "kept": kept})
