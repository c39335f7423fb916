"""What the tests of erasing share: people to be erased, and two colleagues who decide it."""

import datetime
import uuid

from accounts import approvals
from accounts.actions.erasure import erasure_terms
from accounts.erasing import carrying_out
from accounts.models import Erasure, User


def agree(
    kind: str, subject_id: uuid.UUID, payload: dict, one: User, other: User, at: datetime.datetime
) -> None:
    """One asks, the other agrees."""
    asked = approvals.request_approval(
        kind=kind, object_id=subject_id, payload=payload, summary="words about them", by=one, at=at
    )
    approvals.decide_approval(approval=asked, agrees=True, by=other, at=at)


def erase(subject_id: uuid.UUID, one: User, other: User, at: datetime.datetime) -> Erasure:
    """Erase somebody by two people."""
    agree("erasure", subject_id, erasure_terms(basis=Erasure.Basis.ASKED), one, other, at)
    return carrying_out.erase(subject_id=subject_id, basis=Erasure.Basis.ASKED, by=one, at=at)
