"""What a type of report is; the types themselves stand in the package's list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError
from reports.measures import Parts
from reports.render.document import FunderForm, Row, Section
from reports.scope import Position, Scope

# The sections of a report for a scope, as known at a position of the log.
Build = Callable[[Scope, Position], list[Section]]
# What a figure is made of: scope, position, the section, the row (None for a total), the column's key.
Behind = Callable[[Scope, Position, Section, Row | None, str], Parts]


class NeedsGrant(DomainError):
    code = "report-needs-grant"
    message = _("This report is about one grant. Choose the fund of a grant.")


class OnlyWhole(DomainError):
    code = "report-of-all-funds"
    message = _("This report is about the whole organisation. Choose all funds.")


@dataclass(frozen=True)
class ReportType:
    """``title`` and ``description`` are for readers; ``build`` makes the rows.

    ``behind`` gives the transfers of a figure; ``traced`` says of which: {section: columns}, and under
    {section + "!": facts}. ``restates`` types tell which of their past has changed.
    ``rounds_to`` says to what amounts of rows are rounded down, in minor units; ``retold`` is a type's own
    way to say what changed.
    ``check`` refuses a scope that makes no sense for the type. ``form`` is a funder's own sheet.
    """

    key: str
    title: str | Promise
    description: str | Promise
    build: Build
    behind: Behind | None = None
    traced: Mapping[str, frozenset[str]] = field(default_factory=dict)
    check: Callable[[Scope], None] | None = None
    form: Callable[[Scope, Position], FunderForm] | None = None
    restates: bool = False
    retold: Callable[[Scope, Position], Section | None] | None = None
    rounds_to: int = 1
    also_formats: tuple[str, ...] = ()


def all_funds_only(scope: Scope) -> None:
    """Raises OnlyWhole."""
    if scope.fund_code:
        raise OnlyWhole()


def keys(**sections: str) -> dict[str, frozenset[str]]:
    """``keys(funds="opening", funds_facts="closing")`` in the shape of ``traced``."""
    named = {name.replace("_facts", "!").replace("_", "-"): words for name, words in sections.items()}
    return {name: frozenset(words.split()) for name, words in named.items()}
