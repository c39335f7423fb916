"""Questions that need the solver again: why not another lawyer, and where one more would help."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from cases.actions.matching import NobodyToMatch, solved
from cases.models import Case, MatchRun
from lawyers import wording
from lawyers.matching import Result, Stage, WhyNot, value_by_region, why_not
from lawyers.models import Lawyer
from web.desk.cases.words import region_name
from web.desk.match.sight import Names
from web.loading import load, person, room

# More of these is better; of all other objectives less is.
_UPWARDS = {Stage.FIT}


@dataclass(frozen=True)
class Move:
    """One step of a chain, in words; ``lost`` when a case ends without anybody."""

    words: str
    lost: bool = False


@dataclass(frozen=True)
class Price:
    """What an override changes in one objective; ``worse`` is None where it changes nothing."""

    word: str
    change: int
    worse: bool | None


@dataclass(frozen=True)
class Newcomer:
    """What one more lawyer of a region would change."""

    region: str
    case: str
    covers: bool
    changes: list[Price]


@require_safe
@room("match.see")
def ask(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Solved anew with the facts of this moment: it may take seconds, and nothing is stored.

    ``?case=`` and ``?lawyer=`` ask for the price of that pair; without them it says where one more helps.
    """
    run = load(MatchRun.objects.defer("result"), key)
    shown: dict[str, Any] = {"run": run, "now": timezone.now()}
    try:
        _problem, result, _ms = solved(at=shown["now"])
    except NobodyToMatch as refusal:
        return render(request, "desk/match/ask.html", {**shown, "refusal": refusal.text})
    answer = _override(request, result) if request.GET.get("case") else _newcomers(request, result)
    return render(request, "desk/match/ask.html", {**shown, **answer})


def _override(request: HttpRequest, result: Result) -> dict[str, Any]:
    user = person(request)
    case = _named(Case.objects.visible_to(user, timezone.now()).select_related("client"), request, "case")
    code_name = request.GET.get("lawyer", "").strip()
    lawyer = Lawyer.objects.on_panel().filter(code_name__iexact=code_name).first()
    shown = {"case": case, "lawyer": lawyer, "asked": code_name}
    if lawyer is None or str(lawyer.pk) not in result.prepared.place_at:
        return {**shown, "refusal": _("Nobody who can be asked goes by that code name.")}
    if str(case.pk) not in result.prepared.need_at:
        return {**shown, "refusal": _("This case waits for nobody any more.")}
    found = why_not(result, str(case.pk), str(lawyer.pk))
    ids = {step.need_id for step in found.chain}
    places = {ref for step in found.chain for ref in (*step.from_place_ids, *step.to_place_ids)}
    names = Names(user, ids | {str(case.pk)}, places | {str(lawyer.pk)})
    return {
        **shown,
        "why": found,
        "same": not found.chain,
        "moves": _moves(found, names),
        "free": not found.reasons and not found.lock_problems and not any(found.price.values()),
        "prices": prices(found.price),
        "uncovered": _uncovered(found.result) - _uncovered(result),
        "reasons": [wording.word(wording.REASONS, reason) for reason in found.reasons],
        "faults": [wording.word(wording.LOCK_FAULTS, row.fault) for row in found.lock_problems],
        "asks": [wording.word(wording.ASKS, one) for one in found.asks],
    }


def _named(rows: Any, request: HttpRequest, name: str) -> Any:
    try:
        return load(rows, uuid.UUID(request.GET.get(name, "")))
    except ValueError:
        raise Http404 from None


def _uncovered(result: Result) -> int:
    return sum(row.uncovered for row in result.shortfalls)


def _moves(found: WhyNot, names: Names) -> list[Move]:
    """The displacement chain: who moves where, and who is left with nobody."""
    moves = []
    for step in found.chain:
        case = names.case(step.need_id)
        before = ", ".join(names.lawyer(ref) for ref in step.from_place_ids)
        after = ", ".join(names.lawyer(ref) for ref in step.to_place_ids)
        if after and before:
            moves.append(
                Move(
                    _("%(case)s gets %(after)s instead of %(before)s")
                    % {"case": case, "after": after, "before": before}
                )
            )
        elif after:
            moves.append(Move(_("%(case)s gets %(after)s") % {"case": case, "after": after}))
        else:
            words = _("%(case)s loses %(before)s, and nobody is left") % {"case": case, "before": before}
            moves.append(Move(words, lost=True))
    return moves


def prices(changes: Any) -> list[Price]:
    """Each objective that is touched, in its own units."""
    return [
        Price(
            wording.word(wording.STAGES, stage),
            change,
            None if not change else (change < 0) if stage in _UPWARDS else change > 0,
        )
        for stage, change in changes.items()
    ]


def _newcomers(request: HttpRequest, result: Result) -> dict[str, Any]:
    rows = value_by_region(result)
    names = Names(person(request), {row.need_id for row in rows}, ())
    found = [
        Newcomer(
            region=str(region_name(row.region)),
            case=names.case(row.need_id),
            covers=any(stage is Stage.COVERAGE and change < 0 for stage, change in row.change),
            changes=[price for price in prices(dict(row.change)) if price.change],
        )
        for row in rows
    ]
    covering = sum(row.covers for row in found)
    headline = ngettext(
        "In %(n)s region one more lawyer would defend somebody who has nobody.",
        "In %(n)s regions one more lawyer would defend somebody who has nobody.",
        covering,
    ) % {"n": covering}
    return {"newcomers": found, "headline": headline if covering else ""}
