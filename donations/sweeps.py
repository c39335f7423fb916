"""Looking by ourselves, in case a webhook never came or we were away for days.

Everything found ends in the same actions as a hint, so sweeping can run at any moment, twice too.
"""

import datetime
import logging
from collections.abc import Callable
from dataclasses import dataclass, fields

from audit.actions import action, fact, touch
from audit.actors import SYSTEM, Actor
from donations import inbox, looking, mandates, payouts, refunding
from donations.actions import recurring
from donations.actions.giving import PAGE_LASTS, record_opened
from donations.models import Attempt, Cursor, Donation, Fact, Hint, RecurringDonation
from donations.models.gifts import UNDECIDED, Status
from donations.noting import Notes
from donations.references import read_uuid
from donations.stripe_gateway import Gateway, GatewayError

log = logging.getLogger("donations.sweeps")
# Fresh attempts are left to the webhook; a bank may take two weeks over a direct debit.
QUIET = datetime.timedelta(minutes=5)
OLDEST = datetime.timedelta(days=21)
# Stripe keeps events for thirty days, and lists may lag: each look overlaps the one before.
EVENTS_KEPT = datetime.timedelta(days=29)
OVERLAP = datetime.timedelta(hours=1)


@dataclass
class Swept:
    """How much each sweep found that we had not known."""

    lost_pages: int = 0
    attempts: int = 0
    refunds: int = 0
    mandates: int = 0
    events: int = 0
    invoices: int = 0
    movements: int = 0
    payouts: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return sum(getattr(self, field.name) for field in fields(self))


def sweep(gateway: Gateway, *, at: datetime.datetime, all_of_it: bool = True) -> Swept:
    """Everything that is due now: open attempts always; events, balance and payouts with ``all_of_it``."""
    found = Swept(lost_pages=find_lost_pages(gateway, at=at))
    found.attempts = observe_open_attempts(gateway, at=at)
    found.refunds = refunding.send_waiting(gateway, at=at)
    found.mandates = stop_waiting(gateway, at=at)
    if all_of_it:
        found.events = fetch_events(gateway, at=at)
        found.invoices = fetch_invoices(gateway, at=at)
        found.movements, found.payouts = fetch_movements(gateway, at=at), fetch_payouts(gateway, at=at)
    return found


def anything_there() -> bool:
    """Whether anything was ever begun that Stripe could know of."""
    return Attempt.objects.exists()


def observe_open_attempts(gateway: Gateway, *, at: datetime.datetime) -> int:
    """Fetch every attempt that is not decided; how many were looked at. What cannot be reached waits."""
    due = looking.ATTEMPTS.filter(
        donation__status__in=UNDECIDED, opened_at__range=(at - OLDEST, at - QUIET), session_id__isnull=False
    )
    return _each(due, lambda attempt: inbox.observe(attempt, gateway, at=at, by=SYSTEM), "attempt")


def find_lost_pages(gateway: Gateway, *, at: datetime.datetime) -> int:
    """Attempts whose page we asked for and never heard of: found at Stripe by their reference, or given up.

    How many were found. Given up only after Stripe was asked and the page would be over anyway.
    """
    waiting = Attempt.objects.filter(
        session_id=None, invoice_id=None, opened_at__lte=at - QUIET, donation__status=Status.DRAFT
    ).order_by("opened_at")
    attempts = list(waiting.select_related("donation"))
    if not attempts:
        return 0
    try:
        sessions = gateway.list_checkouts(since=attempts[0].opened_at - OVERLAP)
    except GatewayError as error:
        log.warning("sweep: lost pages could not be looked for: %s", error)
        return 0
    taken = set(
        Attempt.objects.filter(session_id__in=[s.id for s in sessions]).values_list("session_id", flat=True)
    )
    by_gift: dict[object, list] = {}  # type: ignore[type-arg]
    for session in sessions:
        if session.id not in taken:
            by_gift.setdefault(read_uuid(session.client_reference), []).append(session)
    found = 0
    for attempt in attempts:
        pages = by_gift.get(attempt.donation_id)
        if pages:
            record_opened(attempt=attempt, session=pages.pop(0), by=SYSTEM, at=at)
            inbox.observe(looking.ATTEMPTS.get(pk=attempt.pk), gateway, at=at, by=SYSTEM)
            found += 1
        elif attempt.opened_at <= at - PAGE_LASTS - OVERLAP:
            give_up(attempt=attempt, by=SYSTEM, at=at)
    return found


@action("gift.abandoned")
def give_up(*, attempt: Attempt, by: Actor, at: datetime.datetime) -> Donation:
    """Note that an attempt never had a payment page."""
    donation: Donation = Donation.objects.select_for_update().get(pk=attempt.donation_id)
    touch(donation.pk)
    fact(attempt=str(attempt.pk))
    notes = Notes(donation, at)
    notes.add(Fact.Kind.ABANDONED, str(attempt.pk))
    notes.write()
    return donation


def stop_waiting(gateway: Gateway, *, at: datetime.datetime) -> int:
    """Mandates that are to stop and still run, and those whose page was left: how many are over now."""
    waiting = _each(
        RecurringDonation.objects.to_stop(),
        lambda mandate: mandates.finish_stop(mandate, gateway, at=at, by=SYSTEM),
        "mandate",
    )
    left = RecurringDonation.objects.filter(
        state=RecurringDonation.State.BEGUN,
        subscription_id=None,
        donations__status__in=[Status.EXPIRED, Status.ABANDONED, Status.FAILED],
    )
    for mandate in left.distinct():
        recurring.close_unbegun(mandate=mandate, by=SYSTEM, at=at)
    return waiting


def fetch_events(gateway: Gateway, *, at: datetime.datetime) -> int:
    """Store and follow events since the cursor; how many we had not heard of."""

    def look(since: datetime.datetime) -> tuple[int, datetime.datetime | None]:
        events = gateway.list_events(since)
        known = set(Hint.objects.filter(pk__in=[event.id for event in events]).values_list("pk", flat=True))
        fresh = [event for event in events if event.id not in known and inbox.is_followed(event.type)]
        for event in fresh:
            inbox.store(event, at=at)
        inbox.drain(gateway, clock=lambda: at, by=SYSTEM)
        return len(fresh), events[-1].created_at if events else None

    return _since("events", look, at)


def fetch_invoices(gateway: Gateway, *, at: datetime.datetime) -> int:
    """Look at months since the cursor whose gift we do not have; how many."""
    if not RecurringDonation.objects.exists():
        return 0

    def look(since: datetime.datetime) -> tuple[int, datetime.datetime | None]:
        listed = gateway.list_invoices(since=since)
        ids = [invoice.id for invoice in listed]
        known = set(
            Attempt.objects.filter(invoice_id__in=ids)
            .exclude(donation__status__in=UNDECIDED)
            .values_list("invoice_id", flat=True)
        )
        fresh = [invoice for invoice in listed if invoice.id not in known]
        for invoice in fresh:
            mandates.look_at_invoice(invoice.id, gateway, at=at, by=SYSTEM)
        return len(fresh), listed[-1].created_at if listed else None

    return _since("invoices", look, at)


def fetch_movements(gateway: Gateway, *, at: datetime.datetime) -> int:
    """See to it that every movement of the balance since the cursor is in the books; how many were not."""

    def look(since: datetime.datetime) -> tuple[int, datetime.datetime | None]:
        entries = gateway.list_balance_transactions(since=since)
        fresh = payouts.take_in(entries, gateway, at=at, by=SYSTEM)
        return fresh, entries[-1].created_at if entries else None

    return _since("movements", look, at)


def fetch_payouts(gateway: Gateway, *, at: datetime.datetime) -> int:
    """Look at payouts since the cursor that are new, or not over yet; how many."""
    from donations.models import Payout

    def look(since: datetime.datetime) -> tuple[int, datetime.datetime | None]:
        listed = gateway.list_payouts(since)
        settled = dict(Payout.objects.exclude(entries_minor=None).values_list("payout_id", "state"))
        fresh = [seen for seen in listed if settled.get(seen.id) != seen.status]
        for seen in fresh:
            payouts.look(seen.id, gateway, at=at, by=SYSTEM)
        return len(fresh), listed[-1].created_at if listed else None

    return _since("payouts", look, at, overlap=datetime.timedelta(days=7))


Look = Callable[[datetime.datetime], tuple[int, datetime.datetime | None]]


def _since(name: str, look: Look, at: datetime.datetime, overlap: datetime.timedelta = OVERLAP) -> int:
    """Look from a little before the cursor on; it moves only once everything found was taken in."""
    cursor = Cursor.objects.filter(pk=name).first()
    since = max(cursor.reached_at - overlap, at - EVENTS_KEPT) if cursor else at - EVENTS_KEPT
    try:
        found, reached = look(since)
    except GatewayError as error:
        log.warning("sweep: %s could not be fetched: %s", name, error)
        return 0
    if reached is not None:
        Cursor.objects.update_or_create(pk=name, defaults={"reached_at": reached})
    return found


def _each(rows: object, look: Callable[..., object], what: str) -> int:
    looked = 0
    for row in list(rows):  # type: ignore[call-overload]
        try:
            look(row)
        except GatewayError as error:
            log.warning("sweep: %s %s could not be looked at: %s", what, row.pk, error)
            continue
        looked += 1
    return looked
