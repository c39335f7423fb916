"""Every address of the API, with its view, for tests that walk all of them."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern

from api.endpoints import Collection, Deed, Endpoint
from api.urls import urlpatterns
from tests.api.world import World


def views() -> Iterator[tuple[str, str, Any]]:
    """Name, address with ``{key}``, and view class of each endpoint of ours."""
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        view = pattern.callback.cls
        if issubclass(view, Endpoint) and pattern.name != "nowhere":
            route = str(pattern.pattern).replace("<uuid:key>", "{key}").replace("<int:key>", "{key}")
            yield str(pattern.name), route, view


def reads() -> list[tuple[str, str, Any]]:
    return [row for row in views() if hasattr(row[2], "get")]


def acts() -> list[tuple[str, str, Any]]:
    return [row for row in views() if issubclass(row[2], Deed)]


def lists() -> list[tuple[str, str, Any]]:
    return [row for row in views() if issubclass(row[2], Collection)]


def key_of(view: Any, world: World, user: Any) -> Any:
    """The id of something this person may see there, else one of nothing."""
    if getattr(view, "resource", None) is None:
        return uuid.uuid4()
    row = view.resource.rows(user, world.at).first()
    if row is not None:
        return row.pk
    return 0 if view.resource.name in ("event", "reading") else uuid.uuid4()
