"""Recording several plainly paid gifts in one action: a worker's way through a full inbox."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from donations import large
from donations.actions.payments import RISK_COUNTRIES, amounts, asked_of, know_ids
from donations.fallbacks import fund_now, has_ended
from donations.models import Alarm, Attempt, Donation, Fact
from donations.models.gifts import BOOKED
from donations.noting import Notes, Row, write_all
from donations.shown import Seen, Shown, facts_of
from treasury.actions.gifts import Gift, book_gifts
from treasury.models import Batch

Kind = Fact.Kind
PLAIN = {Kind.OPENED, Kind.PROCESSING, Kind.PAID, Kind.SETTLED}


class NotPlain(DomainError):
    """One of these gifts wants more than its booking."""

    code = "not-plain"
    message = _("One of these gifts needs a closer look. Record each by itself.")


def is_plain(attempt: Attempt, seen: Seen, on: datetime.date) -> bool:
    """Whether all there is to do is to book the gift: it was paid once, as asked, to a fund that is open."""
    donation = attempt.donation
    if donation.recurring_id is not None or has_ended(donation.fund, on):
        return False
    shown = facts_of(seen, asked_of(donation), RISK_COUNTRIES)
    entry = seen.payment.balance_transaction if seen.payment else None
    return {each.kind for each in shown} <= PLAIN and entry is not None and entry.net_minor > 0


@action("gifts.observed")
def observe_paid(*, paid: Sequence[tuple[Attempt, Seen]], by: Actor, at: datetime.datetime) -> int:
    """Record gifts that are plainly paid (:func:`is_plain`), each in a journal of its own; how many were new.

    Rows are locked in the order of their keys, then the books. Raises NotPlain, and what ``book_gifts``
    raises: then nothing was recorded, and each is to be recorded by itself.
    """
    wanted = {attempt.donation_id: (attempt, seen) for attempt, seen in paid}
    locked = Donation.objects.select_for_update(of=("self",)).select_related("fund", "recurring")
    rows = [row for row in locked.filter(pk__in=list(wanted)).order_by("pk") if row.status not in BOOKED]
    _refuse_strays([wanted[row.pk][1] for row in rows])
    known = _known(rows)
    fresh = []
    for row in rows:
        attempt, seen = wanted[row.pk]
        notes = Notes(row, at, known.get(row.pk, ()))
        asked = facts_of(seen, asked_of(row), RISK_COUNTRIES)
        fresh.append((notes, [each for each in asked if not notes.has(each.kind, each.object_id)]))
        know_ids(attempt, seen)
        touch(row.pk)
    booked = _book(fresh, by, at)
    for notes, asked in fresh:
        for shown in asked:
            notes.add(shown.kind, shown.object_id, **_money(shown, booked))
    write_all([notes for notes, _asked in fresh])
    for notes, asked in fresh:
        for shown in asked:
            if shown.entry is not None:
                large.look(notes.donation, shown.entry.gross_minor, by=by, at=at)
    fact(sources=sorted(wanted[row.pk][1].key for row in rows))
    return len(rows)


def _refuse_strays(seen: Sequence[Seen]) -> None:
    """A payment that seemed to be nobody's waits in suspense and has to be taken out first."""
    ids = [
        each.payment.balance_transaction.id
        for each in seen
        if each.payment and each.payment.balance_transaction
    ]
    if Alarm.objects.open().filter(kind=Alarm.Kind.STRAY, object_id__in=ids).exists():
        raise NotPlain()


def _known(rows: Sequence[Donation]) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = {}
    facts = Fact.objects.filter(donation__in=[row.pk for row in rows]).order_by()
    for donation_id, kind, object_id, gross in facts.values_list(
        "donation_id", "kind", "object_id", "gross_minor"
    ):
        found.setdefault(donation_id, []).append((kind, object_id, gross))
    return found


def _book(
    fresh: Sequence[tuple[Notes, Sequence[Shown]]], by: Actor, at: datetime.datetime
) -> dict[str, Batch]:
    gifts = [
        (
            fund_now(notes.donation.fund, notes.donation.fallback, at.date()),
            Gift(entry.id, entry.gross_minor, entry.fee_minor, entry.net_minor),
        )
        for notes, asked in fresh
        for shown in asked
        if (entry := shown.entry) is not None
    ]
    return book_gifts(gifts=gifts, by=by, at=at) if gifts else {}


def _money(shown: Shown, booked: dict[str, Batch]) -> dict[str, object]:
    if shown.entry is None:
        return {}
    return {**amounts(shown.entry), "batch_id": booked[shown.entry.id].pk}
