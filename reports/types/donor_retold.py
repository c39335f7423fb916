"""What a letter told givers before and is no longer so: coarse, as the letter is, and with the reason.

Only what was told is told again. A quarter that was not shown then is news and no change.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from donations import published
from reports.exclusion import day_of
from reports.render.document import Column, Fact, Row, Section
from reports.scope import Position, Reported, Scope, position_at
from reports.types import columns, donor_letter
from reports.types.reasons import LATE, reason_words
from treasury.models import Transfer

_Key = tuple[str, datetime.date | None, str]
GIVEN = "given"


@dataclass(frozen=True)
class _Told:
    """What two letters about the same days say: the one that was issued, and the one of now."""

    scope: Scope
    then: Position
    now: Position
    reported: Reported

    def at(self, position: Position) -> dict[_Key, int]:
        """Rounded amounts: of each batch what was given, and what it was used for by quarter and group."""
        earlier = replace(self.scope, ends_on=self.reported.ends_on, compare=False, reported=None)
        batches, uses = donor_letter.build(earlier, position)
        found: dict[_Key, int] = {(str(row[0]), None, GIVEN): _minor(row[2]) for row in batches.rows}
        for name, quarter, group, minor in uses.rows:
            found[str(name), _day(quarter), str(group)] = _minor(minor)
        return found

    def changed(self) -> Iterable[tuple[_Key, int, int]]:
        """Each figure that was told, or could have been told then, and is another now."""
        then, now = self.at(self.then), self.at(self.now)
        seen_on = day_of(self.then.log_size)
        told = {key[0] for key in then}
        for key in sorted({*then, *now}, key=str):
            batch, quarter, _group = key
            shown = quarter is None or (seen_on is not None and published.shown_on(quarter) <= seen_on)
            if batch in told and shown and then.get(key, 0) != now.get(key, 0):
                yield key, then.get(key, 0), now.get(key, 0)

    def reason(self, batch: str) -> str:
        """Of the first booking that undid something in the batch since; else that it became known later."""
        code, _space, number = batch.rpartition(" ")
        since = Transfer.objects.filter(
            batch__fund__code=code,
            batch__number=int(number),
            journal__number__gt=self.then.journal_number,
            journal__number__lte=self.now.journal_number,
            journal__reverses__isnull=False,
        )
        found = since.order_by("journal__number").values_list("journal__reason_code", flat=True).first()
        return found or LATE


def section(scope: Scope, position: Position) -> Section | None:
    """The changes, also where there are none; None where no letter of this kind went out before."""
    if scope.reported is None:
        return None
    told = _Told(scope, position_at(scope.reported.log_size), position, scope.reported)
    rows: list[Row] = [
        (key[0], key[1], key[2], then, now, told.reason(key[0])) for key, then, now in told.changed()
    ]
    return Section(
        key="retold",
        title=_("Changes to what was told before"),
        columns=_columns(),
        rows=rows,
        note=_("The earlier letter stays as it was; what is said here takes its place.") if rows else None,
        facts=(
            Fact("changes", _("Changes to what was told"), "count", len(rows)),
            Fact("reported_to", _("Told up to"), "date", scope.reported.ends_on),
        ),
        empty=_("Nothing that was told before has changed."),
    )


def _columns() -> tuple[Column, ...]:
    groups = {GIVEN: _("Given"), **donor_letter.groups()}
    return (
        Column("batch", _("Batch"), "text"),
        Column("quarter", _("Quarter from"), "date"),
        Column("group", _("What"), "code", labels=groups),
        columns.money("told", _("Told, about")),
        columns.money("now", _("Now, about")),
        Column("reason", _("Reason"), "code", labels=reason_words()),
    )


def _minor(value: object) -> int:
    return value if isinstance(value, int) else 0


def _day(value: object) -> datetime.date | None:
    return value if isinstance(value, datetime.date) else None
