"""Two records of one person, one record of two people, and related people whom we defend: a human's say.

Joining and taking apart take two people: ``ask/`` first, with the same body.
"""

import datetime
import uuid
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern
from rest_framework import serializers

from accounts.models import User
from api.building import deed
from api.defence.cases import open_cases
from api.defence.circumstances import PARTIES
from api.defence.intake import open_clients
from api.defence.people import CLIENTS
from api.fields import Ref, Strict, Text
from api.tables import Act
from cases.actions import circumstances, merging
from cases.models import Client

WORK, TAKES_IN = "cases.work", "cases.open"
Terms = tuple[str, uuid.UUID, dict[str, Any]]
Said = list[list[str]]


def merged_clients(by: User, at: datetime.datetime) -> QuerySet[Any]:
    """Records that were joined to people of whom the caller holds a case."""
    return Client.objects.filter(merged_into__in=open_clients(by, at))


class MergeIn(Strict):
    """The second record of the same person, of which the caller holds a case too."""

    merged = Ref(open_clients)


class SplitIn(Strict):
    """``cases`` are the other person's: they go to a new record under ``name``, or back to a merged one."""

    cases = serializers.ListField(child=Ref(open_cases), min_length=1, max_length=50)
    name = Text(default="", max_length=120)
    back_to = Ref(merged_clients, allow_null=True, default=None)


class RecogniseIn(Strict):
    """``person`` is the client that somebody related to a case is; null when it is nobody we defend."""

    person = Ref(open_clients, allow_null=True)


def _merge_terms(survivor: Client, values: dict[str, Any]) -> Terms:
    """What stands in the way is told before a colleague is asked."""
    merging.refuse_merge(survivor, values["merged"])
    return merging.MERGE, values["merged"].pk, merging.merge_terms(survivor)


def _merge_said(survivor: Client, values: dict[str, Any]) -> Said:
    return [["record that stands", survivor.code_name], ["joined to it", values["merged"].code_name]]


def _split_terms(client: Client, values: dict[str, Any]) -> Terms:
    return merging.SPLIT, client.pk, merging.split_terms(values["cases"], values["back_to"])


def _split_said(client: Client, values: dict[str, Any]) -> Said:
    other = values["back_to"].code_name if values["back_to"] else values["name"]
    cases = "; ".join(str(case) for case in values["cases"])
    return [["record", client.code_name], ["cases of the other person", cases], ["they go to", other]]


ONE = "clients/<uuid:key>/"
urlpatterns: list[URLPattern] = [
    *deed(
        f"{ONE}merge/",
        CLIENTS,
        Act(merging.merge_clients, TAKES_IN, "survivor", MergeIn, terms=_merge_terms, said=_merge_said),
    ),
    *deed(
        f"{ONE}split/",
        CLIENTS,
        Act(
            merging.split_client, TAKES_IN, "client", SplitIn, adds=True, terms=_split_terms, said=_split_said
        ),
    ),
    *deed(
        "parties/<uuid:key>/recognise/",
        PARTIES,
        Act(circumstances.recognise_party, WORK, "party", RecogniseIn),
    ),
]
