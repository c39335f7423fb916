"""Addresses without a language, at the root: for machines, and the way out for everybody."""

from django.urls import URLPattern, URLResolver, path

from web import hooks
from web.desk.calendar import feeds
from web.pages import health, leave
from web.public import transparency

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("hooks/stripe/", hooks.stripe, name="stripe-hook"),
    path("transparency/verifier.py", transparency.verifier_file, name="verifier"),
    path("transparency/latest.txt", transparency.latest, name="latest-checkpoint"),
    path("transparency/keys.txt", transparency.keys, name="log-keys"),
    path("transparency/checkpoints/<int:size>.txt", transparency.checkpoint, name="checkpoint-file"),
    path("calendar/<str:secret>.ics", feeds.calendar_file, name="calendar-feed"),
    path("leave/", leave.leave, name="leave"),
]
