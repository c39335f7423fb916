"""The second person behind a decision about money."""

import datetime
import uuid
from typing import Any

from accounts.approvals import SamePerson, use_approval
from audit.actors import Actor


def second_person(
    kind: str, object_id: uuid.UUID, payload: dict[str, Any], *, by: Actor, at: datetime.datetime
) -> str:
    """Use up a colleague's approval of exactly this; the colleague's actor id.

    Raises accounts.approvals.NeedsSecondPerson, MayNotDecide, and SamePerson when the one who approved is
    the one who acts.
    """
    approval = use_approval(kind=kind, object_id=object_id, payload=payload, by=by, at=at)
    second = approval.decided_by
    if second is None or second.actor_id == by.actor_id:
        raise SamePerson()
    return second.actor_id
