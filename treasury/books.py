"""Writing the books: one journal at a time, under one lock.

Every action that decides about money takes :func:`lock` before it reads a balance. Its row orders all
journals, so that a decision is made on what the journal before left there and numbers have no gaps.
"""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, fact, touch
from audit.actors import Actor
from treasury.kinds import Category, JournalKind, TransferKind
from treasury.models import Account, Counter, Journal, Period, Transfer

if TYPE_CHECKING:
    from treasury.models import Batch, Commitment, Fund


class AlreadyBooked(DomainError):
    """A journal with this key exists; ``number`` is its number. Nothing was booked again."""

    code = "already-booked"
    message = _("This is in the books already, as journal %(number)s. Nothing was booked a second time.")


class PeriodClosed(DomainError):
    """The date lies in a period that was closed."""

    code = "period-closed"
    message = _("The books are closed up to %(ends_on)s. Choose a later date, or reverse and book anew.")


@dataclass(frozen=True)
class Entry:
    """One transfer to be written: ``amount_minor`` goes from ``credit`` to ``debit``."""

    debit: Account
    credit: Account
    amount_minor: int
    category: Category
    kind: TransferKind = TransferKind.POST
    pending: Transfer | None = None
    fund: "Fund | None" = None
    batch: "Batch | None" = None
    commitment: "Commitment | None" = None
    case_id: uuid.UUID | None = None


def lock() -> int:
    """Take the lock of the books until the transaction ends; the last journal number."""
    counter = Counter.objects.select_for_update().filter(pk=1).first()
    if counter is None:
        Counter.objects.bulk_create([Counter(id=1, last_number=0)], ignore_conflicts=True)
        counter = Counter.objects.select_for_update().get(pk=1)
    return counter.last_number


def refuse_repeated(key: str) -> None:
    """Raise AlreadyBooked if a journal with this key exists."""
    number = Journal.objects.order_by().filter(key=key).values_list("number", flat=True).first()
    if number is not None:
        raise AlreadyBooked(number=number)


def refuse_closed(on: datetime.date) -> None:
    """Raise PeriodClosed if the day lies in a closed period."""
    closed = Period.objects.order_by().filter(starts_on__lte=on, ends_on__gte=on)
    ends_on = closed.values_list("ends_on", flat=True).first()
    if ends_on is not None:
        raise PeriodClosed(ends_on=ends_on.isoformat())


def write(
    kind: JournalKind,
    key: str,
    entries: Sequence[Entry],
    *,
    by: Actor,
    at: datetime.datetime,
    on: datetime.date | None = None,
    reverses: Journal | None = None,
    reason_code: str = "",
    note: str = "",
    locked: int | None = None,
) -> Journal:
    """Book one business event on a day (that of ``at`` unless given). Raises AlreadyBooked, PeriodClosed.

    ``locked`` is what :func:`lock` gave to a caller who wrote nothing since.
    """
    booked_on = on or at.date()
    last = lock() if locked is None else locked
    refuse_repeated(key)
    refuse_closed(booked_on)
    journal = Journal(
        number=last + 1,
        key=key,
        kind=kind,
        booked_on=booked_on,
        booked_at=at,
        booked_by=by.actor_id,
        reverses=reverses,
        reason_code=reason_code,
        note=note,
    )
    return _put(journal, entries)


def write_many(
    kind: JournalKind,
    keyed: Sequence[tuple[str, Sequence[Entry]]],
    *,
    by: Actor,
    at: datetime.datetime,
    locked: int,
) -> list[Journal]:
    """Book several events of one kind on the day of ``at``, each a journal of its own.

    ``locked`` is what :func:`lock` gave to the caller. Raises AlreadyBooked, PeriodClosed, before any is
    written.
    """
    known = Journal.objects.order_by().filter(key__in=[key for key, _ in keyed])
    if (number := known.values_list("number", flat=True).first()) is not None:
        raise AlreadyBooked(number=number)
    refuse_closed(at.date())
    written = []
    for place, (key, entries) in enumerate(keyed, start=1):
        journal = Journal(
            number=locked + place,
            key=key,
            kind=kind,
            booked_on=at.date(),
            booked_at=at,
            booked_by=by.actor_id,
        )
        written.append(_put(journal, entries))
    return written


def _put(journal: Journal, entries: Sequence[Entry]) -> Journal:
    """Insert a journal, then its transfers: the database takes transfers of the newest journal only."""
    journal.save()
    Transfer.insert_many([_transfer(journal, line, entry) for line, entry in enumerate(entries, start=1)])
    touch(journal.id)
    fact(journal_number=journal.number)
    return journal


def _transfer(journal: Journal, line: int, entry: Entry) -> Transfer:
    return Transfer(
        id=f"{journal.key}:{line}",
        journal=journal,
        line=line,
        kind=entry.kind,
        debit=entry.debit,
        credit=entry.credit,
        amount_minor=entry.amount_minor,
        currency=entry.debit.currency,
        pending=entry.pending,
        fund=entry.fund,
        batch=entry.batch,
        commitment=entry.commitment,
        case_id=entry.case_id,
        category=entry.category,
    )
