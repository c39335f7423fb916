"""What a file says about itself, and whether its own rows agree with that."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from reports.render.content import measure
from reports.render.document import ControlTotals, Identity, Parameter, Section

Format = Literal["pdf", "xlsx", "csv", "json", "hledger"]
Difference = Literal["content-hash", "control-totals", "row-count"]


class NotAReport(ValueError):
    """The file is not a report of ours, or it was damaged or cut short."""


@dataclass(frozen=True, slots=True)
class ReadBack:
    """A report as a file states it. `sections` is None where rows do not come back: PDF, hledger."""

    format: Format
    type: str
    language: str
    period: tuple[date, date]
    parameters: tuple[Parameter, ...]
    identity: Identity
    control: ControlTotals
    mark: str
    sections: tuple[Section, ...] | None

    def differences(self) -> list[Difference]:
        """Where the rows in the file contradict its own identity; empty when they agree.

        Agreement proves only that the file is consistent. That it is true is proved by computing the report
        again from the log position that it names.
        """
        found: list[Difference] = []
        if self.identity.row_count != self.control.row_count:
            found.append("row-count")
        if self.sections is None:
            return found
        control, content_hash = measure(self.type, self.period, self.parameters, self.sections)
        if control != self.control:
            found.append("control-totals")
        if content_hash != self.identity.content_hash:
            found.append("content-hash")
        return found
