"""One procedure as a table of the report: what was done, how much was looked at, and each exception."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from reports.audit_pack.procedures import Procedure
from reports.render.document import Bar, Column, Fact, Row, Section
from reports.types import columns

Words = str | Promise


@dataclass(frozen=True)
class Exceptional:
    """One thing as it was found. ``about`` is codes and opaque ids, never a name."""

    what: str
    journal: int | None = None
    on: datetime.date | None = None
    amount_minor: int | None = None
    about: str = ""

    @property
    def row(self) -> Row:
        return (self.what, self.journal or None, self.on, self.amount_minor, self.about or None)


@dataclass
class Outcome:
    """What a procedure looked at (``examined`` things of the kind ``unit``) and what it met."""

    procedure: Procedure
    done: Words
    unit: Words
    examined: int
    words: dict[str, Words]
    exceptions: Sequence[Exceptional] = field(default_factory=list)
    facts: tuple[Fact, ...] = ()

    def section(self) -> Section:
        """The table of its exceptions."""
        labels = {code: str(words) for code, words in self.words.items()}
        return Section(
            key=self.procedure.value,
            title=str(self.procedure.label),
            columns=(
                Column("finding", _("Finding"), "code", labels=labels),
                Column("journal", _("Journal"), "count"),
                Column("on", _("Day"), "date"),
                columns.money("amount", _("Amount")),
                Column("about", _("About"), "text"),
            ),
            rows=[exception.row for exception in self.exceptions],
            note=str(self.done),
            facts=(
                Fact("examined", str(self.unit), "count", self.examined),
                Fact("exceptions", _("Exceptions"), "count", len(self.exceptions)),
                *self.facts,
            ),
            empty=_("No exception was met."),
        )


def summary(outcomes: Sequence[Outcome]) -> Section:
    """All procedures in a table, with how much each looked at and met."""
    labels = {outcome.procedure.value: str(outcome.procedure.label) for outcome in outcomes}
    rows: list[Row] = [
        (number, outcome.procedure.value, outcome.examined, len(outcome.exceptions))
        for number, outcome in enumerate(outcomes, start=1)
    ]
    return Section(
        key="procedures",
        title=_("Procedures and findings"),
        columns=(
            Column("number", _("No."), "count"),
            Column("procedure", _("Procedure"), "code", labels=labels),
            Column("examined", _("Looked at"), "count"),
            Column("exceptions", _("Exceptions"), "count"),
        ),
        rows=rows,
        totals=(None, None, None, sum(len(outcome.exceptions) for outcome in outcomes)),
        note=_(
            "Agreed-upon procedures in the manner of ISRS 4400. Each table says what was done and what was"
            " met, as facts. No opinion and no assurance is given: whoever agreed to the procedures judges"
            " the findings for their own purpose. An exception is something to look at, not yet an error."
        ),
        facts=(
            Fact("procedures", _("Procedures carried out"), "count", len(outcomes)),
            Fact("met", _("Exceptions met"), "count", sum(len(one.exceptions) for one in outcomes)),
        ),
        bars=tuple(
            Bar(one.procedure.value, str(one.procedure.label), len(one.exceptions))
            for one in outcomes
            if one.exceptions
        ),
    )
