"""Ending sessions of one's own account."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.actions import DomainError, action, touch


class NoSuchSession(DomainError):
    code = "no-such-session"
    message = _("This session has ended already.")


@dataclass(frozen=True)
class OpenSession:
    """A session that can still be used; ``mark`` is the stored digest of its key, which signs nobody in.

    ``since_at`` is worked out from when it ends: no address, browser or time of use is kept.
    """

    mark: str
    since_at: datetime.datetime
    ends_at: datetime.datetime


def sessions_of(user: User, at: datetime.datetime) -> list[OpenSession]:
    """Where this account is signed in now, newest first."""
    lasts = datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE)
    rows = [OpenSession(row.session_key, row.expire_date - lasts, row.expire_date) for row in _rows(user, at)]
    return sorted(rows, key=lambda row: row.ends_at, reverse=True)


def _rows(user: User, at: datetime.datetime) -> Iterator[Session]:
    # Sessions live for hours and name no one in a column, so the few that live are looked through.
    for row in Session.objects.filter(expire_date__gt=at).iterator():
        if row.get_decoded().get(SESSION_KEY) == str(user.pk):
            yield row


@action("session.ended")
def end_session(*, mark: str, by: User, at: datetime.datetime) -> None:
    """End a session of the person who asks. Raises NoSuchSession, also for one of somebody else."""
    for row in _rows(by, at):
        if row.session_key == mark:
            touch(by.pk)
            row.delete()
            return
    raise NoSuchSession()
