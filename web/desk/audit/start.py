"""Where an auditor begins: what there is, in the order in which it is needed, and when access ends."""

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Approval, RoleGrant, User
from audit.checkpoints import signing
from reports.archive.models import Archive
from reports.audit_pack.models import Inspection
from reports.findings.models import Finding
from reports.models import Download, Snapshot
from reports.sampling_room.models import Sample, Unsealing
from web.loading import person, room


@require_safe
@room("audit.see", "audit.answer")
def start(request: HttpRequest) -> HttpResponse:
    """The room's front page."""
    user, at = person(request), timezone.now()
    context = {
        "here": "start",
        "works": user.has("audit.work"),
        "may_build": user.has("reports.build"),
        "ends": access_ends(user, at),
        "last": signing.latest(),
        "inspection": Inspection.objects.first(),
        "samples": Sample.objects.count(),
        "reports": Snapshot.objects.count(),
        "taken": Download.objects.filter(taken_by=user.actor_id).count(),
        "archives": Archive.objects.visible_to(user).filter(recipient=user).count(),
        **waiting(user, at),
    }
    return render(request, "desk/audit/room/start.html", context)


def access_ends(user: User, at: datetime.datetime) -> datetime.datetime | None:
    """When the last role of a guest ends; None for those who stay."""
    ends = list(RoleGrant.objects.live(at).filter(user=user).values_list("until", flat=True))
    return None if not ends or None in ends else max(end for end in ends if end is not None)


def waiting(user: User, at: datetime.datetime) -> dict[str, Any]:
    """What auditors wait for (for those who answer) and what was answered (for those who asked)."""
    found: dict[str, Any] = {"findings_open": 0, "vouchers_waiting": 0, "findings_answered": 0}
    if user.has("audit.answer"):
        asked = Approval.objects.filter(kind="voucher.unseal", state="asked", until__gt=at)
        found["findings_open"] = Finding.objects.open().count()
        found["vouchers_waiting"] = (
            Unsealing.objects.waiting().exclude(pk__in=asked.values("object_id")).count()
        )
    if user.has("audit.work"):
        found["findings_answered"] = Finding.objects.answered().filter(raised_by=user.actor_id).count()
        found["vouchers_open"] = Unsealing.objects.open(at).filter(asked_by=user.actor_id).count()
    return found
