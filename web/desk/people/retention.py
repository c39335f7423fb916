"""The table of retention tonight: what is due, what is held, what was done. Figures, no names."""

from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.models import Erasure, LegalHold, RetentionRun
from accounts.retention import applying
from accounts.retention.registry import THEN, Rule, Text
from audit.actors import SYSTEM
from web.desk.people.finding import find_person
from web.forms import FilterForm
from web.loading import person, room


class WhomForm(FilterForm):
    who = forms.CharField(
        label=_("Whose data?"),
        max_length=60,
        help_text=_("Code name, number of a case, alias of a colleague, or an id. Never a name."),
    )


@dataclass(frozen=True)
class Row:
    """One rule with what it would do tonight and what it did last."""

    rule: Rule
    then: Text
    due: int
    last: RetentionRun | None


@require_safe
@room("people.erase", "audit.see")
def retention(request: HttpRequest) -> HttpResponse:
    """Everybody who answers for it sees it; finding a person is for those who may erase."""
    may_erase = person(request).has("people.erase")
    form = WhomForm(request.GET or None)
    missing = False
    if may_erase and form.is_bound and form.is_valid() and form.cleaned_data["who"]:
        found = find_person(form.cleaned_data["who"])
        if found is not None:
            return redirect("desk:subject", found)
        missing = True
    at = timezone.now()
    last = {run.rule: run for run in RetentionRun.objects.order_by("ran_at")[:5000]}
    outcomes = applying.look(by=SYSTEM, at=at)
    context = {
        "rows": [Row(one.rule, THEN[one.rule.then], one.due, last.get(one.rule.name)) for one in outcomes],
        "holds": [(hold, hold.due(at.date())) for hold in LegalHold.objects.live()],
        "erased": Erasure.objects.filter(state=Erasure.State.ERASED).count(),
        "unfinished": list(Erasure.objects.unfinished()) if may_erase else [],
        "runs": list(RetentionRun.objects.all()[:30]),
        "form": form,
        "missing": missing,
        "may_erase": may_erase,
    }
    return render(request, "desk/people/retention.html", context)
