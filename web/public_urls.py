"""Pages whose address begins with the language; config wraps them in i18n_patterns."""

from django.urls import URLPattern, URLResolver, path

from web.pages import about
from web.public import campaigns, gift, giving, home, paying, thanks, transparency

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("campaigns/", campaigns.listing, name="campaigns"),
    path("campaigns/<uuid:page_id>/", campaigns.campaign, name="campaign"),
    path("give/", giving.safe, name="give"),
    path("give/other-ways/", giving.unsafe, name="give-unsafe"),
    path("give/amount/", giving.amount, name="give-amount"),
    path("give/check/", paying.check, name="give-check"),
    path("give/thanks/<uuid:donation_id>/", thanks.thanks, name="give-thanks"),
    path("give/back/<uuid:donation_id>/", thanks.stopped, name="give-stopped"),
    path("gift/", gift.find, name="gift-find"),
    path("gift/<str:code>/", gift.gift, name="gift"),
    path("transparency/", transparency.transparency, name="transparency"),
    path("about/", about.about, name="about"),
    path("about/giving/", about.giving, name="about-giving"),
    path("about/access/", about.access, name="about-access"),
]
