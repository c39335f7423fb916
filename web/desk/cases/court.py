"""The court's side of a case: accusations, trials with their hearings, the known trial."""

import datetime
import uuid
from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from cases import kinds
from cases.actions import court as acts
from cases.actions.reference import link_known_trial, unlink_known_trial
from cases.models import Accusation, Case, Court, Defendant, Hearing, KnownTrial, Trial
from web.desk.acting import act_page, carry_out, press, sent
from web.desk.cases.court_forms import (
    AccusationForm,
    DefenceForm,
    DropForm,
    LinkForm,
    TrialForm,
    VerdictForm,
)
from web.desk.cases.frame import back_to, case_act, case_page, open_case, url_of
from web.desk.cases.sentence_words import sentence_words
from web.forms import OnceForm
from web.loading import load, person, room

TAB = "desk:case-court"
_NEARBY = datetime.timedelta(days=60)


@dataclass(frozen=True)
class TrialCard:
    """A trial with this case's place in it, the others in it, and its hearings."""

    trial: Trial
    place: Defendant
    others: list[Defendant]
    hidden: int
    hearings: list[Hearing]
    sentence: str


@require_safe
@room("cases.work")
def court(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Everything the court does in this case."""
    case = open_case(request, case_id)
    accusations = case.accusations.select_related("article").order_by("until_on", "article__number")
    return case_page(
        request,
        "court",
        case,
        TAB,
        once=OnceForm(),
        accusations=list(accusations),
        trials=cards(case, person(request), timezone.now()),
        known_trial=KnownTrial.objects.filter(case=case).select_related("court").first(),
    )


def cards(case: Case, user: User, now: datetime.datetime) -> list[TrialCard]:
    """The trials of a case, the latest first; other clients by code name, and only those in one's list."""
    trials = Trial.objects.filter(defendants__case=case).select_related("court")
    listed = list(trials.order_by("-started_on", "pk").prefetch_related("hearings"))
    defendants = list(
        Defendant.objects.filter(trial__in=listed).select_related("case__client").order_by("interest_group")
    )
    seen = set(
        Case.objects.visible_to(user, now).filter(defendants__trial__in=listed).values_list("id", flat=True)
    )
    found = []
    for trial in listed:
        there = [one for one in defendants if one.trial_id == trial.pk]
        others = [one for one in there if one.case_id != case.pk]
        place = next(one for one in there if one.case_id == case.pk)
        shown = [one for one in others if one.case_id in seen]
        hearings = sorted(trial.hearings.all(), key=lambda one: one.starts_at, reverse=True)
        found.append(
            TrialCard(trial, place, shown, len(others) - len(shown), hearings, sentence_words(place.sentence))
        )
    return found


@require_http_methods(["GET", "POST"])
@room("cases.work")
def add_trial(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Proceedings at one instance, with this case in it."""
    case = open_case(request, case_id)
    known = {"court": case.court.name if case.court else ""}
    form = sent(request, TrialForm, initial=known)
    if form.is_valid():
        given = form.cleaned_data
        if carry_out(
            request,
            form,
            acts.add_trial,
            _("The trial is recorded."),
            case=case,
            court=given["court"],
            instance=kinds.Instance(given["instance"]),
            judge=given["judge"],
            started_on=given["started_on"],
        ):
            return back_to(case, TAB)
    act = case_act(
        case, _("Add a trial"), _("Add it"), _("One court, one instance. Hearings come next."), tab=TAB
    )
    context = {"form": form, "act": act, "courts": [row.name for row in Court.objects.all()]}
    return render(request, "desk/cases/with_courts.html", context)


@require_http_methods(["GET", "POST"])
@room("cases.work")
def record_defence(request: HttpRequest, case_id: uuid.UUID, defendant_id: uuid.UUID) -> HttpResponse:
    """Who defends in this trial, or why nobody does."""
    case = open_case(request, case_id)
    place = load(Defendant.objects.all(), defendant_id, case=case)
    form = sent(request, DefenceForm, initial={"defended_by": place.defended_by})
    if form.is_valid() and carry_out(
        request,
        form,
        acts.record_defence,
        _("It is recorded who defends."),
        defendant=place,
        defended_by=kinds.DefendedBy(form.cleaned_data["defended_by"]),
    ):
        return back_to(case, TAB)
    return act_page(request, form, case_act(case, _("Who defends"), _("Record it"), tab=TAB))


@require_http_methods(["GET", "POST"])
@room("cases.work")
def record_verdict(request: HttpRequest, case_id: uuid.UUID, defendant_id: uuid.UUID) -> HttpResponse:
    """How the court decided about this client."""
    case = open_case(request, case_id)
    place = load(Defendant.objects.all(), defendant_id, case=case)
    form = sent(request, VerdictForm, initial={"plea": place.plea, "verdict_on": timezone.localdate()})
    if form.is_valid():
        given = form.cleaned_data
        if carry_out(
            request,
            form,
            acts.record_verdict,
            _("The verdict is recorded."),
            defendant=place,
            verdict=kinds.Verdict(given["verdict"]),
            verdict_on=given["verdict_on"],
            plea=kinds.Plea(given["plea"]),
            sentence=asdict(given["sentence"]) if given["sentence"] else None,
        ):
            return back_to(case, TAB)
    return act_page(request, form, case_act(case, _("Record the verdict"), _("Record it"), tab=TAB))


@require_http_methods(["GET", "POST"])
@room("cases.work")
def add_accusation(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """One more article."""
    case = open_case(request, case_id)
    form = sent(request, AccusationForm)
    if form.is_valid() and carry_out(
        request,
        form,
        acts.add_accusation,
        _("The accusation is recorded."),
        case=case,
        article=form.cleaned_data["article"],
        since_on=form.cleaned_data["since_on"],
    ):
        return back_to(case, TAB)
    return act_page(request, form, case_act(case, _("Add an accusation"), _("Add it"), tab=TAB))


@require_http_methods(["GET", "POST"])
@room("cases.work")
def drop_accusation(request: HttpRequest, case_id: uuid.UUID, accusation_id: uuid.UUID) -> HttpResponse:
    """It was dropped or changed on a day."""
    case = open_case(request, case_id)
    accusation = load(Accusation.objects.select_related("article"), accusation_id, case=case, until_on=None)
    form = sent(request, DropForm, initial={"until_on": timezone.localdate()})
    if form.is_valid():
        day = form.cleaned_data["until_on"]
        if accusation.since_on is not None and day < accusation.since_on:
            form.add_error("until_on", _("It cannot end before it began. Check the day."))
        elif carry_out(
            request,
            form,
            acts.drop_accusation,
            _("The accusation is ended."),
            accusation=accusation,
            until_on=day,
        ):
            return back_to(case, TAB)
    words = gettext("Article %(article)s") % {"article": accusation.article}
    return act_page(request, form, case_act(case, words, _("End it"), tab=TAB))


@require_http_methods(["GET", "POST"])
@room("cases.work")
def link(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Say which known trial is this case's: those at its court around its hearings, not yet linked."""
    case = open_case(request, case_id)
    form = sent(request, LinkForm, among=nearby_trials(case))
    if form.is_valid() and carry_out(
        request,
        form,
        link_known_trial,
        _("The known trial is linked."),
        known_trial=form.cleaned_data["known_trial"],
        case=case,
    ):
        return back_to(case, TAB)
    return case_page(request, "link", case, TAB, form=form, some=nearby_trials(case).exists())


@require_POST
@room("cases.work")
def unlink(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Take a wrong link back."""
    case = open_case(request, case_id)
    known = KnownTrial.objects.filter(case=case).first()
    if known is None:
        return back_to(case, TAB)
    return press(
        request, unlink_known_trial, _("The link is taken back."), url_of(case, TAB), known_trial=known
    )


def nearby_trials(case: Case) -> Any:
    """Known trials without a case at this case's courts, within two months of its hearings."""
    days = [
        timezone.localdate(moment)
        for moment in Hearing.objects.filter(trial__defendants__case=case).values_list("starts_at", flat=True)
    ]
    days += [day for day in (case.stage_on, case.detained_on) if day is not None and not days]
    courts = {case.court_id, *Trial.objects.filter(defendants__case=case).values_list("court_id", flat=True)}
    found = KnownTrial.objects.filter(case=None, court__in=[court for court in courts if court])
    if days:
        found = found.filter(starts_on__range=(min(days) - _NEARBY, max(days) + _NEARBY))
    return found.select_related("court").order_by("-starts_on")
