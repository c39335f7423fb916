"""Filters of the list of cases that the caller keeps under a name."""

import datetime
from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode

from django.db import models
from django.db.models import QuerySet
from django.urls import URLPattern
from rest_framework import serializers

from accounts.models import User
from api.building import deed, listing, thing
from api.defence.cases import SEE
from api.fields import Coded, OneOf, Strict, Text
from api.opening import read, sealed_context
from api.tables import Act, Resource
from cases import kinds, stages
from cases.actions import desk
from cases.models import Court, SavedFilter


class View(models.TextChoices):
    """Which cases a list begins with; open ones where none is named."""

    MINE = "mine", "Mine"
    CLOSED = "closed", "Closed"
    ALL = "all", "All"


class CounselFilter(models.TextChoices):
    """Who leads the defence."""

    NONE = "none", "None"
    OFFERED = "offered", "Offer out"
    PANEL = "panel", "Our panel"
    OWN = "own", "Own counsel"


class Order(models.TextChoices):
    """By next date where none is named."""

    NEWEST = "newest", "Newest first"


class FiltersIn(Strict):
    """At least one; a region is one that a court stands in."""

    view = OneOf(View, required=False)
    status = OneOf(kinds.CaseStatus, required=False)
    stage = OneOf(stages.Stage, required=False)
    region = Coded(r"^[a-z0-9-]{1,30}\Z", required=False)
    urgency = OneOf(kinds.Urgency, required=False)
    counsel = OneOf(CounselFilter, required=False)
    order = OneOf(Order, required=False)

    def validate_region(self, value: str) -> str:
        if not Court.objects.filter(region=value).exists():
            raise serializers.ValidationError("There is no court in such a region.", "unknown")
        return value


class KeepIn(Strict):
    """A name of one's own, and what the list shows under it."""

    name = Text(max_length=40)
    filters = FiltersIn()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The filters as the address of the desk's list has them: codes of closed lists, in one order."""
        query = urlencode(sorted((name, str(value)) for name, value in attrs["filters"].items()))
        return {"owner": self.context["by"], "name": attrs["name"], "query": query}


class FilterOut(serializers.Serializer[Any]):
    """``filters`` are parameters of the desk's list of cases; ``name`` is null unless ``?names=true``."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    kept_at = serializers.DateTimeField()
    filters = serializers.SerializerMethodField()
    name = serializers.SerializerMethodField()

    def get_filters(self, row: SavedFilter) -> dict[str, str]:
        return dict(parse_qsl(row.query))

    def get_name(self, row: SavedFilter) -> str | None:
        return read(self, row, "name")


def own_filters(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return cast("QuerySet[Any]", SavedFilter.objects.visible_to(by, at))


def open_names(rows: Sequence[Any], by: User, at: datetime.datetime) -> dict[str, Any]:
    return sealed_context(rows, "name")


SAVED = Resource("saved-filter", own_filters, FilterOut, ("kept_at", "id"), opening=open_names)


urlpatterns: list[URLPattern] = [
    *listing("saved-filters/", SAVED, SEE, Act(desk.keep_filter, SEE, input=KeepIn, adds=True)),
    *thing("saved-filters/<uuid:key>/", SAVED, SEE),
    *deed("saved-filters/<uuid:key>/drop/", SAVED, Act(desk.drop_filter, SEE, "saved", ends=True)),
]
