"""From any figure of an issued report to the transfers and events behind it."""

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError
from audit.models import Event
from reports import measures, restating
from reports.build import RULES, sections
from reports.measures import Parts
from reports.models import Snapshot
from reports.render.document import Row, Section
from reports.scope import Position, Scope, position_at
from reports.types import TYPES
from reports.types.registry import ReportType
from treasury.models import Transfer

TOTAL = "total"


class NoSuchFigure(DomainError):
    code = "no-such-figure"
    message = _("There is no such figure in this report. Go back to the report and choose one there.")


@dataclass(frozen=True)
class Figure:
    """One figure: where it stands, what it says, and what it is made of."""

    section: Section
    row: Row | None
    key: str
    label: str
    value_minor: int
    parts: Parts
    rounds_to: int = 1

    def transfers(self) -> QuerySet[Transfer]:
        """Each with ``weight`` in the figure and ``event``, the number of its event in the log."""
        event = Event.objects.filter(action_id=OuterRef("journal__action_id")).values("seq")[:1]
        return (
            measures.behind(self.parts)
            .annotate(event=Subquery(event))
            .select_related("journal", "debit", "credit", "fund", "batch")
        )

    def total_minor(self) -> int:
        """The sum of its transfers; rounded down it is ``value_minor``, or the report is wrong."""
        return measures.total(self.parts)

    def made_by(self, total_minor: int) -> bool:
        """Whether such a sum makes the figure."""
        return total_minor // self.rounds_to * self.rounds_to == self.value_minor


def parts_of(scope: Scope, position: Position, section: Section, row: Row | None, key: str) -> Parts:
    """What a figure is made of; nothing for one that no transfers make (a plan, a count, a difference)."""
    if section.key == "restatement":
        return restating.behind(scope, position, row, key)
    behind = TYPES[scope.type].behind
    return behind(scope, position, section, row, key) if behind else []


def is_traced(
    kind: ReportType, section: Section, key: str, *, fact: bool = False, total: bool = False
) -> bool:
    """Whether transfers make this figure, so that it can be followed to them.

    A total of rounded figures adds up the figures, not the transfers.
    """
    if total and kind.rounds_to > 1:
        return False
    if section.key == "restatement":
        return not fact and key in ("then", "now")
    return key in kind.traced.get(f"{section.key}!" if fact else section.key, ())


def rebuilt(snapshot: Snapshot) -> tuple[Scope, Position, list[Section]]:
    """The sections of an issued report, computed again from the log it was taken from."""
    scope, position = Scope.of(snapshot), position_at(snapshot.log_size)
    return scope, position, sections(TYPES[snapshot.type], scope, position)


def figure(snapshot: Snapshot, section_key: str, row: str, key: str) -> Figure:
    """A figure by its section, its row (a number from 0, or "total") and its column or fact.

    Raises NoSuchFigure, also for a report that other rules made: computed now, it would say other things.
    """
    if snapshot.ruleset != RULES:
        raise NoSuchFigure()
    scope, position, made = rebuilt(snapshot)
    section = next((one for one in made if one.key == section_key), None)
    if section is None:
        raise NoSuchFigure()
    chosen = None if row == TOTAL else _row(section, row)
    label, value = _value(section, chosen, key)
    parts = parts_of(scope, position, section, chosen, key)
    if not parts or value is None:
        raise NoSuchFigure()
    return Figure(section, chosen, key, label, value, parts, TYPES[snapshot.type].rounds_to)


def _row(section: Section, number: str) -> Row:
    rows = list(section.rows)
    if not number.isdigit() or int(number) >= len(rows):
        raise NoSuchFigure()
    return rows[int(number)]


def _value(section: Section, row: Row | None, key: str) -> tuple[str, int | None]:
    keys = [column.key for column in section.columns]
    if key in keys and (row is not None or section.totals is not None):
        values = row if row is not None else section.totals
        value = (values or ())[keys.index(key)]
        return section.columns[keys.index(key)].label, value if isinstance(value, int) else None
    for fact in section.facts:
        if row is None and fact.key == key and fact.kind == "money":
            return fact.label, fact.value if isinstance(fact.value, int) else None
    return "", None
