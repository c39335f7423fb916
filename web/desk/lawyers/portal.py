"""Opening the room of lawyers abroad to one of them, by two people; and closing it again, by one."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from cases.models import CounselPayee, Representation
from lawyers.actions import panel
from lawyers.models import Lawyer
from web.desk.acting import press, sent
from web.desk.asking import Ask, after, agreed, ask_or_do, kept, typed
from web.forms import OnceForm
from web.loading import load, person, room


class PortalForm(OnceForm):
    """Whose account it becomes. The country is asked for so that nobody overlooks the question."""

    account: Any = forms.ModelChoiceField(
        label=_("Account"),
        queryset=None,
        widget=forms.RadioSelect,
        empty_label=None,
        help_text=_("Accounts with the role “Lawyer abroad” that belong to no lawyer yet, by alias."),
    )
    abroad = forms.BooleanField(
        label=_("They live outside the country, and do not travel there with the device they use for this")
    )
    whom = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = panel.portal_accounts(timezone.now())  # type: ignore[attr-defined]
        self.fields["account"].label_from_instance = lambda user: user.username  # type: ignore[attr-defined]

    def also_said(self) -> list[tuple[str, str]]:
        """Whom it is for: the form itself names only the account."""
        return [(gettext("For"), self.whom)]


@require_http_methods(["GET", "HEAD", "POST"])
@room("lawyers.work")
def portal(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What they will see or see now; the account it is opened to, once a colleague agrees."""
    lawyer: Lawyer = load(Lawyer.objects.visible_to(person(request)).on_panel(), key)
    approval = agreed(request)
    form = sent(request, PortalForm, initial=typed(approval, PortalForm))
    form.whom = lawyer.code_name
    if lawyer.user_id is None and form.is_valid():
        user = form.cleaned_data["account"]
        ask = Ask("lawyer.portal", lawyer.pk, {"user": str(user.pk)})
        words = gettext("The portal is open to them.")
        if ask_or_do(request, form, ask, panel.open_portal, words, lawyer=lawyer, user=user):
            return after(form, reverse("desk:lawyer", args=[key]))
    live = Representation.objects.live().filter(lawyer=lawyer)
    context = {
        "lawyer": lawyer,
        "form": form,
        "accounts": form.fields["account"].queryset.exists(),  # type: ignore[attr-defined]
        "offers": live.filter(state="offered").count(),
        "defends": live.exclude(state="offered").count(),
        "paid_as": CounselPayee.objects.filter(lawyer=lawyer).select_related("payee").first(),
        "agreed_lines": kept(approval)["said"] if approval is not None else [],
        "may_add_people": person(request).has("people.see"),
    }
    return render(request, "desk/lawyers/portal.html", context)


@require_POST
@room("lawyers.work")
def close(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Their account opens nothing any more; a coordinator speaks with them again."""
    lawyer: Lawyer = load(Lawyer.objects.visible_to(person(request)), key)
    done = _("The portal is closed. Whatever they had open in a browser has ended.")
    return press(request, panel.close_portal, done, reverse("desk:lawyer", args=[key]), lawyer=lawyer)
