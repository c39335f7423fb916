"""Addresses. Pages for people carry their language; machines have none."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("web.machine_urls")),
    path("api/v1/", include("api.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("account/", include("web.account_urls")),
    path("desk/", include("web.desk_urls")),
    path("counsel/", include("web.counsel.urls")),
    *i18n_patterns(path("", include("web.public_urls")), prefix_default_language=True),
]
