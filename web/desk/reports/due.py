"""Reports that come due: saved definitions, the next period of each, words on a grant's variances."""

import datetime
import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reports import definitions, explaining
from reports.definitions import close_definition, save_definition
from reports.models import Definition, Explanation
from reports.queue import queue_report
from reports.render import RENDERERS
from reports.scope import Scope
from reports.types import TYPES
from treasury.models import Fund, GrantLine
from web.desk.acting import Act, act_page, carry_out, press, sent
from web.desk.money.fund_forms import day_field
from web.forms import OnceForm
from web.languages import native_name
from web.loading import load, person, room


class DefinitionForm(OnceForm):
    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("Such as “Quarterly for the foundation”. No person’s name."),
    )
    type = forms.ChoiceField(label=_("Report"), choices=[(kind.key, kind.title) for kind in TYPES.values()])
    fund = forms.ModelChoiceField(
        label=_("Fund"),
        queryset=Fund.objects.all(),
        to_field_name="code",
        required=False,
        empty_label=_("All funds"),
    )
    rhythm = forms.ChoiceField(label=_("How often"), choices=Definition.Rhythm.choices)
    first_on = day_field(_("First day of the first period"))
    due_days = forms.IntegerField(
        label=_("Days until it is due"), min_value=0, max_value=366, initial=30,
        help_text=_("Counted from the last day of a period."),
    )  # fmt: skip
    formats = forms.MultipleChoiceField(
        label=_("Files"),
        choices=[(name, name.upper()) for name in RENDERERS],
        widget=forms.CheckboxSelectMultiple,
        initial=["pdf", "xlsx"],
    )
    compare = forms.BooleanField(label=_("Beside the period before"), required=False, initial=True)
    language = forms.ChoiceField(label=_("Language"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = [(code, native_name(code)) for code, _word in settings.LANGUAGES]
        self.fields["language"].choices = codes  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """What the action takes."""
        chosen = self.cleaned_data
        code = chosen["fund"].code if chosen["fund"] else ""
        first = chosen["first_on"]
        scope = Scope(chosen["type"], first, first, code, chosen["compare"])
        same = ("name", "formats", "language", "rhythm", "due_days")
        return {"scope": scope, **{name: chosen[name] for name in same}}


@require_safe
@room("reports.build")
def saved(request: HttpRequest) -> HttpResponse:
    """What is saved, with the period that comes next."""
    today = timezone.localdate()
    standing = list(Definition.objects.visible_to(person(request)).standing())
    due = definitions.waiting(today, standing)
    late = {one.definition.pk for one in due}
    context = {
        "due": due,
        "others": [(one, definitions.next_of(one)) for one in standing if one.pk not in late],
        "titles": {key: kind.title for key, kind in TYPES.items()},
        "today": today,
    }
    return render(request, "desk/reports/saved.html", context)


@require_http_methods(["GET", "POST"])
@room("reports.build")
def save(request: HttpRequest) -> HttpResponse:
    """Save a report that comes due."""
    year = timezone.localdate().replace(month=1, day=1)
    form = sent(request, DefinitionForm, initial={"first_on": year, "language": person(request).language})
    if form.is_valid():
        words = _("It is saved. When a period has ended, it stands on the worklist.")
        if carry_out(request, form, save_definition, words, **form.arguments()):
            return redirect("desk:reports-saved")
    lead = _("The report comes due again and again, until you end it.")
    return act_page(request, form, Act(_("Save a report"), _("Save it"), reverse("desk:reports-saved"), lead))


@require_POST
@room("reports.build")
def end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """It does not come due any more."""
    chosen = load(Definition.objects.visible_to(person(request)), pk)
    words = _("It does not come due any more.")
    return press(request, close_definition, words, reverse("desk:reports-saved"), definition=chosen)


@require_POST
@room("reports.build")
def make(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Make the report of the period that is due."""
    chosen = load(Definition.objects.visible_to(person(request)).standing(), pk)
    due = definitions.next_of(chosen)
    return press(
        request,
        queue_report,
        _("The report is being made. It will stand here."),
        reverse("desk:reports"),
        scope=definitions.scope_for(due),
        formats=chosen.formats.split(),
        language=chosen.language,
        definition=chosen,
    )


class ExplanationForm(OnceForm):
    text = forms.CharField(
        label=_("Why it differs"),
        max_length=explaining.MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The funder reads it. Name nobody: no client, no lawyer, no place of a trial."),
    )


@require_http_methods(["GET", "POST"])
@room("money.book")
def explain(request: HttpRequest, pk: uuid.UUID, day: str) -> HttpResponse:
    """The treasurer's words on one line, for reports that end on a day."""
    line: GrantLine = load(GrantLine.objects.select_related("grant__fund"), pk)
    try:
        ends_on = datetime.date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    said = Explanation.objects.filter(line=line, ends_on=ends_on).order_by("-written_at", "-pk").first()
    form = sent(request, ExplanationForm, initial={"text": said.text if said else ""})
    back = reverse("desk:reports")
    if form.is_valid():
        words = _("It is noted. Make the report anew, and it stands there.")
        values = {"line": line, "ends_on": ends_on, "text": form.cleaned_data["text"]}
        if carry_out(request, form, explaining.explain_variance, words, **values):
            return redirect(back)
    lead = f"{line.grant.fund.name}: {line.number}. {line.title}"
    return act_page(request, form, Act(_("Explain a variance"), _("Note it"), back, lead))
