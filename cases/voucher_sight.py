"""Who opens the papers of a claim: seeing a claim's figures, as auditors do, opens none of its papers."""

import datetime

from django.db.models import Q, QuerySet

from accounts.models import User
from cases.models import Case
from treasury.models import VoucherFile

# Each of these opens all of them by itself; whoever enters claims opens their own and those of their cases.
_ALL = ("money.pay", "money.approve")
_THEIRS = "claims.enter"


def vouchers_open_to(user: User, at: datetime.datetime) -> QuerySet[VoucherFile]:
    """Files of vouchers that somebody may open. Roles that are held together add up to no more than each."""
    every: QuerySet[VoucherFile] = VoucherFile.objects.select_related("file")
    if any(user.has(name) for name in _ALL):
        return every
    if not user.has(_THEIRS):
        return every.none()
    mine = Case.objects.open_to(user, at).values("id")
    return every.filter(Q(claim__entered_by=user.actor_id) | Q(claim__case_id__in=mine))
