"""Handing a person a copy of their own data (GDPR 15 and 20): two people, and a record of the reading."""

import datetime
import uuid
from typing import Any

from accounts import approvals
from accounts.erasing import copying, registry
from accounts.erasing.obstacles import ErasedAlready
from accounts.models import Erasure
from audit.actions import action, fact, touch
from audit.actors import Actor

KIND = "person-export"


def export_terms() -> dict[str, Any]:
    """The payload a second person approves (kind "person-export", object: the person)."""
    return {}


@action("person.exported")
def export_person(*, subject_id: uuid.UUID, by: Actor, at: datetime.datetime) -> dict[str, Any]:
    """Everything held about a person as JSON values, opened: needs a reading, which is recorded.

    One approval gives one copy. Raises NobodyToErase, ErasedAlready, NeedsSecondPerson.
    """
    kind, person = registry.find(subject_id)
    if Erasure.objects.filter(subject_id=subject_id).exists():
        raise ErasedAlready()
    approvals.use_approval(kind=KIND, object_id=subject_id, payload=export_terms(), by=by, at=at)
    copied = copying.copy_of(kind, person, at)
    touch(subject_id)
    fact(person=kind.name, tables=len(copied["tables"]))
    return copied
