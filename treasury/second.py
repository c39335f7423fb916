"""The second person behind a decision about money."""

import datetime
import uuid
from typing import Any, cast

from accounts.approvals import use_approval
from accounts.models import User
from audit.actors import Actor


def second_person(
    kind: str, object_id: uuid.UUID, payload: dict[str, Any], *, by: Actor, at: datetime.datetime
) -> str:
    """Use up a colleague's approval of exactly this; the colleague's actor id.

    Raises accounts.approvals.NeedsSecondPerson, MayNotDecide, and SamePerson when the one who approved is
    the one who acts.
    """
    used = use_approval(kind=kind, object_id=object_id, payload=payload, by=by, at=at)
    return cast(User, used.decided_by).actor_id  # what is approved has a decider, or is not used up
