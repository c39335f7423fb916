"""Lawyers who are bound to somebody against whom a client stands, outside the trials they share.

A related person (witness, called a victim, accuser, co-accused) who was found to be a client of ours stands
against the client who named them, and the other way round: whoever defends one, or did, cannot defend the
other. A human says who a related person is; names alone decide nothing.
"""

import uuid
from collections import defaultdict
from typing import Any

from django.db.models import Q, QuerySet

from cases import kinds
from cases.circumstances import PartyKind
from cases.models import RelatedParty, Representation

AGAINST = (PartyKind.WITNESS, PartyKind.VICTIM, PartyKind.ACCUSER, PartyKind.CO_ACCUSED)
_DEFENDED = (*kinds.DEFENDING, kinds.EpisodeState.ENDED)


def lawyers_bound(
    clients: "QuerySet[Any, Any]", *, apart: uuid.UUID | None = None
) -> dict[uuid.UUID, set[uuid.UUID]]:
    """client -> lawyers bound to somebody against them; two queries, one where nobody is related.

    ``apart`` is a person who counts as standing against nobody: a record about to be found the same.
    """
    related = RelatedParty.objects.standing().filter(person__isnull=False, kind__in=AGAINST)
    pairs = related.filter(Q(client__in=clients) | Q(person__in=clients)).values_list("client", "person")
    against: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for one, other in pairs:
        if apart not in (one, other):
            against[one].add(other)
            against[other].add(one)
    if not against:
        return {}
    bound: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    episodes = Representation.objects.filter(client__in=against, state__in=_DEFENDED, lawyer__isnull=False)
    for client_id, lawyer_id in episodes.values_list("client", "lawyer"):
        for other in against[client_id]:
            bound[other].add(lawyer_id)
    return dict(bound)
