"""Putting letters into the outbox, holding them until what they tell of is so, taking them back."""

import datetime
import uuid
from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import RoleGrant
from accounts.models.mail import Mail, NoticeAddress
from accounts.outbox import letters, recipients
from accounts.permissions import PERMISSIONS
from vault import keys

# Longer than a relay is ever away; what is older tells of yesterday.
LASTS = datetime.timedelta(days=3)
# Notices leave at full hours, one for all that came in between: when one arrives tells nobody what was done.
NOTICES_EVERY = datetime.timedelta(hours=1)
HELD_LASTS = datetime.timedelta(days=30)


def post(
    *,
    letter: str,
    language: str,
    at: datetime.datetime,
    address: str = "",
    recipient: str = "",
    about_id: uuid.UUID | None = None,
    occasion_id: uuid.UUID | None = None,
    secret: str = "",
    lasts: datetime.timedelta = LASTS,
    held: bool = False,
    leaves_at: datetime.datetime | None = None,
) -> Mail:
    """One letter to an address, or to somebody whose room knows it. Call it inside the causing action.

    With ``held`` it waits for :func:`release`, else until ``leaves_at`` if that is given. The address is
    sealed under a key that only this letter has. Raises KeyError for a letter without words.
    """
    if not (letters.known(letter) or letter == letters.DECOY):
        raise KeyError(letter)
    mail_id = uuid.uuid4()
    keys.new_key(mail_id)
    mail = Mail.objects.create(
        id=mail_id,
        letter=letter,
        language=language,
        state=Mail.State.HELD if held else Mail.State.WAITING,
        recipient=recipient,
        about_id=about_id,
        occasion_id=occasion_id,
        address=address or None,
        secret=secret or None,
        made_at=at,
        next_at=leaves_at or at,
        not_after_at=at + (HELD_LASTS if held else lasts),
    )
    if not held and leaves_at is None:
        _wake_worker()
    return mail


def release(*, occasion_id: uuid.UUID, at: datetime.datetime) -> int:
    """What held letters about a thing tell of is so: let them go. How many."""
    held = Mail.objects.filter(occasion_id=occasion_id, state=Mail.State.HELD)
    count = held.update(state=Mail.State.WAITING, next_at=at, not_after_at=at + LASTS)
    if count:
        _wake_worker()
    return count


def drop(*, occasion_id: uuid.UUID) -> int:
    """What held letters tell of will not be: forget them and their addresses."""
    return _forget(Mail.objects.filter(occasion_id=occasion_id, state=Mail.State.HELD))


def forget_person(person_id: uuid.UUID) -> int:
    """Every letter of somebody who is being erased, wherever it stands; how many."""
    return _forget(Mail.objects.filter(about_id=person_id))


def forget(mail: Mail) -> None:
    """The letter's key first, then its row."""
    keys.destroy_key(mail.pk)
    Mail.objects.filter(pk=mail.pk).delete()


def tell_staff(user_ids: Collection[uuid.UUID], *, at: datetime.datetime) -> int:
    """ "You have a message" at the next full hour to colleagues who gave an address for it; to how many anew.

    One letter tells of all that waits, so whoever has one on its way gets no second one.
    """
    waiting = Mail.objects.on_the_way().filter(recipient=recipients.STAFF).values("about_id")
    rows = NoticeAddress.objects.filter(user__in=user_ids, address__isnull=False).exclude(user__in=waiting)
    told = list(rows.values_list("user_id", "language"))
    for user_id, language in told:
        post(
            letter=letters.MESSAGE,
            language=language,
            recipient=recipients.STAFF,
            about_id=user_id,
            at=at,
            leaves_at=next_round(at),
        )
    return len(told)


def tell_room(permission: str, *, at: datetime.datetime, but: Collection[uuid.UUID] = ()) -> int:
    """The same to everybody whose role opens a room. Raises KeyError for a permission nobody defined."""
    roles = PERMISSIONS[permission].roles
    holders = RoleGrant.objects.live(at).filter(role__in=roles, user__is_active=True).exclude(user__in=but)
    return tell_staff(set(holders.values_list("user_id", flat=True)), at=at)


def next_round(at: datetime.datetime) -> datetime.datetime:
    """The next full hour after a moment: when notices leave."""
    return at.replace(minute=0, second=0, microsecond=0) + NOTICES_EVERY


def _forget(rows: QuerySet[Mail]) -> int:
    found = list(rows)
    for mail in found:
        forget(mail)
    return len(found)


def _wake_worker() -> None:
    from accounts.outbox.tasks import send_mails

    transaction.on_commit(send_mails.enqueue, robust=True)
