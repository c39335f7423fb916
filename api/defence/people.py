"""Clients and what may be done for them: only where a case of theirs is open to the caller."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any, cast

from django.db.models import QuerySet
from django.urls import URLPattern
from rest_framework import serializers

from accounts.models import User
from api.building import deed, listing, thing
from api.defence.intake import open_clients
from api.fields import Day, OneOf, Strict, Text
from api.filtering import FilterSet, choice, flag, ident
from api.opening import read, sealed_context
from api.tables import Act, Resource
from cases import kinds
from cases.actions import people
from cases.models import Authority

WORK = "cases.work"


class ClientOut(serializers.Serializer[Any]):
    """Names and contacts are null unless ``?names=true``; opening them is recorded.

    ``merged`` are other records of this person, joined to this one.
    """

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    code_name = serializers.CharField()
    kind = serializers.ChoiceField(kinds.ClientKind.choices)
    merged = serializers.SerializerMethodField()
    name = serializers.SerializerMethodField()
    latin_name = serializers.SerializerMethodField()
    alias = serializers.SerializerMethodField()
    contacts = serializers.SerializerMethodField()
    born_on = serializers.SerializerMethodField()

    def get_merged(self, row: Any) -> list[uuid.UUID]:
        return [other.pk for other in row.merged.all()]

    def get_name(self, row: Any) -> str | None:
        return read(self, row, "name")

    def get_latin_name(self, row: Any) -> str | None:
        return read(self, row, "latin_name")

    def get_alias(self, row: Any) -> str | None:
        return read(self, row, "alias")

    def get_contacts(self, row: Any) -> str | None:
        return read(self, row, "contacts")

    def get_born_on(self, row: Any) -> str | None:
        return read(self, row, "born_on")


def open_people(rows: Sequence[Any], by: User, at: datetime.datetime) -> dict[str, Any]:
    """Every row of this list is open to the caller."""
    return sealed_context(rows, "name")


def clients_whole(by: User, at: datetime.datetime) -> QuerySet[Any]:
    """With the records that were joined to them."""
    return cast("QuerySet[Any]", open_clients(by, at).prefetch_related("merged"))


CLIENTS = Resource("client", clients_whole, ClientOut, ("code_name",), opening=open_people)


class ClientIn(Strict):
    """Only what is sent is changed."""

    name = Text(required=False)
    latin_name = Text(required=False)
    alias = Text(required=False)
    contacts = Text(required=False, max_length=1000)
    place = Text(required=False)
    guardian = Text(required=False)
    citizenship = Text(required=False)
    born_on = Day(required=False, allow_null=True)
    kind = OneOf(kinds.ClientKind, required=False)


class ConsentOut(serializers.Serializer[Any]):
    """Who gave it, and to whom something is shared, is not told."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    client = serializers.UUIDField(source="client_id")
    kind = serializers.ChoiceField(kinds.AuthorityKind.choices)
    basis = serializers.ChoiceField(kinds.Basis.choices)
    relation = serializers.ChoiceField(kinds.Relation.choices)
    given_on = serializers.DateField()
    withdrawn_on = serializers.DateField(allow_null=True)


def open_authorities(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return Authority.objects.filter(client__in=open_clients(by, at)).select_related("client")


class AuthorityFilters(FilterSet):
    client = ident("client_id")
    kind = choice(kinds.AuthorityKind)
    live = flag("withdrawn_on", "isnull")


AUTHORITIES = Resource("authority", open_authorities, ConsentOut, ("-given_on", "id"), AuthorityFilters)


class ConsentIn(Strict):
    kind = OneOf(kinds.AuthorityKind)
    basis = OneOf(kinds.Basis)
    relation = OneOf(kinds.Relation)
    given_on = Day()
    given_by = Text(default="")
    detail = Text(default="", max_length=1000)


class WithdrawnIn(Strict):
    withdrawn_on = Day(allow_null=True, default=None)


ONE = "clients/<uuid:key>/"
urlpatterns: list[URLPattern] = [
    *listing("clients/", CLIENTS, WORK),
    *thing(ONE, CLIENTS, WORK),
    *deed(f"{ONE}change/", CLIENTS, Act(people.change_client, WORK, "client", ClientIn)),
    *deed(
        f"{ONE}authorities/",
        CLIENTS,
        Act(people.add_authority, WORK, "client", ConsentIn, AUTHORITIES, adds=True),
    ),
    *listing("authorities/", AUTHORITIES, WORK),
    *thing("authorities/<uuid:key>/", AUTHORITIES, WORK),
    *deed(
        "authorities/<uuid:key>/withdraw/",
        AUTHORITIES,
        Act(people.withdraw_authority, WORK, "authority", WithdrawnIn),
    ),
]
