"""The Counsel tab: one page on which a coordinator finds a lawyer and records what was said on the phone."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from cases import matches, worklist
from cases.actions.counsel import record_answer, record_own_counsel
from cases.kinds import Decision, EpisodeState, Role
from cases.models import Case, MatchProposal, Representation
from lawyers.models import Lawyer
from treasury import chart
from web.desk.acting import sent
from web.desk.cases.frame import back_to, case_page, open_case
from web.desk.counsel import sight
from web.desk.counsel.envelope import envelopes, ways_out
from web.desk.counsel.forms import AnswerForm, OwnCounselForm, RefusableForm
from web.loading import person, room
from web.pieces import Text

HERE = "desk:case-counsel"
DONE = {
    EpisodeState.OFFERED: _("Asked. The offer is recorded."),
    EpisodeState.ACCEPTED: _("Accepted. The case is represented."),
    EpisodeState.DECLINED: _("Declined. The answer is recorded."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@room("cases.work")
def counsel(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Who can defend, who was asked, who defends; a POST records one answer of one lawyer."""
    case = open_case(request, case_id)
    form = None
    if request.method == "POST":
        form = AnswerForm(request.POST, envelopes=envelopes(timezone.localdate()))
        if form.is_valid() and _record(request, form, case):
            return back_to(case, HERE)
    return case_page(request, "counsel", case, HERE, **_context(request, case, form))


@require_http_methods(["GET", "HEAD", "POST"])
@room("cases.work")
def own_counsel(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Counsel the family found, or the state appointed."""
    case = open_case(request, case_id)
    standing = envelopes(timezone.localdate())
    form = sent(request, OwnCounselForm, envelopes=standing)
    done = _("Own counsel is recorded. The case is represented.")
    if form.is_valid() and _carry_out(request, form, record_own_counsel, done, case=case, **form.said()):
        return back_to(case, HERE)
    return case_page(
        request,
        "own_counsel",
        case,
        HERE,
        form=form,
        currency=chart.base_currency(),
        refusal=form.refusal,
        ways_out=ways_out(form.refusal, case, person(request)),
        envelopes=standing,
    )


def _record(request: HttpRequest, form: AnswerForm, case: Case) -> bool:
    said = form.said()
    said["proposal"] = _proposal(case, said["lawyer"])
    return _carry_out(request, form, record_answer, DONE[said["answer"]], case=case, **said)


def _carry_out(request: HttpRequest, form: RefusableForm, action: Any, done: Text, **arguments: Any) -> bool:
    if not form.carry_out(action, **arguments, by=person(request), at=timezone.now()):
        return False
    messages.success(request, str(done))
    return True


def _proposal(case: Case, lawyer: Lawyer) -> MatchProposal | None:
    """The newest decided proposal of this lawyer for the case that nobody has acted on yet."""
    decided = MatchProposal.objects.filter(case=case, representations=None).order_by("-run__number")
    accepted = decided.filter(decision=Decision.ACCEPTED, lawyer=lawyer).first()
    return accepted or decided.filter(decision=Decision.REPLACED, chosen=lawyer).first()


def _context(request: HttpRequest, case: Case, form: AnswerForm | None) -> dict[str, Any]:
    user, now = person(request), timezone.now()
    episodes = list(worklist.said_so_far(case).prefetch_related("agreements", "warrants"))
    role = _role(request, episodes)
    standing = envelopes(timezone.localdate())
    forms = sight.Forms(role, standing, form)
    led = any(row.role == Role.LEAD and row.state in ("accepted", "active") for row in episodes)
    searching = not led or role != Role.LEAD
    refusal = form.refusal if form is not None else None
    return {
        "form": form,
        "refusal": refusal,
        "ways_out": ways_out(refusal, case, user),
        "hearing": sight.next_hearing(case, now),
        "defending": sight.defending_now(episodes),
        "asked": sight.asked_now(episodes, forms, now),
        "happenings": sight.said_so_far(episodes, user),
        "envelopes": standing,
        "currency": chart.base_currency(),
        "role": role,
        "led": led,
        "searching": searching,
        "other_roles": [one for one in Role if one != Role.LEAD],
        "fits": sight.FULL_FIT,
        **(_shortlist(request, case, forms, episodes, role) if searching else {}),
    }


def _role(request: HttpRequest, episodes: list[Representation]) -> Role:
    """The role that is looked for: the one named in the address or sent, else the lead."""
    said = request.POST.get("role") or request.GET.get("role") or ""
    return Role(said) if said in Role.values else Role.LEAD


def _shortlist(
    request: HttpRequest, case: Case, forms: sight.Forms, episodes: list[Representation], role: Role
) -> dict[str, Any]:
    found = matches.live_shortlist(case, timezone.now())
    live = (EpisodeState.OFFERED, EpisodeState.ACCEPTED, EpisodeState.ACTIVE)
    taken = {row.lawyer_id for row in episodes if row.state in live}
    cards, more = sight.cards(found, forms, taken, whole=request.GET.get("all") == "1")
    refused, count = sight.refusals(found)
    return {
        "cards": cards,
        "more": more,
        "refused": refused,
        "refused_count": count,
        "lawyers": found.lawyers,
    }
