"""The second row of tabs: what there is to see of gifts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from donations.models import Alarm
from web.desk.money.rooms import money_page
from web.loading import person
from web.pieces import Tab

_TABS = [
    ("donations", _("All gifts")),
    ("quarantine", _("To decide")),
    ("refunds", _("Refunds")),
    ("disputes", _("Disputes")),
    ("payouts", _("Payouts")),
    ("recurring", _("Monthly")),
    ("gift-currencies", _("Currencies")),
]


def gifts_page(request: HttpRequest, template: str, here: str = "", **context: Any) -> HttpResponse:
    """A page about gifts under both rows of tabs."""
    waiting = Alarm.objects.open().count()
    gift_tabs = [
        Tab(word, reverse(f"desk:{name}"), name == here, waiting if name == "quarantine" else None)
        for name, word in _TABS
    ]
    may_work = person(request).has("donations.work")
    return money_page(
        request, template, "donations", gift_tabs=gift_tabs, may_work=may_work, waiting=waiting, **context
    )
