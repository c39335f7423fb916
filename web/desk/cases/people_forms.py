"""Forms about the client: who they are, and what may be done for them."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases import kinds
from cases.models import Client
from web.desk.cases.fields import DayField, PartialDateField, WordsField, choices
from web.forms import OnceForm

_PLAIN = ("name", "latin_name", "alias", "place", "contacts", "kind", "guardian", "citizenship")


class ClientForm(OnceForm):
    """Everything we know of the client, opened on this page alone."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), required=False, max_length=120)
    latin_name = forms.CharField(label=_("In Latin letters"), required=False, max_length=120)
    alias = forms.CharField(label=_("Alias"), required=False, max_length=80)
    born = PartialDateField(label=_("Born"), required=False)
    kind = forms.ChoiceField(label=_("Who asks for help"), choices=choices(kinds.ClientKind))
    place = forms.CharField(label=_("Held in, or lives in"), required=False, max_length=120)
    contacts = WordsField(label=_("How to reach somebody"), required=False)
    guardian = forms.CharField(
        label=_("Who speaks for them: a minor’s guardian, the family of somebody who died"),
        required=False,
        max_length=200,
    )
    citizenship = forms.CharField(
        label=_("Citizenship, of a foreigner"),
        required=False,
        max_length=80,
        help_text=_("A consulate is told only under an authority to share."),
    )

    @classmethod
    def known(cls, client: Client) -> dict[str, Any]:
        """The first values of the form; reading them is recorded."""
        born = ""
        if client.born_on is not None:
            shape = {"year": "%Y", "month": "%m.%Y"}.get(client.born_precision, "%d.%m.%Y")
            born = client.born_on.strftime(shape)
        return {**{name: getattr(client, name) for name in _PLAIN}, "born": born}

    def changes(self) -> dict[str, Any]:
        """Only what was changed, as the action takes it."""
        given = self.cleaned_data
        values = {name: given[name] for name in _PLAIN if name in self.changed_data}
        if "born" in self.changed_data:
            born = given["born"]
            values["born_on"] = born.first if born else None
            values["born_precision"] = born.precision if born else kinds.Precision.DAY
        return values

    def clean(self) -> dict[str, Any]:
        """Somebody without any name is never found again."""
        found: dict[str, Any] = super().clean() or {}
        if not any((found.get(name) or "").strip() for name in ("name", "latin_name", "alias")):
            self.add_error(
                "name", _("Keep a name or an alias: one of them is needed to find the person again.")
            )
        return found


class AuthorityForm(OnceForm):
    """What may be done, on whose word."""

    kind = forms.ChoiceField(label=_("What may be done"), choices=choices(kinds.AuthorityKind))
    basis = forms.ChoiceField(label=_("How it was given"), choices=choices(kinds.Basis))
    relation = forms.ChoiceField(label=_("By whom, seen from the client"), choices=choices(kinds.Relation))
    given_by = forms.CharField(
        label=_("Their name"), required=False, max_length=120, help_text=_("Sealed. Leave it out if you can.")
    )
    detail = forms.CharField(
        label=_("With which body"),
        required=False,
        max_length=200,
        help_text=_("Only for sharing with a named body."),
    )
    given_on = DayField(label=_("On"))

    def clean_given_on(self) -> Any:
        day = self.cleaned_data["given_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def clean(self) -> dict[str, Any]:
        """Sharing names the body it is shared with."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("kind") == kinds.AuthorityKind.SHARE and not found.get("detail"):
            self.add_error("detail", _("Write with which body the case may be shared."))
        return found


class WithdrawForm(OnceForm):
    """The day on which an authority ends."""

    withdrawn_on = DayField(label=_("Withdrawn on"))
