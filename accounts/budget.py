"""The daily budget: how many people outside one's own grants somebody may be shown.

A stolen phone or a turned colleague reads in bulk; ordinary work does not. Whose values are a person's own
to read is said by the rooms that know (cases: the clients of cases they hold a grant on). Breaking the glass
makes nobody one's own.
"""

import datetime
import uuid
from collections.abc import Callable

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from accounts.actions.freezing import freeze_reading
from accounts.models import ReadingFreeze, User
from audit.actors import SYSTEM
from audit.models import ReadSubject
from vault.keys import ORGANISATION
from vault.reading import COMPARED, Reading, ReadingFrozen

WINDOW = datetime.timedelta(hours=24)
# Of these people, those who were this reader's own at any time since: (reader's id, ids, since) -> ids.
Own = Callable[[uuid.UUID, set[uuid.UUID], datetime.datetime], set[uuid.UUID]]
_own: list[Own] = []


def register_own(find: Own) -> None:
    """Let a room say whom somebody reads by right; from ``AppConfig.ready``."""
    _own.append(find)


def budget_of(user: User) -> int:
    """People in 24 hours: the largest of the budgets of one's roles; 0 without a role."""
    return max((settings.READING_BUDGETS.get(role, 0) for role in user.roles), default=0)


def gate(opened: Reading) -> None:
    """Called after each reading was recorded, before the answer leaves. Raises ReadingFrozen.

    Machines and donors have no budget: nothing they open is shown to a colleague. One query where everybody
    shown is the reader's own, three where not.
    """
    reader, shown = _reader(opened.actor_id), opened.shown() - {ORGANISATION}
    if reader is None or not shown:
        return
    at = timezone.now()
    if not outside(reader, shown, at - WINDOW):
        return
    start = _counted_from(reader, at)
    if start is None:
        raise ReadingFrozen()
    found = _shown_since(reader, start)
    if len(found) <= min(settings.READING_BUDGETS.values()):
        return
    user = User.objects.filter(pk=reader).first()
    count = len(outside(reader, found, at - WINDOW))
    if user is not None and count > budget_of(user):
        freeze_reading(user=user, subjects=count, by=SYSTEM, at=at)
        raise ReadingFrozen()


def outside(reader: uuid.UUID, subject_ids: set[uuid.UUID], since: datetime.datetime) -> set[uuid.UUID]:
    """Those of these people who are not the reader's own."""
    left = set(subject_ids) - {ORGANISATION, reader}
    for find in _own:
        if left:
            left -= find(reader, left, since)
    return left


def read_outside(user: User, at: datetime.datetime) -> set[uuid.UUID]:
    """Whom this reader was shown outside their own grants, in 24 hours or since the last lifting."""
    start = _counted_from(user.pk, at) or at - WINDOW
    return outside(user.pk, _shown_since(user.pk, start), at - WINDOW)


def _reader(actor_id: str) -> uuid.UUID | None:
    """The colleague who reads; None for machines, donors and the public."""
    kind, _sep, key = actor_id.partition(":")
    try:
        return uuid.UUID(key) if kind == "staff" else None
    except ValueError:
        return None


def _counted_from(reader: uuid.UUID, at: datetime.datetime) -> datetime.datetime | None:
    """From when on readings count; None while the reader is frozen."""
    since = at - WINDOW
    recent = ReadingFreeze.objects.filter(Q(lifted_at=None) | Q(lifted_at__gt=since), user=reader)
    start = since
    for lifted_at in recent.values_list("lifted_at", flat=True):
        if lifted_at is None:
            return None
        start = max(start, lifted_at)
    return start


def _shown_since(reader: uuid.UUID, start: datetime.datetime) -> set[uuid.UUID]:
    rows = ReadSubject.objects.filter(read__actor_id=f"staff:{reader}", read__at__gt=start)
    return {
        subject_id
        for subject_id, fields in rows.values_list("subject_id", "fields").distinct()
        if any(not label.endswith(COMPARED) for label in fields.split())
    }
