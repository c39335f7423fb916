"""Forms of the office: notes, tasks, status, closing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import RoleGrant, User
from accounts.permissions import PERMISSIONS
from cases import kinds
from cases.actions.status import OpenMatters
from cases.models import Case
from web.desk.cases.fields import ColleagueField, DayField, WordsField, choices
from web.formats import write_money
from web.forms import OnceForm


def workers() -> Any:
    """Active people whose role works on cases."""
    roles = RoleGrant.objects.filter(ended_at=None, role__in=PERMISSIONS["cases.work"].roles)
    return User.objects.active().filter(id__in=roles.values("user")).order_by("username")


class NoteForm(OnceForm):
    """What somebody writes down."""

    text = WordsField(label=_("Note"), help_text=_("Sealed with the client’s key."))
    is_public = forms.BooleanField(label=_("It was published before"), required=False)


class CaseTaskForm(OnceForm):
    """Something to do about a case, by somebody who works on cases."""

    text = forms.CharField(
        label=_("What"), max_length=400, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    due_on = DayField(label=_("Until"), required=False)
    owner = ColleagueField(label=_("Who"), queryset=User.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = workers()  # type: ignore[attr-defined]


class TaskForm(OnceForm):
    """Something to do for oneself."""

    text = forms.CharField(
        label=_("What"), max_length=400, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    due_on = DayField(label=_("Until"), required=False)


class DuplicateForm(OnceForm):
    """Which case this one repeats."""

    reference = forms.CharField(
        label=_("It repeats"), max_length=20, help_text=_("A reference, such as BY-2026-0042.")
    )

    def __init__(self, *args: Any, among: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.among = among

    def clean_reference(self) -> Case:
        """The case, if the reader may find it."""
        found: Case | None = self.among.filter(
            reference__iexact=self.cleaned_data["reference"].strip()
        ).first()
        if found is None:
            raise forms.ValidationError(_("There is no case with this reference in your list."))
        return found


class CloseForm(OnceForm):
    """Why a case ends, and which commitments stay for work that was done."""

    reason = forms.ChoiceField(label=_("Why"), choices=choices(kinds.ClosingReason, _("Choose a reason")))
    keep = forms.MultipleChoiceField(
        label=_("Keep, because the work was done and will be claimed"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, matters: OpenMatters, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.matters = matters
        options = [
            (str(row.pk), f"{row.get_category_display()}: {write_money(held, row.currency)}")
            for row, held in matters.commitments
        ]
        if options:
            self.fields["keep"].choices = options  # type: ignore[attr-defined]
        else:
            del self.fields["keep"]

    def kept(self) -> list[Any]:
        """The commitments that stay."""
        wanted = set(self.cleaned_data.get("keep", []))
        return [row for row, _held in self.matters.commitments if str(row.pk) in wanted]
