"""What waits for a second person: agreeing, refusing, and carrying out what was agreed."""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts.approvals import DECIDES, decide_approval
from accounts.models import Approval, User
from vault.fields import prefetch
from web.desk.acting import press
from web.desk.asking import kept
from web.loading import load, person, room
from web.pieces import Text

KINDS: dict[str, Text] = {
    "role.grant": _("Give a role"),
    "payee.change": _("Change where a payee is paid"),
    "allocation": _("Move money between funds"),
    "payment": _("Make a payment"),
    "refund": _("Refund a gift"),
    "other-gift": _("Book a gift that came another way"),
    "ceiling": _("Approve a budget"),
    "claim": _("Approve a claim"),
    "standing-authority": _("Put a tariff or authority in force"),
    "erasure": _("Erase a person"),
    "hold.put": _("Put a legal hold on a person"),
    "hold.lift": _("Lift a legal hold"),
    "person-export": _("Copy a person's data for them"),
    "bulk-export": _("Take many payees' accounts out in a file"),
    "lawyer.portal": _("Open the portal to a lawyer"),
    "voucher.unseal": _("Open a voucher to an auditor"),
    "campaign": _("Publish a campaign page"),
    "access.restore": _("Let somebody sign in again"),
    "second-factor.reset": _("Take a lost second factor away"),
    "lockdown.lift": _("Lift the lockdown"),
    "client.merge": _("Join two records of one person"),
    "client.split": _("Take a record of two people apart"),
}


@dataclass(frozen=True)
class Waiting:
    """One request as the room shows it; ``page`` is where it is carried out ("" if elsewhere)."""

    approval: Approval
    title: Text
    said: list[list[str]]
    page: str


@require_safe
@room("desk.enter")
def approvals(request: HttpRequest) -> HttpResponse:
    """What this person may decide, what they asked for, and what was decided lately."""
    user, at = person(request), timezone.now()
    live = Approval.objects.filter(until__gt=at).order_by("asked_at")
    open_ones = live.filter(state="asked", kind__in=_decidable(user)).exclude(asked_by=user)
    mine = live.filter(asked_by=user, state__in=["asked", "approved"])
    open_ones, mine = open_ones[:100], mine[:100]
    prefetch([*open_ones, *mine], "summary")
    decided = Approval.objects.filter(decided_by=user).order_by("-decided_at")
    context = {
        "waiting": [_shown(row) for row in open_ones],
        "mine": [_shown(row, to_do=row.state == "approved") for row in mine],
        "decided": [(row, KINDS.get(row.kind, row.kind)) for row in decided[:20]],
        "may_decide": bool(_decidable(user)),
    }
    return render(request, "desk/people/approvals.html", context)


def _decidable(user: User) -> list[str]:
    return [kind for kind, permission in DECIDES.items() if user.has(permission)]


def _shown(approval: Approval, *, to_do: bool = False) -> Waiting:
    summary: Any = kept(approval)
    whole = isinstance(summary, dict)
    said = summary["said"] if whole else [[str(_("What")), summary]] if summary else []
    page = summary["page"] if whole and to_do else ""
    if page and summary["form"]:
        page = f"{page}?approval={approval.pk}"
    return Waiting(approval, KINDS.get(approval.kind, approval.kind), said, page)


@require_POST
@room("desk.enter")
def decide(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Agree or refuse. Strangers to this kind of decision find nothing."""
    waiting = Approval.objects.filter(kind__in=_decidable(person(request)))
    approval: Approval = load(waiting, pk)
    agrees = request.POST.get("answer") == "yes"
    words = (
        _("You agreed. Whoever asked can carry it out now.") if agrees else _("You refused. Nothing changes.")
    )
    to = reverse("desk:approvals")
    return press(request, decide_approval, words, to, approval=approval, agrees=agrees)


def waiting_count(user: User, at: datetime.datetime) -> int:
    """How many requests this person could decide now; for the worklist."""
    live = Approval.objects.filter(until__gt=at, state="asked", kind__in=_decidable(user))
    return live.exclude(asked_by=user).count()
