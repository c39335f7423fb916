"""The list of match runs, and the button that makes a new one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases import panel_facts, worklist
from cases.actions.matching import run_match
from cases.models import Case, MatchRun
from lawyers import wording
from web.desk.acting import carry_out
from web.forms import OnceForm
from web.loading import person, room
from web.paging import page_of


@require_safe
@room("match.see")
def runs(request: HttpRequest) -> HttpResponse:
    """Runs, newest first, and how many cases wait for a new one."""
    user = person(request)
    # The scored pairs are large and nothing here shows them.
    page = page_of(MatchRun.objects.defer("result"), cursor=request.GET.get("cursor", ""), order="-number")
    return render(
        request,
        "desk/match/list.html",
        {
            "rows": [
                (run, run.needs - run.placed, wording.word(wording.STATUSES, run.status)) for run in page.rows
            ],
            "page": page,
            "waiting": worklist.waiting_to_be_matched(Case.objects.all()).count(),
            "lawyers": panel_facts.lawyers_to_ask().count(),
            "once": OnceForm(),
            "may_run": user.has("match.run"),
        },
    )


@require_POST
@room("match.run")
def run_now(request: HttpRequest) -> HttpResponse:
    """Propose anew for every case that waits for counsel, and show the plan."""
    form = OnceForm(request.POST)
    done = _("Proposed. Nothing is sent to anybody until you decide and ask.")
    if form.is_valid() and carry_out(request, form, run_match, done):
        return redirect("desk:match-plan", form.result.pk)
    for lines in form.errors.values():
        for line in lines:
            messages.error(request, str(line))
    return redirect("desk:match")
