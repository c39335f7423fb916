"""Recording one thing about a lawyer: a form, an action, and back to their page."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods

from cases.models import Court
from lawyers.actions import panel
from lawyers.models import Capacity, Lawyer
from web.desk.acting import Act, carry_out, sent
from web.desk.lawyers import forms
from web.loading import load, person, room
from web.pieces import Text

View = Callable[[HttpRequest, uuid.UUID], HttpResponse]


def _page(
    form: Callable[..., Any],
    action: Callable[..., Any],
    heading: Text,
    lead: Text,
    more: Callable[[Lawyer], dict[str, Any]] = lambda _lawyer: {},
) -> View:
    """The page of one form; ``more`` gives it first values and what its template needs besides."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @room("lawyers.work")
    def view(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        lawyer = load(Lawyer.objects.visible_to(person(request)), key)
        extra = more(lawyer)
        asked = sent(request, form, initial=extra.pop("initial", {}))
        done = _("Recorded for %(code_name)s.") % {"code_name": lawyer.code_name}
        if asked.is_valid() and carry_out(request, asked, action, done, lawyer=lawyer, **asked.said()):
            return redirect("desk:lawyer", key)
        back = reverse("desk:lawyer", args=[key])
        act = Act(
            heading=heading,
            button=pgettext("act", "Record"),
            back_url=back,
            lead=lead,
            back_word=lawyer.code_name,
        )
        return render(request, "desk/lawyers/form.html", {"form": asked, "act": act, **extra})

    return view


def _capacity_now(lawyer: Lawyer) -> dict[str, Any]:
    known = Capacity.objects.filter(lawyer=lawyer).first()
    names = ("max_open", "min_open", "new_per_week")
    return {"initial": {name: getattr(known, name) for name in names}} if known else {}


def _languages_now(lawyer: Lawyer) -> dict[str, Any]:
    return {"initial": {"languages": lawyer.languages.split()}}


def _courts(_lawyer: Lawyer) -> dict[str, Any]:
    return {"courts": Court.objects.all()}


licence = _page(
    forms.LicenceForm,
    panel.record_licence,
    gettext_lazy("Record a licence"),
    gettext_lazy("A new entry ends the one before it. Cases are offered only within an active licence."),
)
suspension = _page(
    forms.SuspensionForm,
    panel.record_licence,
    gettext_lazy("Suspended for a time"),
    gettext_lazy(
        "They keep their cases and are asked nothing new until it ends; then the licence they had stands"
        " again by itself. Hearings on those days come to the worklist: somebody has to stand in."
    ),
)
competence = _page(
    forms.CompetenceForm,
    panel.set_competence,
    gettext_lazy("Set a competence"),
    gettext_lazy("A family that is recorded already is replaced."),
)
coverage = _page(
    forms.CoverageForm,
    panel.add_coverage,
    gettext_lazy("Add a region or a court"),
    gettext_lazy("A region means all its courts. Name one court if it is the only one."),
    _courts,
)
languages = _page(
    forms.LanguagesForm,
    panel.set_languages,
    gettext_lazy("Set the languages"),
    gettext_lazy("One language shared with the client is enough."),
    _languages_now,
)
capacity = _page(
    forms.CapacityForm,
    panel.set_capacity,
    gettext_lazy("Set the capacity"),
    gettext_lazy("As the lawyer said it. Nobody is offered more."),
    _capacity_now,
)
away = _page(
    forms.AwayForm,
    panel.record_away,
    gettext_lazy("Record days away"),
    gettext_lazy("On these days no hearing is given to this lawyer; both ends included."),
)
