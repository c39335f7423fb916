"""Addresses of the room of reports."""

from django.urls import URLPattern, path

from web.desk.reports import room, taking

urlpatterns: list[URLPattern] = [
    path("", room.reports, name="reports"),
    path("check/", taking.check, name="report-check"),
    path("<uuid:pk>/", room.report, name="report"),
    path("files/<uuid:pk>/", taking.take, name="report-take"),
]
