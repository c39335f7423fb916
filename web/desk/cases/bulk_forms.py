"""Forms of lists: what happened to many on one day."""

from typing import Any

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import kinds
from cases.reference.load import places_of_detention
from web.desk.cases.fields import DayField, WordsField, choices
from web.forms import OnceForm

MOST_LINES = 500


class Happened(models.TextChoices):
    """What a list says of everybody on it."""

    RELEASED = "released", _("Released")
    TRANSFERRED = "transferred", _("Moved to another place of detention")
    REARRESTED = "rearrested", _("Arrested again: a new case of the same client")


class EventForm(OnceForm):
    """What happened, when, and where it is known from."""

    happened = forms.ChoiceField(label=_("What happened"), choices=choices(Happened))
    on = DayField(label=_("On"))
    source = forms.ChoiceField(label=_("Known from"), choices=choices(kinds.Source))
    place = forms.ChoiceField(label=_("New place, for a move"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["place"]
        places = sorted((row.name, row.code) for row in places_of_detention())
        field.choices = [("", "–"), *((code, name) for name, code in places)]

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def clean(self) -> dict[str, Any]:
        """A move needs its place."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("happened") == Happened.TRANSFERRED and not found.get("place"):
            self.add_error("place", _("Choose the place they were moved to."))
        return found


class ListForm(EventForm):
    """The same, with the names: one person a line, pasted or as a text file."""

    lines = WordsField(
        label=_("Names"),
        rows=10,
        required=False,
        max_length=60_000,
        help_text=_("One person a line, in any spelling. Nothing is changed before you have confirmed."),
    )
    file = forms.FileField(label=_("Or a text file with one person a line"), required=False)
    field_order = ("happened", "on", "source", "place", "lines", "file")

    def clean(self) -> dict[str, Any]:
        """The lines of both, without repeats."""
        found = super().clean()
        text = found.get("lines") or ""
        if found.get("file") is not None:
            try:
                text += "\n" + found["file"].read(200_000).decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error(
                    "file", _("This is no text in UTF-8. Save it as plain text and send it again.")
                )
        lines = list(dict.fromkeys(line.strip(" \t;,") for line in text.splitlines() if line.strip(" \t;,")))
        if not lines:
            self.add_error("lines", _("Write at least one name."))
        if len(lines) > MOST_LINES:
            self.add_error("lines", _("At most 500 people at once. Send the list in parts."))
        found["names"] = [line[:160] for line in lines]
        return found
