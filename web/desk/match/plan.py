"""One match run: who is proposed for which case, why, and what becomes of it."""

import uuid
from typing import Any

from django.db.models import Avg, Count, Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.kinds import Decision
from cases.models import Case, MatchProposal, MatchRun
from lawyers import wording
from web.desk.cases.words import who
from web.desk.match import sight
from web.desk.match.forms import DecideForm
from web.loading import load, person, room
from web.paging import page_of

_PAGE = 40


@require_safe
@room("match.see")
def plan(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The proposal beside the reasons of one case of it (``?case=``), weakest fit first."""
    user, now = person(request), timezone.now()
    run = load(MatchRun.objects.all(), key)
    # Asked of each proposal: a list of all cases that one may see would be made anew for every page.
    visible = Case.objects.visible_to(user, now).order_by().filter(pk=OuterRef("case_id"))
    seen = run.proposals.filter(Exists(visible))
    page = page_of(
        seen.select_related("case__client", "lawyer", "chosen"),
        cursor=request.GET.get("cursor", ""),
        order="fit",
        size=_PAGE,
    )
    chosen = _chosen(request, seen, page.rows)
    case_ref = str(chosen.case_id) if chosen else ""
    names = sight.Names(user, *sight.ids_of(run, [*page.rows, *([chosen] if chosen else [])], case_ref))
    return render(
        request,
        "desk/match/plan.html",
        {
            "run": run,
            "status_word": wording.word(wording.STATUSES, run.status),
            "solved_by": who(run.solved_by, user),
            "page": page,
            "chosen": chosen,
            "hidden": run.proposals.count() - seen.count(),
            "figures": _figures(run),
            "stages": sight.stages(run),
            "cuts": sight.cuts(run, names),
            "lock_problems": _lock_problems(run, names),
            "before": MatchRun.objects.filter(number__lt=run.number).defer("result").first(),
            "newest": not MatchRun.objects.filter(number__gt=run.number).exists(),
            "may_decide": user.has("match.run"),
            **(_why(run, chosen, names, user, now) if chosen else {}),
        },
    )


def _chosen(request: HttpRequest, seen: Any, rows: list[MatchProposal]) -> MatchProposal | None:
    """The proposal whose reasons are shown: the one named, else the first of the page."""
    asked = request.GET.get("case", "")
    if not asked:
        return rows[0] if rows else None
    try:
        found: MatchProposal | None = (
            seen.filter(case=uuid.UUID(asked)).select_related("case__client", "lawyer", "chosen").first()
        )
    except ValueError:
        raise Http404 from None
    if found is None:
        raise Http404
    return found


def _why(run: MatchRun, chosen: MatchProposal, names: sight.Names, user: Any, now: Any) -> dict[str, Any]:
    kept = run.result.get("cases", {}).get(str(chosen.case_id), {})
    options = sight.options(kept, names)
    decided = chosen.chosen_id or (chosen.lawyer_id if chosen.decision == Decision.ACCEPTED else None)
    offered = chosen.representations.exists()
    return {
        "options": options,
        "refused": sight.refused(kept),
        "others": [one for one in options if not one.chosen],
        "form": DecideForm(options=[(one.ref, one.name) for one in options if not one.chosen]),
        "may_open": Case.objects.open_to(user, now).filter(pk=chosen.case_id).exists(),
        "to_offer": bool(decided) and not offered,
        "decided_by": who(chosen.decided_by, user) if chosen.decided_by else "",
    }


def _figures(run: MatchRun) -> dict[str, Any]:
    """What stands above the plan."""
    placed = Q(lawyer__isnull=False)
    found = run.proposals.aggregate(
        fit=Avg("fit", filter=placed),
        locks=Count("pk", filter=Q(is_lock=True)),
        to_decide=Count("pk", filter=Q(decision=Decision.OPEN) & placed),
    )
    changes = run.bound.get("changes", {}).get("value")
    return {**found, "fit": round(found["fit"] or 0), "without": run.needs - run.placed, "changes": changes}


def _lock_problems(run: MatchRun, names: sight.Names) -> list[tuple[str, str, str]]:
    return [
        (names.case(row["need"]), names.lawyer(row["place"]), wording.word(wording.LOCK_FAULTS, row["fault"]))
        for row in run.result.get("lock_problems", [])
    ]
