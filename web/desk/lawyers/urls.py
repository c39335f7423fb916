"""Addresses of the room of lawyers, under /desk/lawyers/."""

from django.urls import URLPattern, URLResolver, path

from web.desk.audit.opened import lawyer_opened
from web.desk.lawyers import adding, losing, page, panel, portal, recording

urlpatterns: list[URLPattern | URLResolver] = [
    path("", panel.lawyers, name="lawyers"),
    path("add/", adding.add, name="lawyer-add"),
    path("<uuid:key>/", page.lawyer, name="lawyer"),
    path("<uuid:key>/opened/", lawyer_opened, name="lawyer-opened"),
    path("<uuid:key>/licence/", recording.licence, name="lawyer-licence"),
    path("<uuid:key>/competence/", recording.competence, name="lawyer-competence"),
    path("<uuid:key>/coverage/", recording.coverage, name="lawyer-coverage"),
    path("<uuid:key>/languages/", recording.languages, name="lawyer-languages"),
    path("<uuid:key>/capacity/", recording.capacity, name="lawyer-capacity"),
    path("<uuid:key>/suspension/", recording.suspension, name="lawyer-suspend"),
    path("<uuid:key>/portal/", portal.portal, name="lawyer-portal"),
    path("<uuid:key>/portal/close/", portal.close, name="lawyer-portal-close"),
    path("<uuid:key>/lose/", losing.lose, name="lawyer-lose"),
    path("<uuid:key>/lost/", losing.lost, name="lawyer-lost"),
    path("<uuid:key>/lost/repair/", losing.repair, name="lawyer-repair"),
    path("<uuid:key>/back/", losing.bring_back, name="lawyer-back"),
    path("<uuid:key>/away/", recording.away, name="lawyer-away"),
]
