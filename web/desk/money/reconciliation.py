"""Bank beside books, account by account, for the end of a month or for today."""

import datetime

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from treasury.bank import reconciliation as standing
from treasury.bank.models import BankAccount
from treasury.chart import base_currency
from web.desk.money.rooms import money_page
from web.formats import write_moment
from web.forms import FilterForm
from web.loading import room

MONTHS = 18


class MonthForm(FilterForm):
    on = forms.ChoiceField(label=_("As it stood on"))

    def __init__(self, *args: object, today: datetime.date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        days = [("", _("Today")), *((day.isoformat(), write_moment(day)) for day in month_ends(today))]
        self.fields["on"].choices = days  # type: ignore[attr-defined]


def month_ends(today: datetime.date) -> list[datetime.date]:
    """The last days of the months before, newest first."""
    ends = []
    first = today.replace(day=1)
    for _month in range(MONTHS):
        ends.append(first - datetime.timedelta(days=1))
        first = ends[-1].replace(day=1)
    return ends


@require_safe
@room("money.see")
def reconciliation(request: HttpRequest) -> HttpResponse:
    """Every difference is 0.00 or stands beside the open items that explain it."""
    today = timezone.localdate()
    form = MonthForm(request.GET, today=today)
    chosen = form.cleaned_data["on"] if form.is_valid() else ""
    on = datetime.date.fromisoformat(chosen) if chosen else today
    rows = standing.accounts_on(on)
    for row in rows:
        for journal in row.unseen:
            journal.shown_minor = -journal.net
    places = standing.waiting_places(on)
    foreign = [
        (account, standing.foreign_minor(account, on), standing.chain(account, on)[2])
        for account in BankAccount.objects.exclude(code="").exclude(currency=base_currency())
    ]
    return money_page(
        request,
        "reconciliation",
        "reconciliation",
        form=form,
        on=on,
        rows=rows,
        places=places,
        foreign=foreign,
        unconnected=BankAccount.objects.filter(code="").count(),
        unexplained=sum(abs(row.unexplained_minor) for row in rows),
    )
