"""Addresses of the lawyers' room, under /counsel/."""

from django.urls import URLPattern, URLResolver, path

from web.counsel import answers, claims, page

app_name = "counsel"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", page.own, name="own"),
    path("<uuid:key>/", page.one, name="one"),
    path("<uuid:key>/names/", answers.names, name="names"),
    path("<uuid:key>/accept/", answers.accept, name="accept"),
    path("<uuid:key>/decline/", answers.decline, name="decline"),
    path("<uuid:key>/claim/", claims.claim, name="claim"),
    path("<uuid:key>/hearings/<uuid:hearing_id>/", answers.report, name="report"),
]
