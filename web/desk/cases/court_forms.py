"""Forms of the court's side of a case: trials, hearings, accusations."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cases import kinds
from cases.actions.hearing_reports import Judged
from cases.intake.sentences import SentenceNotUnderstood, read_sentence
from cases.models import Article, Defendant, Hearing, KnownTrial, Trial
from web.desk.cases.fields import YES_NO, CourtField, DayField, HourField, choices, moment, yes_no
from web.desk.cases.words import dated
from web.forms import OnceForm


class SentenceField(forms.CharField):
    """A sentence as people write it; cleans to what the verdict's action takes."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Sentence"))
        kwargs.setdefault(
            "help_text", _("Such as: 2 years 6 months, general regime; 15 days; fine 100 base units.")
        )
        super().__init__(max_length=200, **kwargs)

    def clean(self, value: Any) -> Any:
        try:
            return read_sentence(super().clean(value))
        except SentenceNotUnderstood:
            raise forms.ValidationError(
                _("Write how long or how much, such as: 2 years 6 months, general regime.")
            ) from None


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

    trial = forms.ModelChoiceField(
        label=pgettext_lazy("of a case", "Trial"), queryset=Trial.objects.none(), empty_label=None
    )
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
    """What happened at a sitting, who said so, how the court decided, and when the next sitting is."""

    happened = forms.ChoiceField(
        label=_("What happened"),
        choices=[
            (kinds.HearingStatus.HELD, _("It was held")),
            (kinds.HearingStatus.ADJOURNED, _("It was adjourned to another day")),
            (kinds.HearingStatus.CANCELLED, _("It did not take place; no new day is known")),
        ],
        widget=forms.RadioSelect,
        initial=kinds.HearingStatus.HELD,
    )
    outcome = forms.ChoiceField(
        label=_("What came of it"), required=False, choices=choices(kinds.HearingOutcome, _("Choose"))
    )
    source = forms.ChoiceField(label=_("Known from"), choices=choices(kinds.Source, _("Choose")))
    verdict = forms.ChoiceField(
        label=_("Verdict"), required=False, choices=choices(kinds.Verdict, _("None was given"))
    )
    sentence = SentenceField(required=False)
    closed = forms.ChoiceField(label=_("Closed to the public"), required=False, choices=YES_NO)
    observers = forms.ChoiceField(label=_("Observers admitted"), required=False, choices=YES_NO)
    next_day = DayField(label=_("Next sitting"), required=False)
    next_hour = HourField(label=_("Hour of the next sitting, if known"), required=False)

    def clean(self) -> dict[str, Any]:
        """Each kind of end asks for what belongs to it."""
        found: dict[str, Any] = super().clean() or {}
        happened = found.get("happened")
        if happened == kinds.HearingStatus.HELD and not found.get("outcome"):
            self.add_error("outcome", _("Say what came of it, or “held, outcome not known”."))
        if happened == kinds.HearingStatus.ADJOURNED and not found.get("next_day"):
            self.add_error("next_day", _("Write the day to which it was adjourned."))
        if found.get("next_hour") and not found.get("next_day"):
            self.add_error("next_day", _("Write the day of the next sitting."))
        if found.get("sentence") and not found.get("verdict"):
            self.add_error("verdict", _("A sentence comes with a verdict."))
        return found

    def public(self) -> dict[str, Any]:
        """What anybody in the room could hear, as the action takes it."""
        given = self.cleaned_data
        day, hour = given["next_day"], given["next_hour"]
        return {
            "happened": kinds.HearingStatus(given["happened"]),
            "outcome": kinds.HearingOutcome(given["outcome"]) if given["outcome"] else None,
            "is_closed": yes_no(given["closed"]),
            "observers_admitted": yes_no(given["observers"]),
            "next_starts_at": moment(day, hour) if day else None,
            "next_time_known": hour is not None,
        }

    def told(self, defendant: Defendant) -> dict[str, Any]:
        """The same with its source and, if one was given, the verdict about this defendant."""
        verdict, sentence = self.cleaned_data["verdict"], self.cleaned_data["sentence"]
        decided = (
            Judged(defendant, kinds.Verdict(verdict), asdict(sentence) if sentence else None)
            if verdict
            else None
        )
        return {
            **self.public(),
            "source": kinds.Source(self.cleaned_data["source"]),
            "judged": [decided] if decided else [],
        }


class DefenceForm(OnceForm):
    """Who defends, or why nobody does."""

    defended_by = forms.ChoiceField(label=_("Defended by"), choices=choices(kinds.DefendedBy))


class VerdictForm(OnceForm):
    """How the court decided about this client."""

    verdict = forms.ChoiceField(label=_("Verdict"), choices=choices(kinds.Verdict))
    verdict_on = DayField(label=_("On"))
    plea = forms.ChoiceField(label=_("The client pleaded"), choices=choices(kinds.Plea))
    sentence = SentenceField(required=False)


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
    part = gettext("part %(part)s") % {"part": article.part} if article.part else ""
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
