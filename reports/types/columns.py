"""Columns that several reports share."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Choices
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reports.render.document import Bar, Column, Fact, Row
from reports.render.figures import month_name
from treasury.kinds import AccountKind, Category


def money(key: str, label: str) -> Column:
    """Amounts in the currency of the books."""
    return Column(key, label, "money", currency=settings.BASE_CURRENCY)


def figure(key: str, label: str, minor: int) -> Fact:
    """One amount in the currency of the books."""
    return Fact(key, label, "money", minor, settings.BASE_CURRENCY)


def bar(key: str, label: str, minor: int) -> Bar:
    """One bar in the currency of the books."""
    return Bar(key, label, minor, settings.BASE_CURRENCY)


def fund() -> Column:
    """A fund by its code; the name stands beside it."""
    return Column("fund", _("Fund"), "text")


def fund_name() -> Column:
    return Column("fund_name", _("Name"), "text")


def category() -> Column:
    """What money came from or went to."""
    return Column("category", _("Category"), "code", labels=words(Category))


def account_kind(key: str = "kind") -> Column:
    """Where money is."""
    return Column(key, _("Kind"), "code", labels=words(AccountKind))


def month(key: str, label: str, days: Iterable[datetime.date]) -> Column:
    """Months by their code ``2026-07``, named in the language that is active."""
    language = get_language() or settings.LANGUAGE_CODE
    return Column(key, label, "code", labels={month_code(day): month_name(day, language) for day in days})


def month_code(day: datetime.date) -> str:
    """The month of a day as a code."""
    return f"{day:%Y-%m}"


def words(choices: type[Choices]) -> dict[str, str]:
    """Codes and how they read in the language that is active."""
    return {value: str(label) for value, label in choices.choices}


def added(rows: list[Row], index: int) -> int:
    """The sum of a column of amounts."""
    return sum(value for row in rows if isinstance(value := row[index], int))
