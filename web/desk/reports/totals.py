"""The control totals that a report's files state."""

from reports.files import path_of
from reports.models import Snapshot
from reports.render.document import SectionControl
from reports.render.read_back import NotAReport, read_report

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
