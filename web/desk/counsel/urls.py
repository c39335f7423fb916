"""Addresses of the Counsel tab, under /desk/cases/<case_id>/counsel/."""

from django.urls import URLPattern, URLResolver, path

from web.desk.counsel import episodes, page

urlpatterns: list[URLPattern | URLResolver] = [
    path("", page.counsel, name="case-counsel"),
    path("own/", page.own_counsel, name="case-own-counsel"),
    path("<uuid:key>/withdraw/", episodes.withdraw, name="counsel-withdraw"),
    path("<uuid:key>/agreement/", episodes.agreement, name="counsel-agreement"),
    path("<uuid:key>/warrant/", episodes.warrant, name="counsel-warrant"),
    path("<uuid:key>/end/", episodes.end, name="counsel-end"),
]
