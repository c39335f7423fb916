"""What readers were told before and is no longer so. A changed past is named with its reason.

Two ways change it. A *late* journal was booked after the last report of this kind was issued, on a day that
report covered: it changes figures that were told. A *reversal* undoes, on a later day, a journal that the
report had counted: the told figures stand, this period bears it.
"""

import uuid
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit.models import Event
from reports.measures import Parts, by_key, gained, on_side, total
from reports.models import Snapshot
from reports.render.document import Column, Fact, Row, Section
from reports.scope import Position, Reported, Scope, position_at
from reports.types import TYPES, columns
from reports.types.funding_behind import side_of
from reports.types.reasons import LATE, reason_words
from treasury.kinds import JournalKind
from treasury.models import Journal, Transfer
from treasury.standing import within

REVERSAL = "reversal"
# Their figures change with every journal; those of other types only where funds are touched or held.
_OF_ALL_ACCOUNTS = ("trial-balance", "ledger-extract")


def last_reported(scope: Scope, definition_id: uuid.UUID | None = None) -> Reported | None:
    """The latest report of this kind that readers have: of the same definition, if there is one.

    Of others the one that ends last, and was issued last among those.
    """
    issued = Snapshot.objects.filter(type=scope.type, fund_code=scope.fund_code, ends_on__lte=scope.ends_on)
    if definition_id is not None:
        issued = issued.filter(definition_id=definition_id)
    last = issued.order_by("-ends_on", "-log_size").first()
    return Reported(last.log_size, last.ends_on) if last else None


def with_past(scope: Scope, definition_id: uuid.UUID | None = None) -> Scope:
    """The scope with the report it has to answer for, where its type restates."""
    if not TYPES[scope.type].restates:
        return scope
    return replace(scope, reported=last_reported(scope, definition_id))


@dataclass(frozen=True)
class _Past:
    """The journals that change what was reported."""

    scope: Scope
    position: Position
    reported: Reported
    told: int  # the last journal in the report that readers have

    def journals(self) -> Q:
        later = Q(number__gt=self.told, number__lte=self.position.journal_number)
        undone = Q(reverses__number__lte=self.told, reverses__booked_on__lte=self.reported.ends_on)
        return later & (
            Q(booked_on__lte=self.reported.ends_on) | undone & Q(booked_on__lte=self.scope.ends_on)
        )

    def effect(self, *, late: bool) -> Parts:
        """What they did to the funds, booked within the reported days or after them."""
        moved = within(self.position.journal_number) & Q(journal__number__gt=self.told)
        days = Q(journal__booked_on__lte=self.reported.ends_on)
        return gained(moved & (days if late else ~days), side=side_of(self.scope.fund_code))


def section(scope: Scope, position: Position) -> Section | None:
    """The restatement, also where it is empty; None where nothing of this kind was reported before."""
    if scope.reported is None:
        return None
    past = _Past(scope, position, scope.reported, position_at(scope.reported.log_size).journal_number)
    found = _found(past)
    among = Q(journal__in=[each["pk"] for each in found])
    before, after = (by_key(past.effect(late=late), "journal_id", among) for late in (True, False))
    rows = [_row(each, past, before, after) for each in found]
    told, known = _closings(past)
    lately = columns.added(rows, 7)
    return Section(
        key="restatement",
        title=_("Changes to what was reported before"),
        columns=_columns(),
        rows=rows,
        totals=(None, None, None, None, None, None, None, lately, columns.added(rows, 8), None),
        note=_note() if rows else None,
        facts=(
            Fact("changes", _("Changes to the reported past"), "count", len(rows)),
            Fact("reported_to", _("Reported to"), "date", scope.reported.ends_on),
            columns.figure("told", _("In the funds then, as reported"), told),
            columns.figure("known", _("In the funds then, as known now"), known),
        ),
        empty=_("Nothing that was reported before has changed."),
    )


def _found(past: _Past) -> list[dict[str, Any]]:
    journals = Journal.objects.filter(past.journals()).order_by("number")
    if past.scope.type not in _OF_ALL_ACCOUNTS:
        touching = Transfer.objects.filter(journal=OuterRef("pk"))
        journals = journals.filter(Exists(touching.filter(_either(side_of(past.scope.fund_code)))))
    event = Event.objects.filter(action_id=OuterRef("action_id")).values("seq")[:1]
    fields = ("pk", "number", "booked_on", "booked_at", "kind", "reverses__number", "reason_code", "event")
    return list(journals.annotate(event=Subquery(event)).values(*fields))


def _either(side: Q) -> Q:
    return on_side(side, "debit") | on_side(side, "credit")


def _row(each: dict[str, Any], past: _Past, before: dict[Any, int], after: dict[Any, int]) -> Row:
    late = each["booked_on"] <= past.reported.ends_on
    return (
        each["number"],
        each["booked_on"],
        each["booked_at"].date(),
        LATE if late else REVERSAL,
        each["kind"],
        each["reverses__number"],
        each["reason_code"] or LATE,
        before.get(each["pk"], 0),
        after.get(each["pk"], 0),
        each["event"],
    )


def _closings(past: _Past) -> tuple[int, int]:
    side = side_of(past.scope.fund_code)
    then, now = (
        total(gained(within(number, ends_on=past.reported.ends_on), side=side))
        for number in (past.told, past.position.journal_number)
    )
    return then, now


def _columns() -> tuple[Column, ...]:
    return (
        Column("journal", _("Journal"), "count"),
        Column("booked_on", _("Booked on"), "date"),
        Column("recorded_on", _("Recorded on"), "date"),
        Column("change", pgettext("difference", "Change"), "code", labels=_changes()),
        Column("event_kind", _("What"), "code", labels=columns.words(JournalKind)),
        Column("reverses", _("Reverses"), "count"),
        Column("reason", _("Reason"), "code", labels=reason_words()),
        columns.money("then", _("Changes what was reported")),
        columns.money("now", _("Borne by this period")),
        Column("event", _("Event"), "count"),
    )


def _changes() -> dict[str, str]:
    return {LATE: _("Booked late"), REVERSAL: _("Undone since")}


def _note() -> str:
    return _(
        "These bookings change figures of a report that was issued before. Its file stays as it was; what"
        " is said here takes its place."
    )


def behind(scope: Scope, position: Position, row: Row | None, key: str) -> Parts:
    """The transfers of one change."""
    if scope.reported is None or key not in ("then", "now"):
        return []
    past = _Past(scope, position, scope.reported, position_at(scope.reported.log_size).journal_number)
    numbers = Journal.objects.filter(past.journals()).values("number")
    which = Q(journal__number=row[0]) if row is not None else Q(journal__number__in=numbers)
    return [(part & which, sign) for part, sign in past.effect(late=key == "then")]
