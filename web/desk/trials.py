"""Known trials: every political trial on the board, with who defends or why nobody does."""

import datetime
import uuid
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from cases import kinds
from cases import promptness as prompt
from cases.actions.reference import (
    KnownTrialFact,
    add_known_trials,
    link_known_trial,
    record_known_defence,
    unlink_known_trial,
)
from cases.models import Case, Court, KnownTrial
from web.desk.acting import Act, act_page, carry_out, press, sent
from web.desk.cases.fields import ArticlesField, CourtField, DayField, PartialDateField, any_of, choices
from web.desk.cases.filters import region_choices
from web.desk.trial_coverage import months, with_defence
from web.forms import FilterForm, OnceForm
from web.loading import load, person, room
from web.paging import page_of

_PAGE = 50


class TrialFilter(FilterForm):
    """Linked or not, by whom defended, where, when."""

    linked = forms.ChoiceField(
        label=_("Case"), choices=[("", _("Any")), ("yes", _("Linked")), ("no", _("Not linked"))]
    )
    defended_by = forms.ChoiceField(label=_("Defended by"), choices=any_of(kinds.DefendedBy))
    region = forms.ChoiceField(label=_("Region"))
    since = DayField(label=_("From"))
    until = DayField(label=_("To"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [("", _("Any")), *region_choices()]  # type: ignore[attr-defined]


class KnownTrialForm(OnceForm):
    """A trial as monitors or media reported it; nobody's name belongs here."""

    court = CourtField(label=_("Court"))
    starts = PartialDateField(label=_("Opens"))
    articles = ArticlesField(label=_("Articles"), required=False)
    defendants = forms.IntegerField(label=_("Defendants"), min_value=1, max_value=999, initial=1)
    defended_by = forms.ChoiceField(label=_("Defended by"), choices=choices(kinds.DefendedBy))
    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("Which list, page or paper. No person’s name.")
    )

    def told(self) -> KnownTrialFact:
        """As the action takes it."""
        given = self.cleaned_data
        articles = ", ".join(f"{ref.number} {ref.part}".strip() for ref in given["articles"])
        return KnownTrialFact(
            court=given["court"].code,
            starts=given["starts"],
            articles=articles,
            source=given["source"],
            defendants=given["defendants"],
            defended_by=kinds.DefendedBy(given["defended_by"]),
        )


class LinkCaseForm(OnceForm):
    """Which case a known trial is."""

    reference = forms.CharField(
        label=_("Case"), max_length=20, help_text=_("Its reference, such as BY-2026-0042.")
    )

    def __init__(self, *args: Any, user: User, at: datetime.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.among = Case.objects.open_to(user, at)

    def clean_reference(self) -> Case:
        """The case, if the reader holds a grant on it."""
        found: Case | None = self.among.filter(
            reference__iexact=self.cleaned_data["reference"].strip()
        ).first()
        if found is None:
            raise forms.ValidationError(_("You hold no grant on a case with this reference."))
        return found


class DefenceForm(OnceForm):
    """Who defends in a trial that is no case of ours."""

    defended_by = forms.ChoiceField(label=_("Defended by"), choices=choices(kinds.DefendedBy))


@require_safe
@room("trials.see")
def trials(request: HttpRequest) -> HttpResponse:
    """The list with its filters, and coverage by month of the same trials."""
    user, now = person(request), timezone.now()
    form = TrialFilter(request.GET)
    found = _narrowed(form.cleaned_data) if form.is_valid() else KnownTrial.objects.all()
    page = page_of(
        with_defence(found).select_related("court", "case__client"),
        cursor=request.GET.get("cursor", ""),
        order="-starts_on",
        size=_PAGE,
    )
    linked = [row.case_id for row in page.rows if row.case_id]
    seen = set(Case.objects.visible_to(user, now).filter(pk__in=linked).values_list("pk", flat=True))
    context = {
        "form": form,
        "page": page,
        "seen": seen,
        "defences": dict(kinds.DefendedBy.choices),
        "months": months(found, timezone.localdate(now)),
        "narrowed": bool(form.in_use()),
        "may_add": user.has("cases.import"),
        "may_work": user.has("cases.work"),
        "now": now,
    }
    return render(request, "desk/trials/list.html", context)


@require_safe
@room("trials.see")
def promptness(request: HttpRequest) -> HttpResponse:
    """How soon counsel came, by month and by region, in the cases the reader may find."""
    now = timezone.now()
    today = timezone.localdate(now)
    since = today.replace(year=today.year - 1, day=1)
    known = prompt.facts(Case.objects.visible_to(person(request), now), since, today)
    context = {
        "all": prompt.figures(known),
        "months": prompt.grouped(known, lambda row: row.first_on.replace(day=1))[::-1],
        "regions": prompt.grouped(known, lambda row: row.region),
        "since": since,
    }
    return render(request, "desk/trials/promptness.html", context)


def _narrowed(wanted: dict[str, Any]) -> QuerySet[KnownTrial]:
    found: QuerySet[KnownTrial] = KnownTrial.objects.all()
    if wanted["linked"]:
        found = found.filter(case__isnull=wanted["linked"] == "no")
    if wanted["defended_by"]:
        found = with_defence(found).filter(Q(who=wanted["defended_by"]))
    if wanted["region"]:
        found = found.filter(court__region=wanted["region"])
    if wanted["since"]:
        found = found.filter(starts_on__gte=wanted["since"])
    if wanted["until"]:
        found = found.filter(starts_on__lte=wanted["until"])
    return found


@require_http_methods(["GET", "POST"])
@room("cases.import")
def add(request: HttpRequest) -> HttpResponse:
    """One trial by hand; lists come by the command."""
    form = sent(request, KnownTrialForm)
    if form.is_valid() and carry_out(
        request, form, add_known_trials, _("The trial is on the board."), trials=[form.told()]
    ):
        return redirect("desk:trials")
    act = Act(_("Add a known trial"), _("Add it"), reverse("desk:trials"), _("It holds nobody’s name."))
    context = {"form": form, "act": act, "courts": [court.name for court in Court.objects.all()]}
    return render(request, "desk/cases/with_courts.html", context)


@require_http_methods(["GET", "POST"])
@room("cases.work")
def link(request: HttpRequest, trial_id: uuid.UUID) -> HttpResponse:
    """Say which case this trial is."""
    trial = load(KnownTrial.objects.select_related("court"), trial_id, case=None)
    form = sent(request, LinkCaseForm, user=person(request), at=timezone.now())
    if form.is_valid() and carry_out(
        request,
        form,
        link_known_trial,
        _("The trial is linked to the case."),
        known_trial=trial,
        case=form.cleaned_data["reference"],
    ):
        return redirect("desk:trials")
    act = Act(_("Link to a case"), _("Link it"), reverse("desk:trials"), trial.court.name)
    return act_page(request, form, act)


@require_POST
@room("cases.work")
def unlink(request: HttpRequest, trial_id: uuid.UUID) -> HttpResponse:
    """Take a wrong link back; only somebody with a grant on the case can."""
    mine = Case.objects.open_to(person(request), timezone.now())
    trial = load(KnownTrial.objects.all(), trial_id, case__in=mine)
    done = _("The link is taken back.")
    return press(request, unlink_known_trial, done, reverse("desk:trials"), known_trial=trial)


@require_http_methods(["GET", "POST"])
@room("cases.work")
def record_defence(request: HttpRequest, trial_id: uuid.UUID) -> HttpResponse:
    """Who defends there, or why nobody does."""
    trial = load(KnownTrial.objects.select_related("court"), trial_id, case=None)
    form = sent(request, DefenceForm, initial={"defended_by": trial.defended_by})
    if form.is_valid() and carry_out(
        request,
        form,
        record_known_defence,
        _("It is recorded who defends."),
        known_trial=trial,
        defended_by=kinds.DefendedBy(form.cleaned_data["defended_by"]),
    ):
        return redirect("desk:trials")
    act = Act(_("Who defends"), _("Record it"), reverse("desk:trials"), trial.court.name)
    return act_page(request, form, act)
