"""Recording and correcting where the court process stands."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from cases import kinds, stages
from cases.actions.stage import correct_stage, record_stage
from cases.models import Case, StageEvent
from web.desk.acting import act_page, carry_out, sent
from web.desk.cases.fields import PartialDateField, WordsField, choices
from web.desk.cases.frame import back_to, case_act, open_case
from web.forms import OnceForm
from web.loading import load, room


class StageForm(OnceForm):
    """A fact about the stage, as exactly as it is known."""

    stage = forms.ChoiceField(label=_("What happened"))
    occurred = PartialDateField(label=_("When"))
    end_kind = forms.ChoiceField(
        label=_("How it ended"), required=False, choices=choices(stages.EndKind, _("Not an end"))
    )
    source = forms.ChoiceField(label=_("Known from"), choices=choices(kinds.Source))
    reliability = forms.ChoiceField(label=_("How sure"), choices=choices(kinds.Reliability))
    reason = WordsField(
        label=_("Why, if the step is unusual"),
        rows=2,
        required=False,
        help_text=_("Sealed with the client’s key."),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = course(case)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Only an end has a kind of end."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("end_kind") and found.get("stage") not in stages.ENDS:
            self.add_error("end_kind", _("This stage is not an end. Choose “Not an end”."))
        return found


class CorrectionForm(OnceForm):
    """What should stand there instead, or nothing."""

    stage = forms.ChoiceField(label=_("What happened"), required=False)
    occurred = PartialDateField(label=_("When"))
    end_kind = forms.ChoiceField(
        label=_("How it ended"), required=False, choices=choices(stages.EndKind, _("Not an end"))
    )
    reason = WordsField(label=_("What was wrong"), rows=2)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = [  # type: ignore[attr-defined]
            ("", _("Nothing: take the entry back")),
            *course(case),
        ]


def course(case: Case) -> list[tuple[str, Any]]:
    """The stages of this kind of case, in their usual order."""
    return [(stage.value, stage.label) for stage in stages.COURSES[case.kind]]


@require_http_methods(["GET", "POST"])
@room("cases.work")
def record(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """A fact about the stage, late or early, in any order."""
    case = open_case(request, case_id)
    form = sent(request, StageForm, case=case, initial={"source": "family", "reliability": "probable"})
    if form.is_valid():
        given = form.cleaned_data
        if carry_out(
            request,
            form,
            record_stage,
            _("The stage is recorded."),
            case=case,
            stage=stages.Stage(given["stage"]),
            occurred_on=given["occurred"].first,
            precision=kinds.Precision(given["occurred"].precision),
            end_kind=given["end_kind"],
            source=kinds.Source(given["source"]),
            reliability=kinds.Reliability(given["reliability"]),
            reason=given["reason"],
        ):
            return back_to(case, mark="timeline")
    lead = _("Facts may arrive late and in any order; when you learned it is kept beside when it happened.")
    return act_page(request, form, case_act(case, _("Record a stage"), _("Record it"), lead))


@require_http_methods(["GET", "POST"])
@room("cases.work")
def correct(request: HttpRequest, case_id: uuid.UUID, event_id: uuid.UUID) -> HttpResponse:
    """Put another fact in the place of a wrong one; the first version stays to be seen."""
    case = open_case(request, case_id)
    event = load(StageEvent.objects.select_related("case", "client"), event_id, case=case)
    length = {"year": 4, "month": 7}.get(event.precision, 10)
    known = {
        "stage": event.stage,
        "occurred": event.occurred_on.isoformat()[:length],
        "end_kind": event.end_kind,
    }
    form = sent(request, CorrectionForm, case=case, initial=known)
    if form.is_valid():
        given = form.cleaned_data
        if carry_out(
            request,
            form,
            correct_stage,
            _("The entry is corrected. The first version stays below the timeline."),
            event=event,
            stage=stages.Stage(given["stage"]) if given["stage"] else None,
            occurred_on=given["occurred"].first,
            precision=kinds.Precision(given["occurred"].precision),
            end_kind=given["end_kind"],
            reason=given["reason"],
        ):
            return back_to(case, mark="timeline")
    return act_page(request, form, case_act(case, _("Correct an entry"), _("Correct it")))
