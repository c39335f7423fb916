"""Cash and other gifts: entered by one person, agreed to by another."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from treasury.actions import other_gifts as actions
from treasury.kinds import AccountKind
from treasury.models import Fund
from web.amounts import AmountField
from web.desk.acting import Act, sent
from web.desk.asking import Ask, after, agreed, ask_or_do, two_person_page, typed
from web.desk.money.fund_forms import day_field
from web.forms import OnceForm
from web.loading import room


class OtherGiftForm(OnceForm):
    fund: Any = forms.ModelChoiceField(label=_("For the fund"), queryset=None)
    amount_minor = AmountField(label=_("Amount"))
    place = forms.ChoiceField(
        label=_("Where the money is"),
        choices=[
            (AccountKind.CASH.value, _("In the cash box")),
            (AccountKind.RECEIVABLE.value, _("With another platform that will pay it to us")),
        ],
        widget=forms.RadioSelect,
    )
    received_on = day_field(_("Received on"))
    evidence = forms.CharField(
        label=_("What shows it"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who counted it, which slip or list. Sealed. Never the giver's name."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund"].queryset = Fund.objects.open()  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """What the action takes, besides who and when."""
        values = {
            name: self.cleaned_data[name] for name in ("fund", "amount_minor", "received_on", "evidence")
        }
        return {**values, "place": AccountKind(self.cleaned_data["place"])}


@require_http_methods(["GET", "POST"])
@room("money.book")
def other_gift(request: HttpRequest) -> HttpResponse:
    """A gift in cash or from elsewhere, once a colleague agrees to exactly this."""
    approval = agreed(request)
    first = {"received_on": timezone.localdate(), "place": AccountKind.CASH.value}
    form = sent(request, OtherGiftForm, initial=typed(approval, OtherGiftForm) or first)
    if form.is_valid():
        values = form.arguments()
        ask = Ask("other-gift", values["fund"].pk, actions.other_gift_terms(**values))
        if ask_or_do(request, form, ask, actions.book_other_gift, gettext("The gift is booked."), **values):
            return after(form, reverse("desk:journals"))
    lead = _("Two people have to have seen it. The giver's name is written nowhere.")
    back = reverse("desk:bank")
    act = Act(_("Enter a gift in cash or from elsewhere"), _("Book the gift"), back, lead, _("Bank"))
    return two_person_page(request, form, act, approval)
