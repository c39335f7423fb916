"""Recording facts about one gift inside an action: all at once, then its status is projected anew."""

import datetime
from collections.abc import Iterable
from typing import Any

from accounts.outbox import posting
from donations import status
from donations.models import Alarm, Donation, Fact

Kind = Fact.Kind
Row = tuple[str, str, int | None]  # kind, id of what shows it, gross


class Notes:
    """The facts of one locked gift: those that are known, and those that this action adds."""

    def __init__(self, donation: Donation, at: datetime.datetime, rows: Iterable[Row] | None = None) -> None:
        """``rows`` are the known facts of a gift where somebody has read them already."""
        self.donation, self._at = donation, at
        if rows is None:
            rows = donation.facts.order_by().values_list("kind", "object_id", "gross_minor")
        self._known = {(kind, object_id): gross for kind, object_id, gross in rows}
        self._new: list[Fact] = []

    def has(self, kind: str, object_id: str) -> bool:
        """Whether it is known already, from before or from this action."""
        return (kind, object_id) in self._known

    def add(self, kind: str, object_id: str, **money: Any) -> bool:
        """Note a fact; false when it is known."""
        if self.has(kind, object_id):
            return False
        fact = Fact(donation=self.donation, kind=kind, object_id=object_id, recorded_at=self._at, **money)
        self._known[kind, object_id] = fact.gross_minor
        self._new.append(fact)
        return True

    def write(self) -> bool:
        """Store what is new and what the gift now is; false when there was nothing new."""
        return write_all([self])

    def take(self) -> list[Fact]:
        """What is new, for the caller to store."""
        fresh, self._new = self._new, []
        return fresh

    def project(self) -> None:
        """Store what the gift is by its facts."""
        donation = self.donation
        over = status.overlay((kind, gross) for (kind, _), gross in self._known.items())
        projected = (status.project(self._known.keys()), over.refunded_minor, over.disputed_minor)
        if projected != (donation.status, donation.refunded_minor, donation.disputed_minor):
            donation.status, donation.refunded_minor, donation.disputed_minor = projected
            donation.save()


def write_all(notes: Iterable[Notes]) -> bool:
    """Store the new facts of several gifts at once, and what each now is; false when nothing was new."""
    fresh = [(each, each.take()) for each in notes]
    changed = [each for each, facts in fresh if facts]
    if changed:
        Fact.insert_many([fact for _each, facts in fresh for fact in facts])
    for each in changed:
        each.project()
    return bool(changed)


def raise_alarm(kind: str, object_id: str, *, at: datetime.datetime, **about: Any) -> Alarm | None:
    """Inside an action: ask a human to look, once for each kind and object; None if that was done before."""
    if Alarm.objects.filter(kind=kind, object_id=object_id).exists():
        return None
    raised: Alarm = Alarm.objects.create(kind=kind, object_id=object_id, raised_at=at, **about)
    posting.tell_room("donations.work", at=at)
    return raised
