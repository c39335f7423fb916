"""The control totals that a report's files state."""

from dataclasses import dataclass

from reports.files import path_of
from reports.models import Snapshot
from reports.render.document import SectionControl
from reports.render.read_back import NotAReport, read_report
from web.desk.reports.shown import Shown

# Reading a long file back takes a while; beyond this size the page says so instead.
MOST_BYTES = 3_000_000


def totals_of(snapshot: Snapshot) -> tuple[SectionControl, ...] | None:
    """Rows and sums of each section, from the smallest issued file; None if none can be read quickly."""
    for file in sorted(snapshot.files.all(), key=lambda file: file.size):
        if file.size > MOST_BYTES or not path_of(file).exists():
            continue
        try:
            with path_of(file).open("rb") as stream:
                return read_report(stream).control.sections
        except NotAReport:
            return None
    return None


@dataclass(frozen=True)
class Sum:
    label: str
    minor: int
    currency: str


@dataclass(frozen=True)
class SectionTotals:
    """The control totals of one section under the names that its reader sees."""

    title: str
    rows: int
    sums: list[Sum]


def named(totals: tuple[SectionControl, ...] | None, sections: list[Shown] | None) -> list[SectionTotals]:
    """Control totals with the words of the page; with their keys where the page shows no sections."""
    known = {section.key: section for section in sections or ()}
    found = []
    for control in totals or ():
        section = known.get(control.section)
        labels = section.labels if section else {}
        sums = [Sum(labels.get(one.column, one.column), one.minor, one.currency) for one in control.sums]
        found.append(SectionTotals(section.title if section else control.section, control.row_count, sums))
    return found
