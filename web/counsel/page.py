"""A lawyer's own offers and cases; and one of them, as far as it is open to them now."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases import kinds, portal
from cases.actions.papers import is_silenced
from cases.models import Representation
from treasury import chart
from vault.fields import prefetch
from web.loading import load, person, room


def own_episodes(request: HttpRequest) -> Any:
    """Only those of the person who signed in, while they are on the panel."""
    user = person(request)
    return Representation.objects.filter(lawyer__user=user, lawyer__is_active=True).select_related(
        "case__client", "case__court", "client", "lawyer", "commitment"
    )


@require_safe
@room("portal.enter")
def own(request: HttpRequest) -> HttpResponse:
    """Code names and regions only."""
    rows = list(own_episodes(request).order_by("-offered_at", "pk"))
    context = {
        "offers": [row for row in rows if row.state == kinds.EpisodeState.OFFERED],
        "defending": [row for row in rows if row.state in kinds.DEFENDING],
        "over": [row for row in rows if row.state not in kinds.LIVE],
        "now": timezone.now(),
    }
    return render(request, "counsel/own.html", context)


@require_safe
@room("portal.enter")
def one(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The region; the names once asked for; the facts once accepted."""
    episode = load(own_episodes(request), key)
    now = timezone.now()
    context = {
        "episode": episode,
        "now": now,
        "offered": episode.state == kinds.EpisodeState.OFFERED,
        "fee": portal.fee_of(episode, now.date()),
        "currency": chart.base_currency(),
        "names": portal.parties(episode) if portal.knows_parties(episode) else [],
        "silent": episode.state in kinds.DEFENDING and is_silenced(episode.case),
        **(_facts(episode) if portal.knows_facts(episode) else {}),
        **_money(episode, person(request).actor_id),
    }
    return render(request, "counsel/one.html", context)


def _money(episode: Representation, actor_id: str) -> dict[str, Any]:
    """Claims on their fee and what became of each; why one was refused, in words, to whoever entered it."""
    defended = episode.state in (*kinds.DEFENDING, kinds.EpisodeState.ENDED)
    rows = list(portal.claims(episode)) if defended else []
    own = [row for row in rows if row.entered_by == actor_id]
    prefetch(own, "note")
    may_claim = portal.claimable(episode) is not None and not is_silenced(episode.case)
    return {"claims": [(row, row.note if row in own else "") for row in rows], "may_claim": may_claim}


def _facts(episode: Representation) -> dict[str, Any]:
    prefetch([episode.case], "summary")
    return {
        "facts": True,
        "summary": episode.case.summary,
        "accusations": episode.case.accusations.filter(until_on=None).select_related("article"),
        "hearings": portal.hearings(episode),
    }
