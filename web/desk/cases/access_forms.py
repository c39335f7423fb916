"""Forms of access: give it, ask for it, break the glass."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from web.desk.cases.fields import ColleagueField, WordsField
from web.desk.cases.office_forms import workers
from web.forms import OnceForm

# Break-glass is its own page: it ends by itself and is listed for the second officer.
_KINDS = [("helper", _("Helper")), ("deputy", _("Deputy")), ("responsible", _("Responsible"))]
_LEAST_WORDS = 10


class ReasonField(WordsField):
    """A reason that says something."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Why"))
        kwargs.setdefault(
            "error_messages", {"min_length": _("Say it in a few words: colleagues will read this reason.")}
        )
        super().__init__(rows=2, min_length=_LEAST_WORDS, **kwargs)
        self.max_length = 1000


class GiveForm(OnceForm):
    """Open the case to a colleague."""

    user = ColleagueField(label=_("Colleague"), queryset=User.objects.none())
    kind = forms.ChoiceField(label=_("As"), choices=_KINDS)
    reason = ReasonField()

    def __init__(self, *args: Any, holders: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = workers().exclude(pk__in=holders)  # type: ignore[attr-defined]


class TeamForm(OnceForm):
    """Open the case to a team."""

    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none())
    reason = ReasonField()

    def __init__(self, *args: Any, holders: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["team"]
        field.queryset = Team.objects.filter(ended_at=None).exclude(pk__in=holders)


class EndForm(OnceForm):
    """Close it again."""

    reason = ReasonField()


class AskForm(OnceForm):
    """Ask the responsible colleague; nothing opens by itself."""

    reason = ReasonField(label=_("What you need it for"))


class GlassForm(OnceForm):
    """Open it at once, for a day, in the sight of all."""

    reason = ReasonField(label=_("Why it cannot wait"))
