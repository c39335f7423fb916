"""Gifts in other currencies: the payment company's conversion, its rate, and what that made of a gift."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from donations import converted
from treasury import chart
from web.desk.money.gift_tabs import gifts_page
from web.loading import room
from web.paging import page_of


@require_safe
@room("donations.see")
def gift_currencies(request: HttpRequest) -> HttpResponse:
    """What was converted, newest first, beside the rate of the books; and what lies there unconverted."""
    page = page_of(converted.gifts(), cursor=request.GET.get("cursor", ""), order="-given_on", size=50)
    return gifts_page(
        request,
        "gift_currencies",
        "gift-currencies",
        page=page,
        rows=[converted.conversion(gift) for gift in page.rows],
        lying=converted.lying(),
        currency=chart.base_currency(),
    )
