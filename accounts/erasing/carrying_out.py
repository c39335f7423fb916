"""The whole of an erasure, from the decision to the swept disk; killed anywhere, running it again ends it.

1. ``person.erasing`` is committed: from here on there is no way back.
2. The key is destroyed in the key store, files outside the database are deleted. Both may be repeated.
3. ``person.emptied``: index values, sessions, tokens and other traces, in one transaction.
4. The write-ahead logs are emptied.
5. ``person.erased`` is committed.
"""

import datetime
import logging
import uuid

from accounts.actions import erasure as actions
from accounts.erasing import registry, sweeping
from accounts.models import Approval, Erasure
from audit.actors import Actor
from vault import keys

log = logging.getLogger("accounts.erasing")


def erase(*, subject_id: uuid.UUID, basis: str, by: Actor, at: datetime.datetime) -> Erasure:
    """Erase a person as far as it goes now.

    Raises registry.NobodyToErase, obstacles.Held, CannotBeErased, ErasedAlready, NeedsSecondPerson.
    """
    begun: Erasure = actions.begin_erasure(subject_id=subject_id, basis=basis, by=by, at=at)
    return carry_on(begun, by=by, at=at)


def carry_on(erasure: Erasure, *, by: Actor, at: datetime.datetime) -> Erasure:
    """Go on from where an erasure stands, whoever began it."""
    kind = registry.kind_of(erasure.kind)
    subject = registry.subject_of(kind, erasure.subject_id, at)
    if erasure.state == Erasure.State.ERASING:
        _destroy_keys(subject)
        outside = {trace.label: trace.remove(subject) for trace in registry.traces(outside=True)}
        erasure = actions.empty_person(erasure=erasure, subject=subject, outside=outside, by=by, at=at)
    if erasure.state == Erasure.State.EMPTIED and sweeping.sweep():
        erasure = actions.finish_erasure(erasure=erasure, by=by, at=at)
    return erasure


def carry_on_all(*, by: Actor, at: datetime.datetime, begun_before: datetime.datetime) -> int:
    """End what a dead process or a busy reader left; one that fails does not stop the others."""
    ended = 0
    for erasure in Erasure.objects.unfinished().filter(begun_at__lt=begun_before):
        try:
            ended += carry_on(erasure, by=by, at=at).state == Erasure.State.ERASED
        except Exception:
            log.exception("an erasure could not be ended")
    return ended


def destroy_again() -> int:
    """Keys of erased people that are back, as after restoring an older key store: destroyed once more."""
    gone = list(Erasure.objects.values_list("subject_id", flat=True))
    back = [subject_id for subject_id in gone if keys.exists(subject_id)]
    for subject_id in back:
        keys.destroy_key(subject_id)
    if back:
        sweeping.sweep()
    return len(back)


def _destroy_keys(subject: registry.Subject) -> None:
    keys.destroy_key(subject.id)
    # What colleagues wrote to each other about this person, each under a key of its own.
    for approval_id in Approval.objects.filter(object_id__in=subject.about).values_list(
        "summary_subject_id", flat=True
    ):
        if approval_id != keys.ORGANISATION:
            keys.destroy_key(approval_id)
