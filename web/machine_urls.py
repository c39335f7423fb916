"""Addresses without a language, at the root: for machines, and the way out for everybody."""

from django.urls import URLPattern, URLResolver, path

from web import hooks
from web.pages import health, leave

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("hooks/stripe/", hooks.stripe, name="stripe-hook"),
    path("leave/", leave.leave, name="leave"),
]
