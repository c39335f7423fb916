"""Words that several public pages share."""

import datetime

from django.utils.translation import gettext_lazy as _

_QUARTERS = (
    _("January to March %(year)s"),
    _("April to June %(year)s"),
    _("July to September %(year)s"),
    _("October to December %(year)s"),
)


def quarter_words(day: datetime.date) -> str:
    """The quarter a day lies in, in the reader's language."""
    return str(_QUARTERS[(day.month - 1) // 3]) % {"year": day.year}


def per_cent(part: int, whole: int) -> int:
    """A whole per cent; 0 of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else 0
