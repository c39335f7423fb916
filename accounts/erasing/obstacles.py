"""What keeps a person from being erased today."""

import datetime
import uuid

from django.utils.translation import gettext_lazy as _

from accounts.erasing.registry import Kind, Obstacle
from accounts.models import LegalHold
from audit.actions import DomainError


class CannotBeErased(DomainError):
    """``reasons`` are the texts of the obstacles, each with the way out."""

    code = "cannot-be-erased"
    message = _("This person cannot be erased yet. %(reasons)s")


class ErasedAlready(DomainError):
    code = "erased-already"
    message = _("This person is erased already.")


class Held(DomainError):
    code = "held"
    message = _("A legal hold keeps this person's data. Two people have to lift it first.")


def obstacles(kind: Kind, subject_id: uuid.UUID, at: datetime.datetime) -> list[Obstacle]:
    """Everything that stands in the way, in words that say what to do."""
    found = list(kind.obstacles(subject_id, at))
    if LegalHold.objects.live().on(subject_id).exists():
        found.insert(0, Obstacle(Held.code, Held.message))
    return found


def check(kind: Kind, subject_id: uuid.UUID, at: datetime.datetime) -> None:
    """Raises Held, CannotBeErased."""
    found = obstacles(kind, subject_id, at)
    if any(one.code == Held.code for one in found):
        raise Held()
    if found:
        raise CannotBeErased(reasons=" ".join(str(one.text) for one in found))
