"""Addresses of the match room, under /desk/match/."""

from django.urls import URLPattern, URLResolver, path

from web.desk.match import asking, comparing, deciding, plan, runs

urlpatterns: list[URLPattern | URLResolver] = [
    path("", runs.runs, name="match"),
    path("run/", runs.run_now, name="match-run"),
    path("<uuid:key>/", plan.plan, name="match-plan"),
    path("<uuid:key>/ask/", asking.ask, name="match-ask"),
    path("<uuid:key>/with/<uuid:other>/", comparing.compare, name="match-compare"),
    path("proposals/<uuid:key>/", deciding.decide, name="match-decide"),
]
