"""What the pages of the money room share: their tabs, and how cases are named in them."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from treasury import chart
from web.loading import person
from web.pieces import Tab

_TABS = [
    ("money", _("Overview"), "money.see"),
    ("funds", _("Funds and grants"), "money.see"),
    ("claims", _("Claims"), "money.see"),
    ("payments", _("To pay"), "money.see"),
    ("advances", _("Advances"), "money.see"),
    ("bank", _("Bank"), "money.see"),
    ("reconciliation", _("Reconciliation"), "money.see"),
    ("payees", _("Payees"), "money.see"),
    ("donations", _("Gifts"), "donations.see"),
    ("journals", _("Journals"), "money.see"),
    ("tariffs", _("Tariffs"), "money.see"),
    ("periods", _("Periods"), "money.see"),
]


def money_page(request: HttpRequest, template: str, here: str = "", **context: Any) -> HttpResponse:
    """A page of the room under its tabs; ``here`` is the tab that is open."""
    user = person(request)
    tabs = [
        Tab(word, reverse(f"desk:{name}"), current=name == here)
        for name, word, permission in _TABS
        if user.has(permission)
    ]
    rights = {
        "may_book": user.has("money.book"),
        "may_pay": user.has("money.pay"),
        "may_approve": user.has("money.approve"),
        "may_enter": user.has("claims.enter"),
    }
    common = {"tabs": tabs, "currency": chart.base_currency(), **rights}
    return render(request, f"desk/money/{template}.html", {**common, **context})


def cases_named(case_ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, Case]:
    """The cases behind these ids with their clients' code names, in one query."""
    wanted = {case_id for case_id in case_ids if case_id is not None}
    if not wanted:
        return {}
    found = Case.objects.filter(pk__in=wanted).select_related("client")
    return {case.pk: case for case in found.only("id", "reference", "client__code_name")}


def name_cases(rows: Iterable[Any]) -> None:
    """Give each row with a ``case_id`` its ``case``: only reference and code name."""
    listed = list(rows)
    known = cases_named(row.case_id for row in listed)
    for row in listed:
        row.case = known.get(row.case_id)
