"""Deciding one proposal. Nobody is told anything by it: the asking follows, by phone."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases.actions.matching import decide_proposal
from cases.kinds import Decision
from cases.models import Case, MatchProposal
from web.desk.acting import carry_out
from web.desk.match.forms import DecideForm
from web.loading import load, person, room


@require_POST
@room("match.run")
def decide(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Accept, refuse or replace; then back to the case in its plan, where the way to the offer stands."""
    seen = Case.objects.visible_to(person(request), timezone.now()).order_by().values("pk")
    proposal = load(MatchProposal.objects.filter(case__in=seen), key)
    form = DecideForm(request.POST)
    done = {
        Decision.ACCEPTED: _("Accepted. Now ask the lawyer, and record what they say."),
        Decision.REFUSED: _("Refused. The next plan will not count on it."),
        Decision.REPLACED: _("Somebody else is chosen. Now ask them, and record what they say."),
    }
    if form.is_valid():
        decision = Decision(form.cleaned_data["decision"])
        carry_out(
            request,
            form,
            decide_proposal,
            done[decision],
            proposal=proposal,
            decision=decision,
            chosen=form.cleaned_data["chosen"],
        )
    for lines in form.errors.values():
        for line in lines:
            messages.error(request, str(line))
    return redirect(reverse("desk:match-plan", args=[proposal.run_id]) + f"?case={proposal.case_id}#why")
