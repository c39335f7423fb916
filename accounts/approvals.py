"""The one mechanism behind every two-person rule.

Somebody asks for an exact act (kind, object, payload); another person, in another session, approves it;
then the act itself uses the approval up. A changed payload finds no approval.
"""

import datetime
import uuid
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from accounts.models import Approval, User
from audit.actions import DomainError, action, fact, touch
from audit.canonical import canonical, digest

LASTS = datetime.timedelta(days=14)

# Who may decide: kind of act -> permission. A kind that is not here cannot be asked for.
DECIDES: dict[str, str] = {
    "role.grant": "approvals.decide",
    "payee.change": "money.approve",
    "allocation": "money.approve",
    "payment": "money.approve",
    "refund": "money.approve",
    "ceiling": "money.approve",
    "claim": "money.approve",
    "standing-authority": "money.approve",
    "erasure": "approvals.decide",
    "bulk-export": "approvals.decide",
    "lawyer.portal": "approvals.decide",
    "campaign": "campaigns.approve",
}


class SamePerson(DomainError):
    code = "same-person"
    message = _("You asked for this yourself. A colleague has to decide, from their own session.")


class MayNotDecide(DomainError):
    code = "may-not-decide"
    message = _("Your role does not decide this. Ask a second officer.")


class AlreadyDecided(DomainError):
    code = "already-decided"
    message = _("This was decided already, or it ran out after two weeks. Ask anew.")


class NeedsSecondPerson(DomainError):
    code = "needs-second-person"
    message = _("This takes a second person. Ask for approval; it can go on once a colleague agrees.")


@action("approval.asked")
def request_approval(
    *,
    kind: str,
    object_id: uuid.UUID,
    payload: dict[str, Any],
    summary: str | dict[str, Any] = "",
    by: User,
    at: datetime.datetime,
) -> Approval:
    """Ask for one exact act. ``summary`` is sealed: what the colleague reads before deciding."""
    if kind not in DECIDES:
        raise KeyError(kind)
    touch(object_id)
    fact(approval=kind)
    return Approval.objects.create(
        kind=kind,
        object_id=object_id,
        payload_hash=_hash(payload),
        summary=cast(Any, summary),  # sealed as JSON: words, or the words of a form
        asked_by=by,
        asked_at=at,
        asked_session=by.session_mark,
        until=at + LASTS,
    )


@action("approval.decided")
def decide_approval(*, approval: Approval, agrees: bool, by: User, at: datetime.datetime) -> Approval:
    """Approve or refuse. Raises SamePerson, MayNotDecide, AlreadyDecided."""
    if approval.state != "asked" or approval.until <= at:
        raise AlreadyDecided()
    if approval.asked_by_id == by.pk or (by.session_mark and by.session_mark == approval.asked_session):
        raise SamePerson()
    if not by.has(DECIDES[approval.kind]):
        raise MayNotDecide()
    approval.state = "approved" if agrees else "refused"
    approval.decided_by, approval.decided_at = by, at
    approval.save()
    touch(approval.object_id)
    fact(approval=approval.kind, agrees=agrees)
    return approval


def find_approved(
    *, kind: str, object_id: uuid.UUID, payload: dict[str, Any], at: datetime.datetime
) -> Approval | None:
    """An approval of exactly this act that is still unused."""
    return Approval.objects.filter(
        kind=kind, object_id=object_id, payload_hash=_hash(payload), state="approved", until__gt=at
    ).first()


@action("approval.used")
def use_approval(
    *, kind: str, object_id: uuid.UUID, payload: dict[str, Any], by: Any, at: datetime.datetime
) -> Approval:
    """Use the approval up, inside the act it allows.

    Raises NeedsSecondPerson when there is none, and MayNotDecide when the person who approved has lost
    the role in between.
    """
    approval = find_approved(kind=kind, object_id=object_id, payload=payload, at=at)
    if approval is None or approval.decided_by is None:
        raise NeedsSecondPerson()
    if not approval.decided_by.has(DECIDES[kind]):
        raise MayNotDecide()
    approval.state = "used"
    approval.save()
    return approval


def _hash(payload: dict[str, Any]) -> str:
    return digest(canonical(payload))
