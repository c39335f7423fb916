"""Why a trial has no counsel yet, in a coordinator's words; and licences that are about to lapse."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import kinds
from cases.models import Case, Representation
from lawyers.models import Licence
from treasury import chart
from web.formats import write_moment, write_money

LICENCES_AHEAD = datetime.timedelta(days=30)
_UNDECIDED = (kinds.CaseStatus.RECEIVED, kinds.CaseStatus.VERIFIED)


@dataclass(frozen=True)
class Reason:
    """What stops it, and whether somebody is at it already."""

    text: str
    moving: bool = False


def reasons_for(trials: list[Any], short: list[Any]) -> dict[uuid.UUID, Reason]:
    """One reason for each of these cases; one query for what lawyers said."""
    said: dict[uuid.UUID, list[Representation]] = {}
    episodes = Representation.objects.lead().filter(case__in=[case.pk for case in trials])
    for episode in episodes.select_related("lawyer").order_by("-offered_at"):
        said.setdefault(episode.case_id, []).append(episode)
    missing = {case.pk: case.short_minor for case in short}
    return {case.pk: _reason(case, said.get(case.pk, []), missing.get(case.pk, 0)) for case in trials}


def _reason(case: Case, said: Iterable[Representation], short_minor: int) -> Reason:
    episodes = list(said)
    out = next((one for one in episodes if one.state == kinds.EpisodeState.OFFERED), None)
    if out is not None and out.lawyer is not None and out.offered_until is not None:
        until = write_moment(out.offered_until, short=True)
        words = {"lawyer": out.lawyer.code_name, "until": until}
        return Reason(_("%(lawyer)s is asked, waits until %(until)s") % words, moving=True)
    if case.status in _UNDECIDED:
        return Reason(_("Nobody has decided yet whether we defend"))
    last = episodes[0] if episodes else None
    if last is not None and last.lawyer is not None:
        words = {"lawyer": last.lawyer.code_name, "why": last.get_reason_display().lower()}
        return Reason(_("%(lawyer)s: %(why)s; nobody else is asked") % words)
    if short_minor:
        amount = write_money(short_minor, chart.base_currency())
        return Reason(_("The ceiling is %(amount)s short, and nobody is asked yet") % {"amount": amount})
    return Reason(_("Nobody is asked yet"))


def licences_to_lapse(now: datetime.datetime) -> list[Licence]:
    """Active licences of the panel that end within thirty days and that nothing follows, soonest first."""
    today = timezone.localdate(now)
    later = Licence.objects.filter(lawyer=OuterRef("lawyer"), from_on__gt=OuterRef("from_on"))
    ending = Licence.objects.filter(
        ~Exists(later),
        lawyer__is_active=True,
        status=Licence.Status.ACTIVE,
        until_on__range=(today, today + LICENCES_AHEAD),
    )
    return list(ending.select_related("lawyer").order_by("until_on"))
