"""Figures of the home page, kept for ten minutes: they are late anyway, and the page is open to everybody."""

import datetime
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases import published
from cases.coverage import Coverage, coverage
from cases.promptness import Told
from cases.promptness import published as published_promptness
from web.public.words import per_cent

KEPT_SECONDS = 600


@dataclass(frozen=True)
class Row:
    """One line of the table of known trials; ``kind`` is the colour of its key."""

    kind: int
    word: Promise
    count: int
    share: int


def known_trials(today: datetime.date) -> Coverage | None:
    """The quarter that may be shown today, if it has enough trials."""
    return cache.get_or_set(f"public:coverage:{today}", lambda: coverage(today), KEPT_SECONDS)


def promptness(today: datetime.date) -> Told | None:
    """How soon counsel came, of the same quarter, if enough clients and lawyers stand behind it."""
    key = f"public:promptness:{today}"
    found = cache.get(key)
    if found is None:
        found = (published_promptness(today),)
        cache.set(key, found, KEPT_SECONDS)
    shown: Told | None = found[0]
    return shown


def lacking_minor(today: datetime.date) -> int:
    """What open cases lack together, in minor units of the base currency."""
    found = cache.get_or_set(f"public:lacking:{today}", lambda: published.lacking_minor(today), KEPT_SECONDS)
    return found or 0


def rows(figures: Coverage) -> list[Row]:
    """The table of who defended, in the order of the drawing."""
    counts = (
        (1, _("Our lawyers"), figures.ours),
        (2, _("Own counsel of the family"), figures.own),
        (4, _("Appointed by the state"), figures.appointed),
        (5, _("Nobody, or not known"), figures.nobody),
    )
    return [Row(kind, word, count, per_cent(count, figures.total)) for kind, word, count in counts]
