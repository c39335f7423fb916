"""Staff as people who can be erased, and what an account leaves behind."""

import datetime
import uuid
from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from accounts.actions.people import close_account
from accounts.erasing import registry
from accounts.erasing.registry import Obstacle, Subject
from accounts.models import Grant, RoleGrant, User
from accounts.permissions import ADMINISTRATOR, ROLES, SECOND_OFFICER
from audit.actors import SYSTEM

KIND = "staff"
# Without anybody in these roles nobody could decide anything any more.
_NEEDED = (ADMINISTRATOR, SECOND_OFFICER)


def register() -> None:
    """Called from ``AppConfig.ready``."""
    registry.register_kind(
        registry.Kind(
            name=KIND,
            title=_("Member of staff"),
            model=User,
            called=_called,
            stays=_(
                "What they did stays in the log under an opaque id; nobody can say any more whose it was."
            ),
            paths=("user_id",),
            obstacles=obstacles,
        )
    )
    registry.on_erase(
        "account", close, title=_("The account, its alias, password, roles and tokens"), only=KIND
    )
    registry.on_erase("sessions", end_sessions, title=_("Open sessions"), only=KIND)
    registry.on_erase("second factors", drop_factors, title=_("Second factors"), only=KIND)
    registry.on_erase("tasks", drop_tasks, title=_("Arguments of background tasks"))


def _called(row: models.Model) -> str:
    return str(row)


def obstacles(subject_id: uuid.UUID, at: datetime.datetime) -> Iterable[Obstacle]:
    """Cases that would be without anybody, and roles nobody else holds."""
    carried = Grant.objects.filter(user=subject_id, kind="responsible").live(at).count()
    if carried:
        text = _("They are responsible for cases: hand all of them over to a colleague first.")
        yield Obstacle("carries-cases", text)
    for role in _NEEDED:
        holders = set(RoleGrant.objects.filter(role=role, ended_at=None).values_list("user", flat=True))
        if holders == {subject_id}:
            name = ROLES[role].partition(":")[0]
            yield Obstacle("last-of-role", _("Nobody else is %s: give a colleague that role first.") % name)


def alias_of(user_id: uuid.UUID) -> str:
    """What stands in place of the alias, which must be unique."""
    return f"erased-{user_id.hex[:12]}"


def close(subject: Subject) -> int:
    """Close the account and drop its alias and password, of which history holds neither."""
    user = User.objects.filter(pk=subject.id).first()
    if user is None:
        return 0
    close_account(user=user, by=SYSTEM, at=subject.at)
    user.username, user.password = alias_of(user.pk), make_password(None)
    user.save()
    return 1


def end_sessions(subject: Subject) -> int:
    """Every session of the account; sessions name nobody in a column, so the few that live are read."""
    mine = [
        row.session_key
        for row in Session.objects.iterator()
        if row.get_decoded().get(SESSION_KEY) == str(subject.id)
    ]
    return Session.objects.filter(session_key__in=mine).delete()[0]


def drop_factors(subject: Subject) -> int:
    """Secrets of second factors, with their names."""
    return int(Authenticator.objects.filter(user_id=subject.id).delete()[0])


def drop_tasks(subject: Subject) -> int:
    """Tasks, done or waiting, whose arguments carry an id of the person: they could only fail now."""
    rows = models.Q()
    for some_id in subject.about:
        rows |= models.Q(args_kwargs__icontains=str(some_id))
    return int(DBTaskResult.objects.filter(rows).delete()[0])
