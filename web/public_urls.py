"""Pages whose address begins with the language; config wraps them in i18n_patterns."""

from django.urls import URLPattern, URLResolver, path

from web.pages import about
from web.public import campaigns, gift, giving, home, paying, thanks, transparency
from web.public.asking import feedback, helping
from web.public.my import entering, erasing, papers
from web.public.my import home as my_home
from web.public.my import year as my_year

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
    path("my/", my_home.home, name="my"),
    path("my/sign-in/", entering.address, name="my-sign-in"),
    path("my/sign-in/<uuid:asked>/", entering.code, name="my-code"),
    path("my/sign-out/", entering.leave, name="my-sign-out"),
    path("my/gifts/<uuid:gift_id>/", papers.gift, name="my-gift"),
    path("my/statements/<int:year>/", my_year.year, name="my-statement"),
    path("my/level/", my_home.level, name="my-level"),
    path("my/yearly/", my_home.yearly, name="my-yearly"),
    path("my/copy/", papers.copy, name="my-copy"),
    path("my/erase/", erasing.erase, name="my-erase"),
    path("help/", helping.ask, name="help"),
    path("help/back/", helping.back, name="help-back"),
    path("help/feedback/", feedback.send, name="feedback"),
    path("help/feedback/answers/", feedback.answers, name="feedback-answers"),
    path("transparency/", transparency.transparency, name="transparency"),
    path("about/", about.about, name="about"),
    path("about/giving/", about.giving, name="about-giving"),
    path("about/access/", about.access, name="about-access"),
]
