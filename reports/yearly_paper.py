"""A donor's yearly statement as a paper and for programs; the page shows the same."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from donations.models import Fact
from donations.yearly import YearLine, totals
from reports import receipts


def paper(year: int, lines: Sequence[YearLine], *, made_on: datetime.date, language: str) -> bytes:
    """The statement as PDF, in the donor's language."""
    with override(language):
        found = [_line(line) for line in lines]
    return receipts.statement(year, found, made_on=made_on, language=language)


def plain(year: int, lines: Sequence[YearLine]) -> dict[str, Any]:
    """The statement for programs: minor units, days as YYYY-MM-DD, reasons as codes, events by number."""
    return {
        "year": year,
        "gifts": [
            {
                "given_on": line.gift.given_on.isoformat(),
                "receipt": line.number or None,
                "came_minor": line.came_minor,
                "stayed_minor": line.stayed_minor,
                "currency": line.currency,
                "event": line.seq,
                "changes": [
                    {
                        "on": change.on.isoformat(),
                        "reason": change.kind,
                        "amount_minor": change.amount_minor,
                        "currency": change.currency,
                        "event": change.seq,
                    }
                    for change in line.changes
                ],
            }
            for line in lines
        ],
        "stayed_minor": totals(lines),
    }


def reason(kind: str) -> str:
    """Why less or more of a gift stayed, to its giver."""
    return {
        Fact.Kind.REFUNDED: _("given back to you"),
        Fact.Kind.REFUND_RETURNED: _("what was given back came back to us"),
        Fact.Kind.DISPUTE_TAKEN: _("taken back by your bank"),
        Fact.Kind.DISPUTE_RETURNED: _("returned to us by your bank"),
    }[Fact.Kind(kind)]


def _line(line: YearLine) -> receipts.Line:
    notes = tuple(
        receipts.Note(change.on, reason(change.kind), change.amount_minor, change.currency, change.seq)
        for change in line.changes
    )
    return receipts.Line(line.gift.given_on, line.number, line.stayed_minor, line.currency, line.seq, notes)
