"""Many administrative detentions at once: a line a person, looked over, then one action for each row."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.actions import AlreadyDone, DomainError, once
from cases import finding, kinds
from cases.actions.intake import receive_case
from cases.intake.courts import CourtNames
from cases.intake.detained_rows import Row, read_row
from cases.intake.facts import Intake
from cases.models import Case, Client, Court
from lawyers.intake.cells import PartialDate
from vault.keys import Erased
from web.desk.acting import Act, sent
from web.desk.cases.fields import ArticlesField, CourtField, DayField, WordsField, choices
from web.desk.cases.intake import Candidate, candidates, court_names
from web.desk.cases.intake_form import NEW_PERSON
from web.forms import OnceForm
from web.loading import person, room
from web.pieces import Text

MOST_ROWS = 100


class HeadForm(OnceForm):
    """What all the lines share, unless a line says otherwise."""

    on = DayField(label=_("Detained on"))
    articles = ArticlesField(label=_("Article"), required=False)
    court = CourtField(label=_("Court"), required=False)
    source = forms.ChoiceField(label=_("Known from"), choices=choices(kinds.Source))
    contacts = WordsField(label=_("How to reach somebody about them"), rows=2)

    def usual(self) -> Intake:
        """What a line begins with."""
        given = self.cleaned_data
        court = given["court"]
        return Intake(
            contacts=given["contacts"],
            case_kind=kinds.CaseKind.ADMINISTRATIVE,
            detained=PartialDate(given["on"]),
            articles=given["articles"],
            court=court.code if court else "",
            source=kinds.Source(given["source"]),
        )

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day


class LinesForm(HeadForm):
    """The same with the lines."""

    lines = WordsField(
        label=_("People"),
        rows=10,
        max_length=40_000,
        help_text=_(
            "One person a line: name; date; article; court; outcome. Only the name is needed."
            " Outcomes: 15 days, fine 20 BV, released."
        ),
    )

    def clean_lines(self) -> list[str]:
        """The lines that hold something, each once."""
        lines = [line.strip() for line in self.cleaned_data["lines"].splitlines() if line.strip(" \t;")]
        if len(lines) > MOST_ROWS:
            raise forms.ValidationError(_("At most 100 people at once. Send the list in parts."))
        return list(dict.fromkeys(line[:300] for line in lines))


@dataclass(frozen=True)
class Line:
    """One line as it was understood, and people it may mean."""

    number: int
    row: Row
    alike: list[Candidate]


@dataclass(frozen=True)
class Result:
    """What became of one line."""

    name: str
    done: bool
    words: Text
    case: Case | None = None


@require_http_methods(["GET", "POST"])
@room("cases.open")
def ask(request: HttpRequest) -> HttpResponse:
    """The head and the lines; then each line as understood, beside people we may know. Nothing is written."""
    initial = {"on": timezone.localdate(), "source": kinds.Source.MONITOR}
    form = sent(request, LinesForm, initial=initial)
    if not form.is_valid():
        return _first(request, form)
    usual, find = form.usual(), _courts()
    rows = [read_row(text, usual, find) for text in form.cleaned_data["lines"]]
    lines = [Line(number, row, _alike(request, row)) for number, row in enumerate(rows)]
    head = HeadForm(initial={name: form.data.get(name) for name in HeadForm.base_fields if name != "once"})
    context = {"form": head, "lines": lines, "bad": sum(line.row.intake is None for line in lines)}
    return render(request, "desk/cases/detained_look.html", context)


@require_POST
@room("cases.open")
def apply(request: HttpRequest) -> HttpResponse:
    """One new case for each line; a refused line keeps none of the others from being taken in."""
    form = HeadForm(request.POST)
    if not form.is_valid():
        return _first(request, form)
    usual, find = form.usual(), _courts()
    numbers = [number for number in range(MOST_ROWS) if f"line-{number}" in request.POST]
    results = [_result(request, form, number, usual, find) for number in numbers]
    context = {"results": results, "done": sum(result.done for result in results)}
    return render(request, "desk/cases/detained_done.html", context)


def _alike(request: HttpRequest, row: Row) -> list[Candidate]:
    if row.intake is None:
        return []
    found = finding.likely_duplicates(Client(name=row.intake.name), limit=3)
    return candidates(found, person(request), timezone.now())


def _result(request: HttpRequest, form: HeadForm, number: int, usual: Intake, find: Any) -> Result:
    row = read_row(request.POST[f"line-{number}"][:300], usual, find)
    if row.intake is None:
        return Result(row.text, False, row.problem)
    name, chosen = row.intake.name, request.POST.get(f"same-{number}", "")
    client = None
    if chosen and chosen != NEW_PERSON:
        found = finding.likely_duplicates(Client(name=name), limit=3)
        client = next((one.client for one in found if str(one.client.id) == chosen), None)
    if not chosen or (chosen != NEW_PERSON and client is None):
        return Result(name, False, _("Left out: nobody said who it is."))
    try:
        with once(f"form:{form.cleaned_data['once']}:{number}"):
            case = receive_case(intake=row.intake, client=client, by=person(request), at=timezone.now())
    except DomainError as refusal:  # AlreadyDone: the page was sent twice, and this line is taken in
        return Result(name, isinstance(refusal, AlreadyDone), refusal.text)
    except Erased:
        return Result(name, False, _("This person is erased."))
    return Result(name, True, _("Taken in"), case)


def _courts() -> Any:
    known = {court.code: court.names for court in Court.objects.all()}
    return CourtNames(known).find


def _first(request: HttpRequest, form: forms.Form) -> HttpResponse:
    lead = _(
        "Many people taken on one day, each a case in one line. You look at each before anything is kept."
    )
    act = Act(_("Administrative detentions"), _("Look it over"), reverse("desk:cases"), lead, _("Cases"))
    return render(request, "desk/cases/with_courts.html", {"form": form, "act": act, "courts": court_names()})
