"""What beginnings and ends of episodes bring with them, for the actions that cause them."""

import datetime

from cases import kinds
from cases.kinds import CaseStatus, EpisodeReason, EpisodeState
from cases.models import Case, Defendant, Representation


def finish_episode(episode: Representation, reason: EpisodeReason, *, at: datetime.datetime) -> None:
    """Bring a live episode to the end that fits its state and this reason. Inside an action."""
    if episode.state == EpisodeState.OFFERED:
        lapsed = reason == EpisodeReason.NO_ANSWER
        episode.state = EpisodeState.LAPSED if lapsed else EpisodeState.WITHDRAWN
    else:
        episode.state = EpisodeState.ENDED
    episode.ended_at, episode.reason = at, reason
    episode.save()


def take_lead(
    case: Case, winner: Representation, defended_by: kinds.DefendedBy, *, at: datetime.datetime
) -> None:
    """The winner leads: other offers are withdrawn, trials say who defends. Inside an action."""
    others = Representation.objects.lead().offered().filter(case=case).exclude(pk=winner.pk)
    for episode in others:
        finish_episode(episode, EpisodeReason.SOMEBODY_ELSE, at=at)
    _say_who_defends(case, defended_by)
    set_status(case, CaseStatus.REPRESENTED)


def lose_lead(case: Case) -> None:
    """Nobody leads any more: counsel is looked for again. Inside an action."""
    _say_who_defends(case, kinds.DefendedBy.UNKNOWN)
    if case.status == CaseStatus.REPRESENTED:
        set_status(case, CaseStatus.SEEKING)


def _say_who_defends(case: Case, defended_by: kinds.DefendedBy) -> None:
    running = Defendant.objects.filter(case=case, trial__ended_on=None, verdict="")
    for defendant in running.exclude(defended_by=defended_by):
        defendant.defended_by = defended_by
        defendant.save()


def set_status(case: Case, to: CaseStatus) -> None:
    """A step that follows from another. Inside an action."""
    if case.status != to:
        case.status = to
        case.save()
