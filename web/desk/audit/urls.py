"""Addresses of the auditors' room."""

from django.urls import URLPattern, path

from web.desk.audit import events, readings

urlpatterns: list[URLPattern] = [
    path("", events.audit, name="audit"),
    path("events/<int:seq>/", events.event, name="event"),
    path("readings/", readings.readings, name="readings"),
    path("state/", events.state, name="log-state"),
]
