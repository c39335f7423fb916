"""A licence lost, an arrest: one page shows what hangs on the lawyer, one press does all that follows."""

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import losses
from cases.actions.losing import lose_lawyer, return_to_panel
from cases.actions.matching import run_match
from cases.kinds import LossKind
from cases.losses import Touched
from cases.models import Case, LawyerLoss
from lawyers.matching import Policy
from lawyers.models import Lawyer
from treasury import chart
from web.desk.acting import carry_out, press, say_errors, sent
from web.desk.cases.fields import DayField
from web.forms import OnceForm
from web.loading import load, person, room


class LossForm(OnceForm):
    """How they were lost, and whose money stays held because work was done."""

    kind = forms.ChoiceField(label=_("What happened"), choices=LossKind.choices, widget=forms.RadioSelect)
    since_on = DayField(label=_("Since"))
    source = forms.CharField(
        label=_("Known from"),
        max_length=120,
        required=False,
        help_text=_("Sealed. A register, or a colleague."),
    )
    keep = forms.MultipleChoiceField(
        label=_("Keep the money held for"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Where work was done and will be claimed. The rest goes back to its funds."),
    )

    def __init__(self, *args: Any, touched: list[Touched], seen: set[uuid.UUID], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [row.episode for row in touched if row.held_minor]
        if not held:
            del self.fields["keep"]
            return
        keep: Any = self.fields["keep"]
        outside = _("A case outside your lists")
        keep.choices = [
            (str(row.pk), row.case.client.code_name if row.case_id in seen else outside) for row in held
        ]

    def said(self) -> dict[str, Any]:
        """The arguments of ``lose_lawyer`` but the lawyer."""
        given = self.cleaned_data
        return {
            "kind": LossKind(given["kind"]),
            "since_on": given["since_on"],
            "source": given["source"],
            "keep": {uuid.UUID(key) for key in given.get("keep", ())},
        }


@require_http_methods(["GET", "HEAD", "POST"])
@room("lawyers.work")
def lose(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What it touches, and the act itself."""
    lawyer = load(Lawyer.objects.visible_to(person(request)).on_panel(), key)
    touched = losses.before(lawyer, timezone.now())
    first = {"since_on": timezone.localdate(), "keep": _claimed(touched)}
    form = sent(request, LossForm, touched=touched, seen=_seen(request, touched), initial=first)
    done = _("Recorded. What they defended seeks counsel again.")
    if form.is_valid() and carry_out(request, form, lose_lawyer, done, lawyer=lawyer, **form.said()):
        return redirect("desk:lawyer-lost", key)
    context = {"lawyer": lawyer, "form": form, **_shown(request, touched)}
    return render(request, "desk/lawyers/lose.html", context)


@require_safe
@room("lawyers.see")
def lost(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What it did: cases, money, account; and who the newest plan would ask instead."""
    lawyer = load(Lawyer.objects.visible_to(person(request)), key)
    loss = LawyerLoss.objects.filter(lawyer=lawyer).first()
    if loss is None:
        raise Http404
    context = {
        "lawyer": lawyer,
        "loss": loss,
        "seeking": losses.seekers(loss).count(),
        "may_run": person(request).has("match.run"),
        "may_see_reach": person(request).has("people.see"),
        "after": True,
        **_shown(request, losses.after(loss, timezone.now())),
    }
    return render(request, "desk/lawyers/lost.html", context)


@require_POST
@room("match.run")
def repair(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A plan that covers their cases again and moves as little as possible of the one people know."""
    lawyer = load(Lawyer.objects.visible_to(person(request)), key)
    form = OnceForm(request.POST)
    done = _("Proposed. The plan moves as little as it can.")
    if not form.is_valid() or not carry_out(request, form, run_match, done, policy=Policy(steady=True)):
        say_errors(request, form)
    return redirect("desk:lawyer-lost", lawyer.pk)


@require_POST
@room("lawyers.work")
def bring_back(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """They can be asked again."""
    lawyer = load(Lawyer.objects.visible_to(person(request)), key)
    done = _("On the panel again. Look at the licence and the account: neither came back by this.")
    return press(request, return_to_panel, done, reverse("desk:lawyer", args=[key]), lawyer=lawyer)


def _claimed(touched: list[Touched]) -> list[str]:
    """Where a claim waits already, work was done: ticked beforehand."""
    return [str(row.episode.pk) for row in touched if row.held_minor and row.claims]


def _seen(request: HttpRequest, touched: list[Touched]) -> set[uuid.UUID]:
    """Those of the cases that stand in the reader's lists."""
    seen = Case.objects.visible_to(person(request), timezone.now())
    return set(seen.filter(id__in=[row.episode.case_id for row in touched]).values_list("pk", flat=True))


def _shown(request: HttpRequest, touched: list[Touched]) -> dict[str, Any]:
    """Cases in the reader's lists, how many others there are, and the sums over all."""
    seen = _seen(request, touched)
    rows = [row for row in touched if row.episode.case_id in seen]
    return {
        "rows": rows,
        "hidden": len(touched) - len(rows),
        "held_minor": sum(row.held_minor for row in touched),
        "claimed_minor": sum(row.claimed_minor for row in touched),
        "paid_minor": sum(row.paid_minor for row in touched),
        "currency": chart.base_currency(),
    }
