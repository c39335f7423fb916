"""A lawyer is lost to the panel: a licence revoked or suspended, an arrest. One act does all that follows."""

import datetime
import uuid
from collections.abc import Collection

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.cutting import CutAlready, cut_off
from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from cases import kinds
from cases.actions import counsel_rules as rules
from cases.actions import episodes
from cases.actions.fees import release_fee
from cases.kinds import EpisodeReason, LossKind
from cases.models import Case, LawyerLoss, Representation
from lawyers.actions.panel import record_licence
from lawyers.models import Lawyer, Licence

LICENCE: dict[LossKind, Licence.Status] = {
    LossKind.REVOKED: Licence.Status.REVOKED,
    LossKind.REFUSED: Licence.Status.REFUSED,
    LossKind.SUSPENDED: Licence.Status.SUSPENDED,
}


class LostAlready(DomainError):
    code = "lost-already"
    message = _("This lawyer is off the panel already.")


class NotYetLost(DomainError):
    code = "not-yet-lost"
    message = _("That day has not come. Record the licence with its end; the loss when it happens.")


class OnPanel(DomainError):
    code = "on-panel"
    message = _("This lawyer is on the panel.")


@action("lawyer.lost")
def lose_lawyer(
    *,
    lawyer: Lawyer,
    kind: LossKind,
    since_on: datetime.date,
    source: str = "",
    keep: Collection[uuid.UUID] = (),
    by: Actor,
    at: datetime.datetime,
) -> LawyerLoss:
    """Take a lawyer off the panel, end their episodes and offers, their account, and free the money.

    ``keep`` are episodes whose commitment stays held, because work was done that will be claimed. Cases
    that they led seek counsel again. Raises LostAlready, NotYetLost, and of the panel LicenceBegins.
    """
    lawyer.refresh_from_db()
    if not lawyer.is_active:
        raise LostAlready()
    if since_on > timezone.localdate(at):  # the office is ahead of UTC, and past midnight first
        raise NotYetLost()
    if kind in LICENCE:
        record_licence(lawyer=lawyer, status=LICENCE[kind], from_on=since_on, source=source, by=by, at=at)
    lawyer.is_active = False
    lawyer.save()
    reason = EpisodeReason.ARRESTED if kind == LossKind.ARRESTED else EpisodeReason.LICENCE_LOST
    ended = _end_episodes(lawyer, reason, set(keep), by=by, at=at)
    _end_account(lawyer, kind, by=by, at=at)
    loss = LawyerLoss(
        id=uuid.uuid4(), lawyer=lawyer, kind=kind, since_on=since_on, known_at=at, recorded_by=by.actor_id
    )
    loss.source = source
    loss.save()
    touch(lawyer.pk, loss.pk)
    fact(loss=kind, episodes=ended, kept=len(set(keep)))
    return loss


@action("lawyer.returned")
def return_to_panel(*, lawyer: Lawyer, by: Actor, at: datetime.datetime) -> Lawyer:
    """They can be asked again. Licence and account do not come back by this. Raises OnPanel."""
    lawyer.refresh_from_db()
    if lawyer.is_active:
        raise OnPanel()
    lawyer.is_active = True
    lawyer.save()
    touch(lawyer.pk)
    return lawyer


def _end_episodes(
    lawyer: Lawyer, reason: EpisodeReason, keep: set[uuid.UUID], *, by: Actor, at: datetime.datetime
) -> int:
    live = list(Representation.objects.live().filter(lawyer=lawyer).order_by("case_id", "pk"))
    # All cases are locked in one order before any is touched, as an answer by phone locks its own.
    cases: dict[uuid.UUID, Case] = {
        row.case_id: rules.locked(row.case)
        for row in Representation.objects.live()
        .filter(pk__in=[episode.pk for episode in live])
        .select_related("case")
        .order_by("case_id")
    }
    for episode in live:
        episode.refresh_from_db()
        if episode.state not in kinds.LIVE:
            continue
        led = episode.role == kinds.Role.LEAD and episode.state in kinds.DEFENDING
        episodes.finish_episode(episode, reason, at=at)
        if episode.pk not in keep:
            release_fee(episode, by=by, at=at)
        if led:
            episodes.lose_lead(cases[episode.case_id])
        touch(episode.case_id, episode.pk)
    return len(live)


def _end_account(lawyer: Lawyer, kind: LossKind, *, by: Actor, at: datetime.datetime) -> None:
    """Whoever holds the lawyer's device now must not be let in."""
    if lawyer.user is None:
        return
    try:
        cut_off(user=lawyer.user, reason=str(kind.label), by=by, at=at)
    except CutAlready:
        return
