"""Forms of what is recorded around a case; each says what its action takes."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases import circumstances as lists
from cases import kinds
from cases.models import Case, Hearing
from cases.reference.load import places_of_detention
from lawyers.intake.cells import PartialDate
from web.desk.cases.fields import DayField, PartialDateField, WordsField, choices
from web.forms import OnceForm


class EntryForm(OnceForm):
    """``told`` gives the action's own words; closed lists arrive as their members."""

    closed: dict[str, Any] = {}

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case

    def told(self) -> dict[str, Any]:
        """What was written, as the action takes it; a partial date becomes a day and its precision."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "once"}
        for name, members in self.closed.items():
            values[name] = members(values[name])
        if isinstance(values.get("occurred_on"), PartialDate):
            date = values["occurred_on"]
            values.update(occurred_on=date.first, precision=kinds.Precision(date.precision))
        if isinstance(values.get("from_on"), PartialDate):
            date = values["from_on"]
            values.update(from_on=date.first, from_precision=kinds.Precision(date.precision))
        return values


class CustodyForm(EntryForm):
    """Where somebody is held, since when."""

    place = forms.ChoiceField(label=_("Place of detention"), required=False)
    from_on = PartialDateField(label=_("Since"))
    until_on = DayField(label=_("Until, if it is over"), required=False)
    source = forms.ChoiceField(label=_("Known from"), choices=choices(kinds.Source))
    detail = WordsField(label=_("Cell, regime, what was told"), required=False, help_text=_("Sealed."))
    closed = {"source": kinds.Source}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["place"]
        places = sorted((row.name, row.code) for row in places_of_detention())
        field.choices = [("", _("Not known, or not on the list")), *((code, name) for name, code in places)]


class IncidentForm(EntryForm):
    """What was done to the client."""

    kind = forms.ChoiceField(label=_("What"), choices=choices(lists.IncidentKind))
    occurred_on = PartialDateField(label=_("When"))
    account = WordsField(label=_("What happened"), help_text=_("Sealed with the client’s key."))
    source = forms.ChoiceField(label=_("Known from"), choices=choices(kinds.Source))
    reliability = forms.ChoiceField(label=_("How sure"), choices=choices(kinds.Reliability))
    codes = forms.RegexField(
        regex=r"^\d\d( \d\d){0,3}(, ?\d\d( \d\d){0,3})*\Z",
        label=_("HURIDOCS codes"),
        required=False,
        max_length=80,
        help_text=_("Of the micro-thesauri, such as 03 01, 02 04. Leave it out to take those of the kind."),
    )
    closed = {"kind": lists.IncidentKind, "source": kinds.Source, "reliability": kinds.Reliability}

    def told(self) -> dict[str, Any]:
        values = super().told()
        values["codes"] = values["codes"] or ", ".join(lists.HURIDOCS.get(values["kind"], ()))
        return values


class TestimonyForm(EntryForm):
    """What was told, and whether it may be used."""

    told_on = DayField(label=_("Told on"))
    account = WordsField(label=_("What was told"), rows=8, help_text=_("Sealed with the client’s key."))
    told_by = forms.CharField(label=_("By whom"), required=False, max_length=120, help_text=_("Sealed."))
    relation = forms.ChoiceField(
        label=_("Who that is, seen from the client"), choices=choices(kinds.Relation)
    )
    basis = forms.ChoiceField(label=_("How leave to use it was given"), choices=choices(kinds.Basis))
    may_share = forms.BooleanField(
        label=_("It may be shared with bodies that protect rights"), required=False
    )
    closed = {"relation": kinds.Relation, "basis": kinds.Basis}


class OfficialForm(EntryForm):
    """An official and their part."""

    kind = forms.ChoiceField(label=_("Part in the case"), choices=choices(lists.OfficialKind))
    name = forms.CharField(
        label=pgettext_lazy("person", "Name"), max_length=120, help_text=_("Sealed for the organisation.")
    )
    office = forms.CharField(label=_("Office or rank"), required=False, max_length=160)
    closed = {"kind": lists.OfficialKind}


class PartyForm(EntryForm):
    """Somebody whom counsel must not be bound to."""

    kind = forms.ChoiceField(label=_("How they stand to the case"), choices=choices(lists.PartyKind))
    name = forms.CharField(
        label=pgettext_lazy("person", "Name"), max_length=120, help_text=_("Sealed with the client’s key.")
    )
    remark = forms.CharField(label=_("Remark"), required=False, max_length=300)
    closed = {"kind": lists.PartyKind}


class RecognitionForm(EntryForm):
    """Recognised by whom, by what."""

    organisation = forms.CharField(
        label=_("Organisation"), max_length=120, help_text=_("As it signs in public. Not a person.")
    )
    criteria = forms.ChoiceField(label=_("Criteria"), choices=choices(lists.Criteria))
    recognised_on = DayField(label=_("On"))
    closed = {"criteria": lists.Criteria}


class ReferralForm(EntryForm):
    """Sent on for help."""

    kind = forms.ChoiceField(label=_("For what"), choices=choices(lists.ReferralKind))
    referred_on = DayField(label=_("On"))
    whom = forms.CharField(label=_("To whom"), required=False, max_length=160, help_text=_("Sealed."))
    remark = WordsField(label=_("Remark"), required=False)
    closed = {"kind": lists.ReferralKind}


class ObserversForm(EntryForm):
    """Who came to a hearing, and how many were let in."""

    hearing = forms.ModelChoiceField(label=_("Hearing"), queryset=Hearing.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label=_("Who"), choices=choices(lists.ObserverKind))
    came = forms.IntegerField(label=_("How many came"), min_value=1, max_value=500)
    admitted = forms.IntegerField(label=_("How many were let in"), min_value=0, max_value=500)
    closed = {"kind": lists.ObserverKind}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["hearing"]
        begun = Hearing.objects.filter(trial__defendants__case=self.case, starts_at__lte=timezone.now())
        field.queryset = begun.select_related("trial__court").order_by("-starts_at")
        field.label_from_instance = lambda row: f"{timezone.localtime(row.starts_at):%Y-%m-%d %H:%M}"


class EndForm(OnceForm):
    """The day on which something ended."""

    on = DayField(label=_("On"))


class ReferralEndForm(EndForm):
    """What came of a referral."""

    outcome = forms.ChoiceField(label=_("What came of it"), choices=choices(lists.ReferralOutcome))
