"""The facts of a case as a draft of a filing states them."""

import datetime
from collections.abc import Callable

from cases.deadlines.remedies import Facts
from cases.models import Authority, Case, Hearing, StageEvent

Say = Callable[[datetime.date | None, str], str]


def facts_of(case: Case, name: str, say: Say) -> Facts:
    """Who and what happened, oldest first; ``say`` writes a partial date. Needs a reading."""
    events = [
        (event.occurred_on, say(event.occurred_on, event.precision), str(event.get_stage_display()))
        for event in StageEvent.objects.filter(case=case, corrected_by=None).exclude(stage="")
    ]
    held = Hearing.objects.filter(trial__defendants__case=case, status="held").select_related("trial__court")
    for hearing in held:
        day = hearing.starts_at.date()
        where = f", {hearing.trial.court}" if hearing.trial.court else ""
        events.append((day, say(day, "day"), f"{hearing.get_kind_display()}{where}"))
    accusations = case.accusations.filter(until_on=None).select_related("article")
    words = ", ".join(f"{one.article} {one.article.title}".strip() for one in accusations)
    sharing = (
        Authority.objects.live().filter(client=case.client, kind__in=["represent", "share-with-body"]).first()
    )
    client = case.client
    return Facts(
        name=name,
        born=say(client.born_on, client.born_precision),
        held_in=client.place,
        articles=words,
        events=tuple((day, what) for _on, day, what in sorted(events)),
        authority=(
            f"{sharing.get_kind_display()}, {sharing.get_relation_display()}, {say(sharing.given_on, 'day')}"
            if sharing
            else ""
        ),
    )
