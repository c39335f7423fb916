"""Addresses of the calendar, under /desk/calendar/."""

from django.urls import URLPattern, URLResolver, path

from web.desk.calendar import feeds, page

urlpatterns: list[URLPattern | URLResolver] = [
    path("", page.agenda, name="calendar"),
    path("feeds/", feeds.feeds, name="calendar-feeds"),
    path("feeds/<uuid:key>/end/", feeds.end, name="calendar-feed-end"),
]
