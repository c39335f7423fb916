"""The one page of the intake, as a form."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases import kinds
from cases.intake.facts import HearingFact, Intake
from cases.models import Client
from web.desk.cases.fields import (
    ArticlesField,
    CourtField,
    DayField,
    HourField,
    PartialDateField,
    WordsField,
    choices,
    moment,
)
from web.forms import OnceForm

NEW_PERSON = "new"


class NameField(forms.CharField):
    """Shown as needed, because it nearly always is; an alias may stand in its place."""

    def validate(self, value: str) -> None:
        """The form asks for one of the two."""


class IntakeForm(OnceForm):
    """Eight fields; a name or an alias, and how to reach somebody. All the rest may come later."""

    name = NameField(
        label=pgettext_lazy("person", "Name"),
        max_length=120,
        help_text=_("Surname first, as the family writes it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    latin_name = forms.CharField(
        label=_("In Latin letters"),
        required=False,
        max_length=120,
        help_text=_("As in a passport or a list."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    alias = forms.CharField(
        label=_("Alias"),
        required=False,
        max_length=80,
        help_text=_("Enough while the name is unknown."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contacts = WordsField(
        label=_("How to reach somebody"),
        rows=2,
        help_text=_("The family, a colleague, or who told you. Sealed; it is opened on a page of its own."),
        error_messages={
            "required": _("Write how to reach somebody: the family, a colleague, or who told you.")
        },
    )
    detained = PartialDateField(
        label=_("Detained since"), required=False, help_text=_("A day, a month or a year.")
    )
    articles = ArticlesField(label=_("Articles"), required=False)
    court = CourtField(label=_("Court"), required=False)
    hearing_on = DayField(label=_("Next hearing"), required=False)
    hearing_at = HourField(label=_("Hour, if known"), required=False)

    born = PartialDateField(label=_("Born"), required=False, help_text=_("A day, a month or a year."))
    place = forms.CharField(label=_("Held in, or lives in"), required=False, max_length=120)
    client_kind = forms.ChoiceField(label=_("Who asks for help"), choices=choices(kinds.ClientKind))
    guardian = forms.CharField(label=_("Who speaks for them"), required=False, max_length=200)
    citizenship = forms.CharField(label=_("Citizenship, of a foreigner"), required=False, max_length=80)
    source = forms.ChoiceField(label=_("Known from"), choices=choices(kinds.Source))
    languages = forms.CharField(
        label=_("Languages"), required=False, max_length=30, help_text=_("Codes, such as: be ru.")
    )
    is_minor = forms.BooleanField(label=_("A minor"), required=False)
    is_ill = forms.BooleanField(label=_("Ill, or needs medicine"), required=False)
    restricted = forms.BooleanField(label=_("Restricted: in nobody’s list without a grant"), required=False)
    summary = WordsField(label=_("What happened"), required=False)
    same = forms.CharField(required=False, widget=forms.HiddenInput)

    first = ("name", "latin_name", "alias", "contacts", "detained", "articles", "court")
    more = (
        "born",
        "place",
        "client_kind",
        "guardian",
        "citizenship",
        "source",
        "languages",
        "is_minor",
        "is_ill",
        "restricted",
        "summary",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"client_kind": "detainee", "source": "family"})
        super().__init__(*args, **kwargs)
        if token := self.initial.get("once"):  # a draft goes on under its own token
            self.fields["once"].initial = token

    def clean(self) -> dict[str, Any]:
        """Whatever else is missing: an hour needs its day, somebody a name, and us a way to them."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("hearing_at") and not found.get("hearing_on"):
            self.add_error("hearing_on", _("Write the day of the hearing too."))
        if not any((found.get(name) or "").strip() for name in ("name", "latin_name", "alias")):
            self.add_error(
                "name", _("Write a name or an alias: one of them is needed to find the person again.")
            )
        return found

    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.first]

    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.more]

    def more_is_used(self) -> bool:
        """Whether the second part must stand open, because something in it was written or is wrong."""
        standing = ("client_kind", "source")
        return any(
            self[name].errors or (self.is_bound and name not in standing and self[name].data)
            for name in self.more
        )

    def person(self) -> Client:
        """Whom the page describes, unsaved, to be compared with those we know."""
        known = self.cleaned_data
        client = Client(
            name=known["name"], latin_name=known["latin_name"], alias=known["alias"], place=known["place"]
        )
        if known["born"] is not None:
            client.born_on, client.born_precision = known["born"].first, known["born"].precision
        return client

    def intake(self, at: datetime.datetime) -> Intake:
        """What the page tells."""
        known = self.cleaned_data
        court = known["court"]
        restricted, normal = kinds.Confidentiality.RESTRICTED, kinds.Confidentiality.NORMAL
        return Intake(
            name=known["name"],
            latin_name=known["latin_name"],
            alias=known["alias"],
            contacts=known["contacts"],
            born=known["born"],
            place=known["place"],
            client_kind=kinds.ClientKind(known["client_kind"]),
            guardian=known["guardian"],
            citizenship=known["citizenship"],
            court=court.code if court else "",
            articles=known["articles"],
            detained=known["detained"],
            hearing=self._hearing(),
            is_minor=known["is_minor"],
            is_ill=known["is_ill"],
            languages=known["languages"],
            summary=known["summary"],
            source=kinds.Source(known["source"]),
            confidentiality=restricted if known["restricted"] else normal,
        )

    def _hearing(self) -> HearingFact | None:
        day, hour = self.cleaned_data["hearing_on"], self.cleaned_data["hearing_at"]
        if day is None:
            return None
        return HearingFact(moment(day, hour), time_known=hour is not None)
