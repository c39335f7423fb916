"""Payees as people who can be erased, and how long those who are no longer paid are kept."""

import datetime
import uuid
from collections.abc import Iterable

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.erasing import registry
from accounts.erasing.registry import Obstacle
from accounts.models import Erasure
from accounts.retention.registry import Moment, erases
from accounts.retention.registry import register as register_rules
from treasury import advances
from treasury.kinds import ClaimStatus
from treasury.models import Claim, Payee
from treasury.models.claims import ClaimQuerySet

YEAR = 365
KIND = "payee"


def register() -> None:
    """Called from ``AppConfig.ready``."""
    registry.register_kind(
        registry.Kind(
            name=KIND,
            title=_("Payee"),
            model=Payee,
            called=_called,
            stays=_(
                "Amounts, days and categories of what was paid stay in the books, without name or account."
            ),
            paths=("payee_id",),
            obstacles=obstacles,
        )
    )
    register_rules(
        erases(
            "payees",
            people=long_unpaid,
            records=_("Names, accounts and addresses of payees"),
            basis=_("GDPR 6(1)(c): accounting law; vouchers are kept ten years"),
            days=10 * YEAR,
            since=_("the day of their last claim"),
        )
    )


def _called(row: models.Model) -> str:
    return str(row.pk)[:8]


def unpaid_claims() -> ClaimQuerySet:
    """Claims that are neither paid nor rejected."""
    found: ClaimQuerySet = Claim.objects.filter(status__in=[ClaimStatus.ENTERED, ClaimStatus.APPROVED])
    return found


def obstacles(payee_id: uuid.UUID, at: datetime.datetime) -> Iterable[Obstacle]:
    """Claims that are still to be paid, and advances that are still to be accounted for."""
    if unpaid_claims().filter(payee=payee_id).exists():
        text = _("They have claims that are not paid yet: pay or reject them first.")
        yield Obstacle("unpaid-claims", text)
    if advances.outstanding().filter(payee=payee_id).exists():
        text = _("They have an advance without its vouchers: close it first.")
        yield Obstacle("open-advance", text)


def long_unpaid(moment: Moment) -> Iterable[uuid.UUID]:
    """Payees with claims, all invoiced and paid before the border, neither held nor erased."""
    day = moment.before.date()
    claims = Claim.objects.filter(payee=OuterRef("pk"))
    later = claims.filter(Q(invoiced_on__gte=day) | Q(paid_on__gte=day) | Q(entered_at__gte=moment.before))
    gone = Erasure.objects.filter(kind=KIND).values("subject_id")
    found = Payee.objects.filter(Exists(claims), ~Exists(later)).exclude(id__in=moment.held)
    found = found.exclude(id__in=advances.outstanding().order_by().values("payee"))
    return found.exclude(id__in=gone).order_by("pk").values_list("id", flat=True)
