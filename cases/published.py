"""What of cases may stand on a public page: code names by consent, needs of all cases together."""

import datetime
import uuid
from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from cases.kinds import AuthorityKind, CaseStatus, Confidentiality
from cases.models import Authority, Case
from treasury.standing import case_costs

# What so few cases lack would point at one of them.
LEAST_CASES = 5
ROUND_TO_MINOR = 10_000  # a hundred units of the base currency
_AGREED = (AuthorityKind.PUBLISH_CODED, AuthorityKind.PUBLISH_NAME)
_TURNED_AWAY = (CaseStatus.NOT_ELIGIBLE, CaseStatus.DUPLICATE)


def code_names(case_ids: Collection[uuid.UUID]) -> list[str]:
    """Public code names of those clients who agreed to stand on a page, or whose families did, by name.

    Consent that is withdrawn takes effect at once. Restricted cases are never shown.
    """
    consent = Authority.objects.live().filter(client=OuterRef("client"), kind__in=_AGREED)
    shown = Case.objects.filter(Exists(consent), id__in=case_ids).exclude(
        confidentiality=Confidentiality.RESTRICTED
    )
    return sorted(set(shown.values_list("client__code_name", flat=True)))


def lacking_minor(on: datetime.date) -> int:
    """What the ceilings of open cases still lacked when this month began, summed and rounded down.

    In minor units of the base currency; 0 when fewer than five cases lack anything. The figure stands
    still through a month, so that no single approval can be read from it.
    """
    month = on.replace(day=1)
    began = datetime.datetime.combine(month, datetime.time(), datetime.UTC)
    open_then = Case.objects.filter(Q(closed_at=None) | Q(closed_at__gte=began), received_at__lt=began)
    ids = set(open_then.exclude(status__in=_TURNED_AWAY).values_list("id", flat=True))
    rows = case_costs(ends_on=month - datetime.timedelta(days=1))
    short = [row.short_minor for row in rows if row.case_id in ids and row.short_minor]
    if len(short) < LEAST_CASES:
        return 0
    return sum(short) // ROUND_TO_MINOR * ROUND_TO_MINOR
