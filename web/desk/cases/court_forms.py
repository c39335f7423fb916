"""Forms of the court's side of a case: trials, hearings, accusations."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from cases import kinds
from cases.intake.sentences import SentenceNotUnderstood, read_sentence
from cases.models import Article, Hearing, KnownTrial, Trial
from web.desk.cases.fields import YES_NO, CourtField, DayField, HourField, choices, moment, yes_no
from web.desk.cases.words import dated
from web.forms import OnceForm


class TrialForm(OnceForm):
    """One court's proceedings at one instance."""

    court = CourtField(label=_("Court"), required=False)
    instance = forms.ChoiceField(label=_("Instance"), choices=choices(kinds.Instance))
    judge = forms.CharField(label=_("Judge"), required=False, max_length=120, help_text=_("Sealed."))
    started_on = DayField(label=_("Opened on"), required=False)


class WhenForm(OnceForm):
    """A day, and the hour if it is known."""

    day = DayField(label=_("Day"))
    hour = HourField(label=_("Hour, if known"), required=False)

    def when(self) -> dict[str, Any]:
        """As the actions take it."""
        day, hour = self.cleaned_data["day"], self.cleaned_data["hour"]
        return {"starts_at": moment(day, hour), "time_known": hour is not None}


class HearingForm(WhenForm):
    """One sitting of a trial."""

    trial = forms.ModelChoiceField(label=_("Trial"), queryset=Trial.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label=_("What for"), choices=choices(kinds.HearingKind))
    room = forms.CharField(label=_("Room"), required=False, max_length=40)
    closed = forms.ChoiceField(label=_("Closed to the public"), required=False, choices=YES_NO)
    field_order = ("trial", "day", "hour", "kind", "room", "closed")

    def __init__(self, *args: Any, trials: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["trial"]
        field.queryset = trials
        field.label_from_instance = trial_words

    def told(self) -> dict[str, Any]:
        """As the action takes it."""
        given = self.cleaned_data
        return {
            **self.when(),
            "trial": given["trial"],
            "kind": kinds.HearingKind(given["kind"]),
            "room": given["room"],
            "is_closed": yes_no(given["closed"]),
        }


class MoveForm(WhenForm):
    """The right hour and room of a sitting that the court did not adjourn."""

    room = forms.CharField(label=_("Room"), required=False, max_length=40)


class OutcomeForm(OnceForm):
    """What came of a sitting, and when the next one is."""

    outcome = forms.ChoiceField(label=_("What came of it"), choices=choices(kinds.HearingOutcome))
    closed = forms.ChoiceField(label=_("Closed to the public"), required=False, choices=YES_NO)
    observers = forms.ChoiceField(label=_("Observers admitted"), required=False, choices=YES_NO)
    next_day = DayField(label=_("Next sitting"), required=False)
    next_hour = HourField(label=_("Hour of the next sitting"), required=False)

    def clean(self) -> dict[str, Any]:
        """The next sitting needs its hour: a day alone is scheduled on its own page."""
        found: dict[str, Any] = super().clean() or {}
        if bool(found.get("next_day")) != bool(found.get("next_hour")):
            missing = "next_hour" if found.get("next_day") else "next_day"
            self.add_error(missing, _("Write the day and the hour, or schedule the next sitting afterwards."))
        return found

    def next_at(self) -> datetime.datetime | None:
        """The moment of the next sitting, if one was set."""
        day, hour = self.cleaned_data["next_day"], self.cleaned_data["next_hour"]
        return moment(day, hour) if day else None


class DefenceForm(OnceForm):
    """Who defends, or why nobody does."""

    defended_by = forms.ChoiceField(label=_("Defended by"), choices=choices(kinds.DefendedBy))


class VerdictForm(OnceForm):
    """How the court decided about this client."""

    verdict = forms.ChoiceField(label=_("Verdict"), choices=choices(kinds.Verdict))
    verdict_on = DayField(label=_("On"))
    plea = forms.ChoiceField(label=_("The client pleaded"), choices=choices(kinds.Plea))
    sentence = forms.CharField(
        label=_("Sentence"),
        required=False,
        max_length=200,
        help_text=_("Such as: 2 years 6 months, general regime; 15 days; fine 100 base units."),
    )

    def clean_sentence(self) -> Any:
        try:
            return read_sentence(self.cleaned_data["sentence"])
        except SentenceNotUnderstood:
            raise forms.ValidationError(
                _("Write how long or how much, such as: 2 years 6 months, general regime.")
            ) from None


class AccusationForm(OnceForm):
    """One more article of the reference."""

    article = forms.ModelChoiceField(label=_("Article"), queryset=Article.objects.none())
    since_on = DayField(label=_("Since"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["article"]
        field.queryset = Article.objects.all()
        field.label_from_instance = article_words


class DropForm(OnceForm):
    """The day an accusation was dropped or changed."""

    until_on = DayField(label=_("Dropped or changed on"))


class LinkForm(OnceForm):
    """Which known trial is this case's."""

    known_trial = forms.ModelChoiceField(
        label=_("Known trial"), queryset=KnownTrial.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, among: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["known_trial"]
        field.queryset = among
        field.label_from_instance = known_trial_words


def article_words(article: Article) -> str:
    """Number, part and the beginning of the title."""
    part = now_("part %(part)s") % {"part": article.part} if article.part else ""
    return " ".join(word for word in (article.number, part, article.title) if word)[:90]


def trial_words(trial: Trial) -> str:
    """Court and instance."""
    court = trial.court.name if trial.court else _("Court not known")
    return f"{trial.get_court_instance_display()}, {court}"


def known_trial_words(trial: KnownTrial) -> str:
    """Day, court, articles."""
    parts = [dated(trial.starts_on, trial.starts_precision), trial.court.name, trial.articles]
    return ", ".join(part for part in parts if part)


def local_parts(hearing: Hearing) -> dict[str, Any]:
    """Day and hour of a hearing as a form's first values."""
    local = timezone.localtime(hearing.starts_at)
    return {"day": local.date(), "hour": local.time() if hearing.time_known else None, "room": hearing.room}
