"""Two people at one console: each says who they are with their own password."""

import getpass
import sys
import uuid

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import approvals
from accounts.models import User


def subject_id_of(text: str) -> uuid.UUID:
    """An id as typed. Raises CommandError."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise CommandError(
            _("%(text)s is no id. It stands in the address of the person's page.") % {"text": text},
            returncode=2,
        ) from None


def account(alias: str) -> User:
    """An account that may act. Raises CommandError."""
    found: User | None = User.objects.active().filter(username=alias).first()
    if found is None:
        raise CommandError(_("Nobody signs in as %(alias)s.") % {"alias": alias}, returncode=2)
    return found


def agree(kind: str, subject_id: uuid.UUID, payload: dict[str, str], *, by: User, second: User) -> None:
    """Ask and agree here and now, unless a colleague has agreed on the pages already.

    Passwords come from the terminal, or one a line from standard input. Raises CommandError, DomainError.
    """
    at = timezone.now()
    if approvals.find_approved(kind=kind, object_id=subject_id, payload=payload, at=at) is not None:
        return
    for person in (by, second):
        if not person.check_password(_password_of(person)):
            raise CommandError(
                _("That is not the password of %(alias)s. Nothing was changed.") % {"alias": person.username},
                returncode=1,
            )
    asked = approvals.request_approval(kind=kind, object_id=subject_id, payload=payload, by=by, at=at)
    approvals.decide_approval(approval=asked, agrees=True, by=second, at=at)


def _password_of(person: User) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(_("Password of %(alias)s: ") % {"alias": person.username})
    return sys.stdin.readline().rstrip("\n")
