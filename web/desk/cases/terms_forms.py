"""Forms about terms that run and remedies asked of other bodies."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.actions.remedies import NEXT
from cases.deadlines.counting import terms
from cases.deadlines.remedies import remedies
from cases.deadlines.words import Body, Category, FilingState, Rule, Settled
from cases.models import Case, RemedyFiling
from web.desk.cases.fields import DayField, WordsField, choices
from web.forms import OnceForm


class DeadlineForm(OnceForm):
    """Which rule runs, and from when."""

    rule = forms.ChoiceField(label=_("Rule"))
    trigger_on = DayField(label=_("It runs from"), help_text=_("The day itself is not counted."))

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [term for term in terms().values() if case.kind in term.case_kinds]
        field: Any = self.fields["rule"]
        field.choices = [(term.code.value, _rule_words(term)) for term in known]

    def rule_chosen(self) -> Rule:
        """As the action takes it."""
        return Rule(self.cleaned_data["rule"])


def _rule_words(term: Any) -> str:
    length = f"{term.count} {term.unit.label}"
    until = f", {term.valid_from:%Y}–{term.valid_until:%Y}" if term.valid_until else ""
    return f"{term.code.label}: {length}{until}"


class ServiceForm(OnceForm):
    """When the verdict's copy was served."""

    served_on = DayField(label=_("Served on"))


class SettleForm(OnceForm):
    """How a deadline ended."""

    settled = forms.ChoiceField(label=_("How it ended"), choices=choices(Settled))
    settled_on = DayField(label=_("On"))
    reason = WordsField(
        label=_("Why"), required=False, help_text=_("Needed unless it was met. Sealed with the client’s key.")
    )


class FilingForm(OnceForm):
    """A body, and for the Working Group its categories."""

    body = forms.ChoiceField(label=_("Where"), choices=choices(Body))
    categories = forms.MultipleChoiceField(
        label=_("Why the detention is arbitrary"),
        help_text=_("Only for the Working Group on Arbitrary Detention."),
        required=False,
        choices=choices(Category),
        widget=forms.CheckboxSelectMultiple,
    )
    filed_on = DayField(label=_("Filed on, if it was already"), required=False)
    next_step = forms.CharField(label=_("Next step"), required=False, max_length=300)
    next_on = DayField(label=_("Until"), required=False)

    def told(self) -> dict[str, Any]:
        """As the action takes it."""
        given = self.cleaned_data
        chosen = [Category(one) for one in given["categories"]]
        return {
            "body": Body(given["body"]),
            "categories": chosen,
            "filed_on": given["filed_on"],
            "next_step": given["next_step"],
            "next_on": given["next_on"],
        }


class MoveFilingForm(OnceForm):
    """Its next state, and what is to be done then."""

    state = forms.ChoiceField(label=_("It is now"))
    on = DayField(label=_("Since"))
    number = forms.CharField(
        label=_("The body’s own number"), required=False, max_length=80, help_text=_("Sealed.")
    )
    next_step = forms.CharField(label=_("Next step"), required=False, max_length=300)
    next_on = DayField(label=_("Until"), required=False)

    def __init__(self, *args: Any, filing: RemedyFiling, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["state"]
        field.choices = [(state.value, state.label) for state in NEXT[FilingState(filing.state)]]


def open_bodies() -> list[tuple[Any, Any]]:
    """Every body with its rule, for the page that says which are closed and why."""
    return [(remedy.code.label, remedy) for remedy in remedies().values()]
