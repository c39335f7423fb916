"""Addresses of the room of reports."""

from django.urls import URLPattern, path

from web.desk.reports import behind, due, room, taking

urlpatterns: list[URLPattern] = [
    path("", room.reports, name="reports"),
    path("check/", taking.check, name="report-check"),
    path("saved/", due.saved, name="reports-saved"),
    path("saved/new/", due.save, name="report-save"),
    path("saved/<uuid:pk>/end/", due.end, name="report-end"),
    path("saved/<uuid:pk>/make/", due.make, name="report-make"),
    path("explain/<uuid:pk>/<str:day>/", due.explain, name="report-explain"),
    path("<uuid:pk>/", room.report, name="report"),
    path("<uuid:pk>/<slug:section>/<slug:row>/<slug:key>/", behind.figure, name="report-figure"),
    path("files/<uuid:pk>/", taking.take, name="report-take"),
]
