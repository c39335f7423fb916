"""Ending sessions: one's own by choice, and all of a person's when something happened."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sessions import BEGAN, SessionStore
from audit.actions import DomainError, action, fact, touch


class NoSuchSession(DomainError):
    code = "no-such-session"
    message = _("This session has ended already.")


@dataclass(frozen=True)
class OpenSession:
    """A session that can still be used; ``mark`` is the stored digest of its key, which signs nobody in.

    No address or browser is kept; ``ends_at`` is when it ends if nothing more is done in it.
    """

    mark: str
    since_at: datetime.datetime
    ends_at: datetime.datetime


def sessions_of(user: User, at: datetime.datetime) -> list[OpenSession]:
    """Where this account is signed in now, newest first."""
    rows = [OpenSession(row.session_key, _began(row), row.expire_date) for row in _rows(user, at)]
    return sorted(rows, key=lambda row: row.since_at, reverse=True)


def _began(row: Session) -> datetime.datetime:
    began = SessionStore().decode(row.session_data).get(BEGAN)
    if began is None:
        return row.expire_date
    return datetime.datetime.fromtimestamp(began, datetime.UTC)


def _rows(user: User, at: datetime.datetime) -> Iterator[Session]:
    # Sessions live for hours and name no one in a column, so the few that live are looked through.
    for row in Session.objects.filter(expire_date__gt=at).iterator():
        if SessionStore().decode(row.session_data).get(SESSION_KEY) == str(user.pk):
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


@action("session.others_ended")
def end_other_sessions(*, keep: str, by: User, at: datetime.datetime) -> int:
    """End all of one's own sessions but the one with this mark; how many."""
    rows = [row for row in _rows(by, at) if row.session_key != keep]
    for row in rows:
        row.delete()
    touch(by.pk)
    fact(sessions=len(rows))
    return len(rows)


def drop_sessions(user: User) -> int:
    """A step of other actions: end every session of this person; how many."""
    rows = list(_rows(user, timezone.now()))
    for row in rows:
        row.delete()
    return len(rows)
