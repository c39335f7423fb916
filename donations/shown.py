"""What the things fetched from Stripe show about one gift: pure, so that order and doubling cannot matter."""

from collections.abc import Iterator
from dataclasses import dataclass

from donations.models.gifts import Fact
from donations.stripe_answers import BalanceTransaction, CheckoutSession, Dispute, Invoice, Payment, Refund

Kind = Fact.Kind


@dataclass(frozen=True)
class Seen:
    """All that was fetched about one attempt. A page of payment or an invoice leads to it."""

    session: CheckoutSession | None = None
    payment: Payment | None = None
    refunds: tuple[Refund, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    invoice: Invoice | None = None

    @property
    def key(self) -> str:
        """The id of what leads to the payment."""
        if self.session is not None:
            return self.session.id
        return self.invoice.id if self.invoice is not None else ""


@dataclass(frozen=True)
class Asked:
    """What a gift asked for. ``books`` is the currency its fund runs in; ``or_minor`` a former amount."""

    reference: str
    amount_minor: int
    currency: str
    books: str
    or_minor: int = 0


@dataclass(frozen=True)
class Shown:
    """One fact that is to be recorded unless it is known; with its balance transaction if money moved."""

    kind: Fact.Kind
    object_id: str
    entry: BalanceTransaction | None = None
    amount_minor: int | None = None


def facts_of(seen: Seen, asked: Asked, risk_countries: frozenset[str]) -> list[Shown]:
    """Everything that is shown, money in the order in which it moved."""
    found = []
    if seen.key:
        found.append(Shown(Kind.OPENED, seen.key))
    if seen.payment is not None:
        found += _of_payment(seen, seen.payment, asked, risk_countries)
    if seen.session is not None and seen.session.status == "expired":
        found.append(Shown(Kind.EXPIRED, seen.session.id))
    moved = [shown for shown in (*_of_refunds(seen), *_of_disputes(seen)) if shown.entry is not None]
    rest = [shown for shown in _of_disputes(seen) if shown.entry is None]
    moved.sort(key=lambda shown: (shown.entry.created_at, shown.entry.gross_minor) if shown.entry else ())
    if any(shown.kind == Kind.SETTLED for shown in found):
        found += [_in_books(shown, asked) for shown in moved]
    return [*found, *rest]


def _of_payment(
    seen: Seen, payment: Payment, asked: Asked, risk_countries: frozenset[str]
) -> Iterator[Shown]:
    if payment.status == "processing":
        yield Shown(Kind.PROCESSING, seen.key)
    elif payment.status == "succeeded":
        yield Shown(Kind.PAID, seen.key)
        if _differs(seen, payment, asked):
            yield Shown(Kind.DIFFERS, payment.id, amount_minor=payment.received_minor)
        if payment.card_country in risk_countries:
            yield Shown(Kind.RISK_COUNTRY, payment.id)
        if payment.balance_transaction is not None:
            yield _in_books(
                Shown(Kind.SETTLED, payment.balance_transaction.id, payment.balance_transaction), asked
            )
    elif payment.failure_code and (seen.session is None or seen.session.status == "complete"):
        # A declined card leaves the page open for another try; a failed direct debit is the end.
        yield Shown(Kind.FAILED, seen.key)


def _differs(seen: Seen, payment: Payment, asked: Asked) -> bool:
    if payment.currency != asked.currency:
        return True
    if payment.received_minor not in (asked.amount_minor, asked.or_minor or asked.amount_minor):
        return True
    return seen.session is not None and seen.session.client_reference != asked.reference


def _in_books(shown: Shown, asked: Asked) -> Shown:
    """Money in another currency than the books' is not booked by a machine: a human gives the rate."""
    if shown.entry is None or shown.entry.currency == asked.books:
        return shown
    return Shown(Kind.FOREIGN, shown.entry.id, shown.entry)


def _of_refunds(seen: Seen) -> Iterator[Shown]:
    for refund in seen.refunds:
        if refund.entry is not None:
            yield Shown(Kind.REFUNDED, refund.entry.id, refund.entry)
        if refund.returned is not None:
            yield Shown(Kind.REFUND_RETURNED, refund.returned.id, refund.returned)


_ENDS = {
    "won": Kind.DISPUTE_WON,
    "lost": Kind.DISPUTE_LOST,
    "warning_closed": Kind.INQUIRY_CLOSED,
    "prevented": Kind.INQUIRY_CLOSED,
}


def _of_disputes(seen: Seen) -> Iterator[Shown]:
    for dispute in seen.disputes:
        asks = dispute.status.startswith("warning")
        yield Shown(Kind.INQUIRY if asks else Kind.DISPUTED, dispute.id, amount_minor=dispute.amount_minor)
        for entry in dispute.entries:
            back = entry.gross_minor > 0
            yield Shown(Kind.DISPUTE_RETURNED if back else Kind.DISPUTE_TAKEN, entry.id, entry)
        if dispute.status in _ENDS:
            yield Shown(_ENDS[dispute.status], dispute.id)
