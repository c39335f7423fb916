"""Fields that forms of cases share: days, partial dates, hours, articles, courts by name."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.intake.articles import ArticleNotUnderstood, ArticleRef, read_articles
from cases.intake.courts import CourtNames
from cases.models import Court
from lawyers.intake.cells import ImpossibleDate, NotADate, PartialDate, read_date


class DayField(forms.DateField):
    """A day, by the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)


class HourField(forms.TimeField):
    """An hour at the court; empty where only the day is known."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
        super().__init__(**kwargs)


class PartialDateField(forms.CharField):
    """A date as exactly as it is known; cleans to a PartialDate or None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("A day, a month or a year: 21.05.1987, 05.1987 or 1987."))
        super().__init__(max_length=12, **kwargs)

    def clean(self, value: Any) -> PartialDate | None:
        text = super().clean(value)
        try:
            return read_date(text)
        except NotADate:
            raise forms.ValidationError(_("Write a day, a month or a year, such as 21.05.1987.")) from None
        except ImpossibleDate:
            raise forms.ValidationError(_("The calendar has no such day.")) from None


class ArticlesField(forms.CharField):
    """Articles as people write them; cleans to a tuple of references."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Such as: 342 part 1, 361-2 or 24.23."))
        super().__init__(max_length=200, **kwargs)

    def clean(self, value: Any) -> tuple[ArticleRef, ...]:
        text = super().clean(value)
        try:
            return read_articles(text) if text else ()
        except ArticleNotUnderstood:
            raise forms.ValidationError(
                _("Write numbers of articles, separated by commas, such as: 342 part 1, 361-2.")
            ) from None


class CourtField(forms.CharField):
    """A court by any of its names, offered as one types; cleans to a Court or None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"list": "courts", "autocomplete": "off"}))
        kwargs.setdefault("help_text", _("Begin to write its name and choose from the list."))
        super().__init__(max_length=200, **kwargs)

    def clean(self, value: Any) -> Court | None:
        text = super().clean(value)
        if not text:
            return None
        known = {court.code: court for court in Court.objects.all()}
        code = CourtNames({key: court.names for key, court in known.items()}).find(text)
        if code is None:
            raise forms.ValidationError(_("We do not know this court by that name. Choose one of the list."))
        return known[code]


class WordsField(forms.CharField):
    """A few lines of text."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        kwargs.setdefault("max_length", 8000)
        super().__init__(**kwargs)


class ColleagueField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """Somebody of the staff, by alias."""

    def label_from_instance(self, obj: Any) -> str:
        user: User = obj
        return user.username


YES_NO = [("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))]


def yes_no(text: str) -> bool | None:
    """What was chosen of YES_NO."""
    return {"yes": True, "no": False}.get(text)


def moment(day: datetime.date, hour: datetime.time | None) -> datetime.datetime:
    """The moment at the court; midnight where only the day is known."""
    return timezone.make_aware(datetime.datetime.combine(day, hour or datetime.time()))


def choices(closed: Any, first: Any = "") -> list[tuple[str, Any]]:
    """The choices of a closed list, with an empty first one in these words when given."""
    return [("", first), *closed.choices] if first else list(closed.choices)


def any_of(closed: Any) -> list[tuple[str, Any]]:
    """The choices of a filter: any, or one of a closed list."""
    return choices(closed, _("Any"))
