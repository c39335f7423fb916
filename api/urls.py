"""Addresses of the API, room by room."""

from django.urls import URLPattern, URLResolver, path, re_path

from api import auditing, gifts, panel, processor, public, reporting, trail, transparency, versions
from api.defence import (
    asked,
    budgets,
    cases,
    circumstances,
    counsel,
    court,
    files,
    filters,
    hearings,
    known,
    matching,
    office,
    papers,
    people,
    reference,
    terms,
    twice,
)
from api.description import Description
from api.money import advances, bank, books, claims, costs, funds, grants, pledges, tariffs, vouchers
from api.nowhere import Nowhere

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", Description.as_view(), name="schema"),
    *cases.urlpatterns,
    *budgets.urlpatterns,
    *people.urlpatterns,
    *court.urlpatterns,
    *reference.urlpatterns,
    *hearings.urlpatterns,
    *known.urlpatterns,
    *counsel.urlpatterns,
    *papers.urlpatterns,
    *matching.urlpatterns,
    *office.urlpatterns,
    *terms.urlpatterns,
    *circumstances.urlpatterns,
    *files.urlpatterns,
    *asked.urlpatterns,
    *twice.urlpatterns,
    *filters.urlpatterns,
    *panel.urlpatterns,
    *funds.urlpatterns,
    *grants.urlpatterns,
    *pledges.urlpatterns,
    *bank.urlpatterns,
    *books.urlpatterns,
    *tariffs.urlpatterns,
    *costs.urlpatterns,
    *claims.urlpatterns,
    *advances.urlpatterns,
    *vouchers.urlpatterns,
    *gifts.urlpatterns,
    *processor.urlpatterns,
    *reporting.urlpatterns,
    *auditing.urlpatterns,
    *trail.urlpatterns,
    *versions.urlpatterns,
    *public.urlpatterns,
    *transparency.urlpatterns,
    re_path("", Nowhere.as_view(), name="nowhere"),
]
