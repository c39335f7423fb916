"""The one mechanism behind every two-person rule.

Somebody asks for an exact act (kind, object, payload); another person, in another session, approves it;
then the act itself uses the approval up. A changed payload finds no approval.
"""

import datetime
import uuid
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from accounts.models import Approval, User
from accounts.outbox import posting
from audit.actions import DomainError, action, fact, touch
from audit.canonical import canonical, digest
from vault import keys

LASTS = datetime.timedelta(days=14)

# Who may decide: kind of act -> permission. A kind that is not here cannot be asked for.
DECIDES: dict[str, str] = {
    "role.grant": "approvals.decide",
    "payee.change": "money.approve",
    "allocation": "money.approve",
    "payment": "money.approve",
    "refund": "money.approve",
    "other-gift": "money.approve",
    "ceiling": "money.approve",
    "claim": "money.approve",
    "standing-authority": "money.approve",
    "erasure": "approvals.decide",
    "hold.put": "approvals.decide",
    "hold.lift": "approvals.decide",
    "person-export": "approvals.decide",
    "bulk-export": "approvals.decide",
    "lawyer.portal": "approvals.decide",
    "voucher.unseal": "money.approve",
    "campaign": "campaigns.approve",
    "access.restore": "approvals.decide",
    "second-factor.reset": "approvals.decide",
    "lockdown.lift": "lockdown.lift",
    "client.merge": "approvals.decide",
    "client.split": "approvals.decide",
}
# Who may ask: any one of these permissions, when asking and still when the act is done.
ASKS: dict[str, tuple[str, ...]] = {
    "role.grant": ("people.manage",),
    "payee.change": ("money.book",),
    "allocation": ("money.book",),
    "payment": ("money.pay", "money.book"),
    "refund": ("money.book", "money.pay"),
    "other-gift": ("money.book",),
    "ceiling": ("cases.work", "money.book"),
    "claim": ("claims.enter", "money.approve", "money.pay"),
    "standing-authority": ("money.book", "money.approve"),
    "erasure": ("people.manage", "cases.work", "lawyers.work", "approvals.decide"),
    "hold.put": ("people.manage", "cases.work", "lawyers.work", "approvals.decide"),
    "hold.lift": ("people.manage", "cases.work", "lawyers.work", "approvals.decide"),
    "person-export": ("people.manage", "cases.work", "lawyers.work", "approvals.decide"),
    "bulk-export": ("money.pay",),
    "lawyer.portal": ("lawyers.work", "people.manage"),
    "voucher.unseal": ("audit.answer",),
    "campaign": ("campaigns.work", "campaigns.approve", "money.book"),
    "access.restore": ("people.manage", "approvals.decide"),
    "second-factor.reset": ("people.manage", "approvals.decide"),
    "lockdown.lift": ("lockdown.lift",),
    "client.merge": ("cases.open",),
    "client.split": ("cases.open",),
}


class SamePerson(DomainError):
    code = "same-person"
    message = _("You asked for this yourself. A colleague has to decide, from their own session.")


class MayNotDecide(DomainError):
    code = "may-not-decide"
    message = _("Your role does not decide this. Ask a second officer.")


class MayNotAsk(DomainError):
    code = "may-not-ask"
    message = _("Whoever asks for this no longer has the role, or never had it. Somebody else has to ask.")


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
    """Ask for one exact act. ``summary`` is sealed: what the colleague reads before deciding.

    Everybody who may decide is told that something waits. Raises MayNotAsk, and KeyError for a kind that
    is not in the tables above.
    """
    if kind not in DECIDES:
        raise KeyError(kind)
    if not _may_ask(by, kind):
        raise MayNotAsk()
    touch(object_id)
    fact(approval=kind)
    posting.tell_room(DECIDES[kind], but=[by.pk], at=at)
    approval_id = uuid.uuid4()
    keys.new_key(approval_id)
    return Approval.objects.create(
        id=approval_id,
        summary_subject_id=approval_id,
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
    """Approve or refuse; whoever asked is told that something waits.

    Raises SamePerson, MayNotDecide, AlreadyDecided.
    """
    if approval.state != "asked" or approval.until <= at:
        raise AlreadyDecided()
    if approval.asked_by_id == by.pk or (by.session_mark and by.session_mark == approval.asked_session):
        raise SamePerson()
    if not by.has(DECIDES[approval.kind]):
        raise MayNotDecide()
    approval.state = "approved" if agrees else "refused"
    approval.decided_by, approval.decided_at, approval.decided_session = by, at, by.session_mark
    approval.save()
    touch(approval.object_id)
    fact(approval=approval.kind, agrees=agrees)
    posting.tell_staff([approval.asked_by_id], at=at)
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

    Raises NeedsSecondPerson when there is none, SamePerson when whoever approved carries it out themselves
    or from the same session, MayNotDecide when they have lost the role in between, and MayNotAsk when whoever
    asked has lost theirs.
    """
    approval = find_approved(kind=kind, object_id=object_id, payload=payload, at=at)
    if approval is None or approval.decided_by is None:
        raise NeedsSecondPerson()
    mark = getattr(by, "session_mark", "")
    if approval.decided_by.actor_id == by.actor_id or (mark and mark == approval.decided_session):
        raise SamePerson()
    if not approval.decided_by.has(DECIDES[kind]):
        raise MayNotDecide()
    if not _may_ask(approval.asked_by, kind):
        raise MayNotAsk()
    approval.state = "used"
    approval.save()
    return approval


def _may_ask(person: User, kind: str) -> bool:
    return any(person.has(permission) for permission in ASKS[kind])


def _hash(payload: dict[str, Any]) -> str:
    return digest(canonical(payload))
