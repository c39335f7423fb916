"""A pasted list: matched to clients, confirmed by a human, then one action for each row with its result."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.actions import AlreadyDone, DomainError, once
from cases import finding, kinds
from cases.actions import bulk as acts
from cases.models import Case
from vault.keys import Erased
from web.desk.acting import Act, sent
from web.desk.cases.bulk_forms import MOST_LINES, EventForm, Happened, ListForm
from web.loading import person, room
from web.pieces import Text

# A score from which the best candidate is chosen beforehand, if no other is near it.
SURE, APART = 0.93, 0.04


@dataclass(frozen=True)
class Line:
    """One line with its candidates (case, name, score in per cent); ``chosen`` is the likely one."""

    number: int
    text: str
    candidates: list[tuple[Case, str, int]]
    chosen: uuid.UUID | None


@dataclass(frozen=True)
class Result:
    """What became of one row."""

    case: Case
    name: str
    done: bool
    words: Text


@require_http_methods(["GET", "POST"])
@room("cases.work")
def ask(request: HttpRequest) -> HttpResponse:
    """What happened, and to whom; then each line beside the people it may mean. Nothing is written yet."""
    form = sent(request, ListForm, initial={"on": timezone.localdate(), "source": kinds.Source.MONITOR})
    if not form.is_valid():
        return render(request, "desk/act.html", {"form": form, "act": _act()})
    given = form.cleaned_data
    lines = matched(request, given["names"], Happened(given["happened"]))
    again = EventForm(initial={name: given[name] for name in ("happened", "on", "source", "place")})
    context = {
        "form": again,
        "lines": lines,
        "sure": sum(line.chosen is not None for line in lines),
        "happened": Happened(given["happened"]).label,
        "on": given["on"],
    }
    return render(request, "desk/cases/bulk_match.html", context)


def matched(request: HttpRequest, names: list[str], happened: Happened) -> list[Line]:
    """Candidates among the cases that the reader holds."""
    user, now = person(request), timezone.now()
    held = Case.objects.open_to(user, now).select_related("client")
    if happened != Happened.REARRESTED:
        held = held.open()
    found = finding.find_each(cases=list(held), texts=names)
    shown = {case.pk: case for rows in found.values() for case, _score in rows}
    opened = finding.open_names(user, shown.values(), now)
    lines = []
    for number, text in enumerate(names):
        rows = found[text]
        sure = bool(rows) and rows[0][1] >= SURE and (len(rows) == 1 or rows[0][1] - rows[1][1] >= APART)
        lines.append(
            Line(
                number,
                text,
                [(case, opened.get(case.pk, ""), round(score * 100)) for case, score in rows],
                rows[0][0].pk if sure else None,
            )
        )
    return lines


@require_POST
@room("cases.work")
def apply(request: HttpRequest) -> HttpResponse:
    """One action for each confirmed row. A refused row keeps none of the others from being done."""
    form = EventForm(request.POST)
    if not form.is_valid():
        return render(request, "desk/act.html", {"form": form, "act": _act()})
    user, now = person(request), timezone.now()
    wanted = _confirmed(request)
    held = Case.objects.open_to(user, now).filter(pk__in=wanted).select_related("client")
    cases = {case.pk: case for case in held}
    names = finding.open_names(user, cases.values(), now)
    results = [
        _result(request, form.cleaned_data, cases[key], names.get(key, "")) for key in wanted if key in cases
    ]
    context = {"results": results, "done": sum(result.done for result in results)}
    return render(request, "desk/cases/bulk_done.html", context)


def _confirmed(request: HttpRequest) -> list[uuid.UUID]:
    found: dict[uuid.UUID, None] = {}
    for number in range(MOST_LINES):
        try:
            found[uuid.UUID(request.POST.get(f"case-{number}", ""))] = None
        except ValueError:
            continue
    return list(found)


def _result(request: HttpRequest, given: dict[str, Any], case: Case, name: str) -> Result:
    told: dict[str, Any] = {
        "source": kinds.Source(given["source"]),
        "by": person(request),
        "at": timezone.now(),
    }
    try:
        with once(f"form:{given['once']}:{case.pk}"):
            if given["happened"] == Happened.RELEASED:
                acts.release_client(case=case, released_on=given["on"], **told)
            elif given["happened"] == Happened.TRANSFERRED:
                acts.transfer_client(case=case, place=given["place"], moved_on=given["on"], **told)
            else:
                acts.rearrest_client(case=case, detained_on=given["on"], **told)
    except AlreadyDone as refusal:
        return Result(case, name, True, refusal.text)
    except DomainError as refusal:
        return Result(case, name, False, refusal.text)
    except Erased:
        return Result(case, name, False, _("This person is erased."))
    return Result(case, name, True, _("Recorded"))


def _act() -> Act:
    lead = _("Such as the day on which 122 people were released. Only cases that you hold are looked at.")
    return Act(_("What happened to many"), _("Match the names"), reverse("desk:cases"), lead, _("Cases"))
