"""What one person may agree to alone: tariffs and standing authorities, each put in force by two."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from treasury import tariffs as rules
from treasury.actions import authorities as actions
from treasury.kinds import Category
from treasury.models import StandingAuthority, Tariff
from vault.keys import ORGANISATION
from web.amounts import AmountField
from web.desk.acting import Act, press, sent
from web.desk.asking import Ask, after, agreed, ask_or_do, two_person_page, typed
from web.desk.money.fund_forms import COSTS, day_field
from web.desk.money.rooms import money_page
from web.forms import OnceForm
from web.loading import load, room


def _fees() -> dict[str, forms.Field]:
    return {f"most_{code}": AmountField(label=label, required=False) for code, label in COSTS}


class _TariffFields(OnceForm):
    name = forms.CharField(label=_("Name"), max_length=80)
    valid_from = day_field(_("In force from"))
    valid_until = day_field(_("To"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not self.fees():
            self.add_error(None, _("Fill in the most for at least one cost."))
        return cleaned

    def fees(self) -> list[tuple[Category, str, int]]:
        """The most for each cost that was filled in, at any stage."""
        named = [(code, self.cleaned_data.get(f"most_{code}")) for code, _label in COSTS]
        return [(Category(code), "", most) for code, most in named if most]


# One optional amount for each cost: the form's class is made from the list of costs.
TariffForm: type[_TariffFields] = type("TariffForm", (_TariffFields,), _fees())


class AuthorityForm(OnceForm):
    monthly_minor = AmountField(label=_("The most in a month"))
    valid_from = day_field(_("From"))
    valid_until = day_field(_("To"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        begins, ends = cleaned.get("valid_from"), cleaned.get("valid_until")
        if begins and ends and ends < begins:
            self.add_error("valid_until", _("It ends before it begins."))
        return cleaned


@require_safe
@room("money.see")
def tariffs(request: HttpRequest) -> HttpResponse:
    """Tariffs with their lines, and the authorities that rest on them."""
    today = timezone.localdate()
    listed = Tariff.objects.prefetch_related("lines", "authorities").order_by("-valid_from")[:20]
    shown = [
        {
            "tariff": tariff,
            "in_force": rules.is_valid(tariff, today),
            "authorities": [_standing(row, today) for row in tariff.authorities.all()],
        }
        for tariff in listed
    ]
    return money_page(request, "tariffs", "tariffs", shown=shown)


def _standing(row: StandingAuthority, today: Any) -> dict[str, Any]:
    live = row.valid_from <= today <= row.valid_until and (row.ended_on is None or row.ended_on > today)
    return {"row": row, "live": live, "used_minor": rules.used_in_month(row, today) if live else 0}


@require_http_methods(["GET", "POST"])
@room("money.book", "money.approve")
def propose_tariff(request: HttpRequest) -> HttpResponse:
    """Put fees in force that one person may then agree to."""
    approval = agreed(request)
    form = sent(request, TariffForm, initial=typed(approval, TariffForm))
    back = reverse("desk:tariffs")
    if form.is_valid():
        chosen = {"name": form.cleaned_data["name"], "valid_from": form.cleaned_data["valid_from"]}
        ask = Ask("standing-authority", ORGANISATION, actions.tariff_terms(fees=form.fees(), **chosen))
        values = {**chosen, "valid_until": form.cleaned_data["valid_until"], "fees": form.fees()}
        words = gettext("The tariff is in force.")
        if ask_or_do(request, form, ask, actions.approve_tariff, words, **values):
            return after(form, back)
    lead = _("The most that one person may agree to, for each cost. An empty line needs a second person.")
    return two_person_page(request, form, Act(_("A new tariff"), _("Put in force"), back, lead), approval)


@require_http_methods(["GET", "POST"])
@room("money.book", "money.approve")
def propose_authority(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Let one person commit under a tariff, up to an amount each month."""
    tariff: Tariff = load(Tariff.objects.all(), pk)
    approval = agreed(request)
    form = sent(request, AuthorityForm, initial=typed(approval, AuthorityForm))
    back = reverse("desk:tariffs")
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("monthly_minor", "valid_from", "valid_until")}
        ask = Ask("standing-authority", tariff.pk, actions.authority_terms(**values))
        words = gettext("The authority is in force.")
        act = actions.grant_standing_authority
        if ask_or_do(request, form, ask, act, words, tariff=tariff, **values):
            return after(form, back)
    lead = _("Under the tariff “%s”.") % tariff.name
    page = Act(_("A standing authority"), _("Put in force"), back, lead)
    return two_person_page(request, form, page, approval)


@require_POST
@room("money.book", "money.approve")
def end_authority(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Withdraw it from today; that takes nobody's consent."""
    authority: StandingAuthority = load(StandingAuthority.objects.filter(ended_on=None), pk)
    words = _("The authority has ended.")
    act = actions.end_standing_authority
    return press(request, act, words, reverse("desk:tariffs"), authority=authority)
