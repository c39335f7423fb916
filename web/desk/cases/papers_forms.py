"""Forms of papers, talks and signed silence."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import kinds
from cases.papers import BoundBy, DocumentKind, Way
from web.desk.cases.fields import DayField, HourField, WordsField, choices, moment
from web.files import SealedFileField
from web.forms import OnceForm

PUBLIC = _("It was published before")
PUBLIC_HELP = _("While a non-disclosure is signed, only what is public may be kept.")


class DocumentForm(OnceForm):
    """One file, what it is, and since when."""

    file = SealedFileField(label=_("File"))
    kind = forms.ChoiceField(label=_("What it is"), choices=choices(DocumentKind))
    title = forms.CharField(
        label=_("In a few words"), required=False, max_length=160, help_text=_("Sealed, like the file.")
    )
    dated_on = DayField(label=_("Dated"), required=False)
    source = forms.ChoiceField(label=_("Came from"), choices=choices(kinds.Source))
    is_public = forms.BooleanField(label=PUBLIC, required=False, help_text=PUBLIC_HELP)

    def told(self) -> dict[str, Any]:
        """As the action takes it."""
        given = self.cleaned_data
        return {
            "content": given["file"],
            "kind": DocumentKind(given["kind"]),
            "title": given["title"],
            "dated_on": given["dated_on"],
            "source": kinds.Source(given["source"]),
            "is_public": given["is_public"],
        }


class ContactForm(OnceForm):
    """A talk: when, how, with whom, and what was said."""

    day = DayField(label=_("Day"))
    hour = HourField(label=_("Hour, if known"), required=False)
    way = forms.ChoiceField(label=_("How"), choices=choices(Way))
    relation = forms.ChoiceField(label=_("With whom, seen from the client"), choices=choices(kinds.Relation))
    outward = forms.BooleanField(label=_("We turned to them"), required=False)
    said = WordsField(label=_("What was said"), rows=5, help_text=_("Sealed with the client’s key."))
    is_public = forms.BooleanField(label=PUBLIC, required=False, help_text=PUBLIC_HELP)

    def told(self) -> dict[str, Any]:
        """As the action takes it."""
        given = self.cleaned_data
        return {
            "happened_at": moment(given["day"], given["hour"]),
            "way": Way(given["way"]),
            "relation": kinds.Relation(given["relation"]),
            "inward": not given["outward"],
            "said": given["said"],
            "is_public": given["is_public"],
        }


class SilenceForm(OnceForm):
    """Who signed, and when."""

    bound = forms.ChoiceField(label=_("Who signed it"), choices=choices(BoundBy))
    signed_on = DayField(label=_("Signed on"))


class SilenceEndForm(OnceForm):
    """The day from which one may speak again."""

    ended_on = DayField(label=_("It ended on"))
