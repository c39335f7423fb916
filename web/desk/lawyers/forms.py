"""The forms of this room. Nothing is mandatory where it may not be known: empty means ask."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.kinds import CaseKind, Instance
from cases.names import candidate_keys
from lawyers import wording
from lawyers.actions.panel import Practice, free_code_name
from lawyers.models import Lawyer, Licence
from web.desk.cases.fields import CourtField, DayField
from web.desk.cases.words import REGIONS
from web.forms import OnceForm

_MOST, _MOST_WEEK = 200, 50


class _Many(forms.MultipleChoiceField):
    """Several of a short closed list; cleans to codes with a space between."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.CheckboxSelectMultiple, required=False, **kwargs)

    def clean(self, value: Any) -> str:
        return " ".join(super().clean(value))


def _number(label: Any, most: int, **more: Any) -> forms.IntegerField:
    # Few digits: a narrow box says so better than a hint.
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "class": "num"})
    return forms.IntegerField(label=label, min_value=0, max_value=most, widget=widget, **more)


class _Recorded(OnceForm):
    """What was said, as the action's arguments."""

    def said(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


class AddForm(OnceForm):
    """A lawyer in one page; code name and channel are the only things one must know."""

    code_name = forms.SlugField(
        label=_("Code name"),
        max_length=40,
        help_text=_("A bird and a number, drawn at random. Keep it, or write another."),
    )
    name = forms.CharField(
        label=pgettext_lazy("person", "Name"), max_length=200, required=False, help_text=_("Sealed.")
    )
    latin_name = forms.CharField(
        label=_("Name in Latin letters"), max_length=200, required=False, help_text=_("Sealed.")
    )
    contact = forms.CharField(
        label=_("How to reach them"),
        max_length=400,
        required=False,
        help_text=_("Sealed. Never a channel that the authorities can read."),
    )
    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=[(value, label) for value, label in Lawyer.Channel.choices if value != Lawyer.Channel.PORTAL],
        widget=forms.RadioSelect,
        initial=Lawyer.Channel.RELAY,
        help_text=_("The portal, for lawyers abroad, is opened later by two people."),
    )
    status = forms.ChoiceField(
        label=_("Licence"),
        choices=[("", _("Not known: ask")), *Licence.Status.choices],
        required=False,
    )
    from_on = DayField(label=_("Since"), required=False)
    until_on = DayField(label=_("Until"), required=False, help_text=_("Empty if it is open or not known."))
    source = forms.CharField(label=_("Known from"), max_length=120, required=False)
    regions = _Many(label=_("Regions"), choices=list(REGIONS.items()), help_text=_("None chosen: ask."))
    families = _Many(
        label=_("Competence"), choices=list(wording.FAMILIES.items()), help_text=_("None chosen: ask.")
    )
    languages = _Many(
        label=_("Languages in court"),
        choices=list(wording.LANGUAGES.items()),
        help_text=_("None chosen: ask."),
    )
    risks = _Many(label=_("Kinds of case they will not take"), choices=list(wording.FAMILIES.items()))
    max_open = _number(_("Most open cases"), _MOST, required=False, help_text=_("Empty: ask."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["code_name"].initial = free_code_name()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("status") and not said.get("from_on"):
            self.add_error("from_on", _("Say since when, or leave the licence as not known."))
        _in_order(self, said)
        return said

    def said(self) -> dict[str, Any]:
        """The arguments of ``add_lawyer``."""
        said = self.cleaned_data
        spellings = [said["name"], said["latin_name"]]
        kept = ("code_name", "name", "latin_name", "contact", "channel", "languages")
        return {
            **{name: said[name] for name in kept},
            # A case of the prison regime says so by its kind, even before anybody is accused.
            "risks": said["risks"].replace("prison-regime", f"prison-regime {CaseKind.REGIME}"),
            "name_keys": {key for text in spellings if text for key in candidate_keys(text)},
            "practice": Practice(
                licence_status=said["status"],
                licence_from_on=said["from_on"],
                licence_until_on=said["until_on"],
                source=said["source"],
                competences=tuple((family, 5, "") for family in said["families"].split()),
                coverage=tuple((region, "", False) for region in said["regions"].split()),
                max_open=said["max_open"],
            ),
        }


class LicenceForm(_Recorded):
    """An episode of the licence."""

    status = forms.ChoiceField(label=_("State"), choices=Licence.Status.choices, widget=forms.RadioSelect)
    from_on = DayField(label=_("Since"))
    until_on = DayField(label=_("Until"), required=False, help_text=_("Empty if it is open or not known."))
    bar = forms.CharField(label=_("Bar"), max_length=80, required=False)
    source = forms.CharField(
        label=_("Known from"), max_length=120, required=False, help_text=_("A register or a list, no person.")
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        _in_order(self, said)
        return said


class SuspensionForm(_Recorded):
    """A suspension whose end is known; one without an end is a loss."""

    from_on = DayField(label=_("First day"))
    until_on = DayField(label=_("Last day"))
    bar = forms.CharField(label=_("Bar"), max_length=80, required=False)
    source = forms.CharField(
        label=_("Known from"), max_length=120, required=False, help_text=_("A register or a list, no person.")
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        _in_order(self, said)
        return said

    def said(self) -> dict[str, Any]:
        return {**super().said(), "status": Licence.Status.SUSPENDED.value}


class CompetenceForm(_Recorded):
    """One family of articles."""

    article_family = forms.ChoiceField(label=_("Family of articles"), choices=list(wording.FAMILIES.items()))
    max_severity = forms.TypedChoiceField(
        label=_("Up to severity"), choices=list(wording.SEVERITIES.items()), coerce=int, initial="5"
    )
    instances = _Many(label=_("Instances"), choices=Instance.choices, help_text=_("None chosen: ask."))


class CoverageForm(OnceForm):
    """A region, or one court."""

    region = forms.ChoiceField(
        label=_("Region"), choices=[("", _("Choose")), *REGIONS.items()], required=False
    )
    court = CourtField(label=_("Only this court"), required=False)
    travels = forms.BooleanField(label=_("It takes a journey"), required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("region") and not said.get("court") and "court" not in self.errors:
            self.add_error("region", _("Choose a region, or write the name of a court."))
        return said

    def said(self) -> dict[str, Any]:
        """The arguments of ``add_coverage``; a court brings its own region."""
        said = self.cleaned_data
        court = said["court"]
        return {
            "region": (court.region if court else "") or said["region"],
            "court_code": court.code if court else "",
            "travels": said["travels"],
        }


class LanguagesForm(_Recorded):
    """What they speak in court."""

    languages = _Many(
        label=_("Languages in court"),
        choices=list(wording.LANGUAGES.items()),
        help_text=_("None chosen: not known, ask."),
    )


class CapacityForm(_Recorded):
    """How much they take on."""

    max_open = _number(_("Most open cases"), _MOST, help_text=_("The matching never goes above it."))
    min_open = _number(_("Agreed minimum"), _MOST, required=False)
    new_per_week = _number(
        _("Most new cases in a week"), _MOST_WEEK, required=False, help_text=_("Empty: no limit was said.")
    )

    def said(self) -> dict[str, Any]:
        return {**super().said(), "min_open": self.cleaned_data["min_open"] or 0}


class AwayForm(_Recorded):
    """Days without hearings."""

    from_on = DayField(label=_("First day away"))
    until_on = DayField(label=_("Last day away"))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        _in_order(self, said)
        until_on: datetime.date | None = said.get("until_on")
        if until_on is not None and until_on < timezone.localdate():
            self.add_error("until_on", _("These days are over. Only coming ones matter."))
        return said


def _in_order(form: OnceForm, said: dict[str, Any]) -> None:
    first, last = said.get("from_on"), said.get("until_on")
    if first and last and last < first:
        form.add_error("until_on", _("The last day comes before the first. Check both dates."))
