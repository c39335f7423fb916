"""What a room says of itself: the things it has, and the acts that may be done."""

import datetime
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django_filters import FilterSet
from rest_framework.serializers import Serializer

from accounts.models import User
from api.fields import Nothing, Strict
from api.tokens import Wanted

Who = Callable[[User, datetime.datetime], QuerySet[Any]]
# Opens what a page of rows may show of people: rows, reader, moment -> the serializer's context.
Opening = Callable[[Sequence[Any], User, datetime.datetime], dict[str, Any]]


@dataclass(frozen=True)
class Resource:
    """One kind of thing. ``rows`` holds all that ``output`` needs, so that a page costs few queries.

    ``opening`` is there for things with names in them: they open on ``?names=true`` only.
    """

    name: str
    rows: Who
    output: type[Serializer[Any]]
    ordering: tuple[str, ...] = ("id",)
    filters: type[FilterSet] | None = None
    opening: Opening | None = None


@dataclass(frozen=True)
class Act:
    """A POST: ``action`` of the domain, who may, and what goes in and out.

    ``takes`` is the action's keyword for the thing in the address. ``adds`` means that something new
    comes to be: 201, and no If-Match. ``shape`` turns the thing and the values into the action's keywords.
    ``then`` runs once the action is committed. ``terms`` are what a second person approves: their being
    there adds an address ``ask/`` with the same input; ``said`` is what that person reads, the values unless
    given. ``ends`` means that nothing is left of the thing: 204.
    """

    action: Callable[..., Any]
    permission: Wanted
    takes: str = ""
    input: type[Strict] = Nothing
    answers: Resource | None = None
    adds: bool = False
    shape: Callable[[Any, dict[str, Any]], dict[str, Any]] | None = None
    pick: Callable[[Any], Any] | None = None
    same: bool = False  # the action's result is no row: the thing in the address is answered
    then: Callable[[Any], object] | None = None
    terms: Callable[[Any, dict[str, Any]], tuple[str, uuid.UUID, dict[str, Any]]] | None = None
    said: Callable[[Any, dict[str, Any]], list[list[str]]] | None = None
    ends: bool = False
    # A further rule on who may, once the thing is known.
    guard: Callable[[Any, User, datetime.datetime], bool] | None = None

    def keywords(self, target: Any, values: Any) -> dict[str, Any]:
        """What the action is called with, besides ``by`` and ``at``."""
        if self.shape is not None:
            return self.shape(target, values)
        return {**({self.takes: target} if self.takes else {}), **values}
