"""What a sample is drawn from: the payments of a period, as a checkpoint knows them."""

import datetime
import uuid
from dataclasses import dataclass

from django.db.models import Sum

from treasury.kinds import POSTED, AccountKind, JournalKind
from treasury.models import Transfer
from treasury.standing import within

SPENT = (AccountKind.PROGRAMME, AccountKind.STAFF, AccountKind.OFFICE, AccountKind.FEES)
PAID = (JournalKind.PAYMENT, JournalKind.ADVANCE_CLOSED, JournalKind.RUNNING_COST)


@dataclass(frozen=True)
class Payment:
    """One journal that paid a claim or a running cost; ``id`` is the journal's."""

    id: uuid.UUID
    amount_minor: int

    @property
    def key(self) -> str:
        """The id by which the rule of the sample sorts."""
        return str(self.id)


def payments(starts_on: datetime.date, ends_on: datetime.date, journal_number: int) -> list[Payment]:
    """Payments booked in the period, up to a journal number, by id; reversed ones are among them."""
    moved = Transfer.objects.filter(
        within(journal_number, starts_on, ends_on),
        kind__in=POSTED,
        debit__kind__in=SPENT,
        journal__kind__in=PAID,
    ).order_by()
    sums = moved.values_list("journal_id").annotate(total=Sum("amount_minor"))
    return sorted((Payment(key, total) for key, total in sums), key=lambda payment: payment.key)
