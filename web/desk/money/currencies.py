"""Rates of exchange that the books used: for which day, from which source, entered by whom."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from treasury.models import BankLine, Exchange
from web.desk.money.rooms import money_page
from web.loading import room
from web.paging import page_of


@require_safe
@room("money.see")
def currencies(request: HttpRequest) -> HttpResponse:
    """Each rate with its journal, newest first, and how many lines wait for one."""
    rates = Exchange.objects.select_related("journal", "line")
    page = page_of(rates, cursor=request.GET.get("cursor", ""), order="-rate_on", size=50)
    waiting = BankLine.objects.filter(left__base_minor=None).count()
    return money_page(request, "currencies", "bank", page=page, waiting=waiting, back_word=_("Bank"))
