"""What is left in a fund that ended or got more than its goal: where its givers agreed it goes."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from donations import leftovers
from donations.actions.leftovers import leftover_terms, move_leftover
from donations.fallbacks import GENERAL, GIVE_BACK, SAME_CAUSE
from treasury import chart
from treasury.kinds import FundKind
from treasury.models import Fund
from web.desk.acting import Act, sent
from web.desk.asking import Ask, after, agreed, ask_or_do, two_person_page, typed
from web.formats import write_money
from web.forms import OnceForm
from web.loading import load, person, room

_TAKES = (FundKind.GENERAL, FundKind.CAMPAIGN, FundKind.GROUP, FundKind.CASE)


class LeftoverForm(OnceForm):
    same_cause: Any = forms.ModelChoiceField(
        label=_("For the same cause"), queryset=None, help_text=_("Other trials of this kind.")
    )
    general: Any = forms.ModelChoiceField(label=_("For the general fund"), queryset=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        takes = Fund.objects.open().filter(kind__in=_TAKES)
        general = takes.filter(kind=FundKind.GENERAL)
        self.fields["same_cause"].queryset = takes  # type: ignore[attr-defined]
        self.fields["general"].queryset = general  # type: ignore[attr-defined]
        self.fields["general"].initial = general.first()


@require_http_methods(["GET", "POST"])
@room("money.book")
def leftover(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Move what is spare, as the givers agreed, by two people."""
    fund: Fund = load(Fund.objects.visible_to(person(request)), pk)
    approval = agreed(request)
    form = sent(request, LeftoverForm, initial=typed(approval, LeftoverForm))
    back = reverse("desk:fund", args=[pk])
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("same_cause", "general")}
        ask = Ask("allocation", fund.pk, leftover_terms(fund=fund, **values))
        words = str(_("What was left is moved."))
        if ask_or_do(request, form, ask, move_leftover, words, fund=fund, **values):
            return after(form, back)
    found = leftovers.left_over(fund, timezone.localdate())
    lead = _(
        "As the givers agreed: %(same)s for the same cause, %(general)s for the general fund, %(back)s back."
    )
    said = lead % {
        "same": _money(found.total(SAME_CAUSE)),
        "general": _money(found.total(GENERAL)),
        "back": _money(found.total(GIVE_BACK)),
    }
    return two_person_page(request, form, Act(_("What is left over"), _("Move it"), back, said), approval)


def _money(minor: int) -> str:
    return write_money(minor, chart.base_currency())
