"""Columns that several reports share."""

from django.conf import settings
from django.utils.translation import gettext as _

from reports.render.document import Column
from treasury.kinds import AccountKind, Category


def money(key: str, label: str) -> Column:
    """Amounts in the currency of the books."""
    return Column(key, label, "money", currency=settings.BASE_CURRENCY)


def fund() -> Column:
    """A fund by its code; the name stands beside it."""
    return Column("fund", _("Fund"), "text")


def fund_name() -> Column:
    return Column("fund_name", _("Name"), "text")


def category() -> Column:
    """What money came from or went to."""
    return Column("category", _("Category"), "code", labels=words(Category))


def account_kind() -> Column:
    """Where money is."""
    return Column("kind", _("Kind"), "code", labels=words(AccountKind))


def words(choices: type[Category] | type[AccountKind]) -> dict[str, str]:
    """Codes and how they read in the language that is active."""
    return {value: str(label) for value, label in choices.choices}
