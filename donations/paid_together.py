"""Gifts that were plainly paid, fetched side by side and recorded in one action.

Stripe answers in a fifth of a second: one call after the other a worker would book five gifts a second.
"""

import datetime
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import DatabaseError

from audit.actions import DomainError
from audit.actors import Actor
from donations import looking
from donations.actions.together import is_plain, observe_paid
from donations.models import Attempt, Hint
from donations.models.gifts import BOOKED
from donations.shown import Seen
from donations.stripe_gateway import Gateway, GatewayError

log = logging.getLogger("donations.inbox")
CALLS_AT_ONCE = 4


def follow(hints: Sequence[Hint], gateway: Gateway, *, at: datetime.datetime, by: Actor) -> set[str]:
    """The ids of the hints whose gift is in the books now. The others are to be followed one by one."""
    if len(hints) < 2:
        return set()
    attempts = _attempts([hint.object_id for hint in hints])
    booked = {key for key, attempt in attempts.items() if attempt.donation.status in BOOKED}
    open_ones = [attempt for key, attempt in attempts.items() if key not in booked]
    plain = [(a, s) for a, s in _fetch(open_ones, gateway) if is_plain(a, s, at.date())]
    if plain and _record(plain, at=at, by=by):
        booked |= {attempt.session_id for attempt, _seen in plain if attempt.session_id}
    return {hint.pk for hint in hints if hint.object_id in booked}


def _attempts(session_ids: Sequence[str]) -> dict[str, Attempt]:
    """Attempts at single gifts by their page; those of monthly gifts have a mandate to look at too."""
    found = looking.ATTEMPTS.filter(session_id__in=session_ids, donation__recurring=None)
    # One gift with two attempts is left to the slow way.
    of_gift: dict[object, list[Attempt]] = {}
    for attempt in found:
        of_gift.setdefault(attempt.donation_id, []).append(attempt)
    single = [attempts[0] for attempts in of_gift.values() if len(attempts) == 1]
    return {attempt.session_id or "": attempt for attempt in single}


def _fetch(attempts: Sequence[Attempt], gateway: Gateway) -> list[tuple[Attempt, Seen]]:
    """Network only: no thread of these touches the database. What could not be fetched is left out."""

    def one(attempt: Attempt) -> tuple[Attempt, Seen] | None:
        try:
            session, payment = gateway.fetch_paid_checkout(attempt.session_id or "")
        except GatewayError:
            return None
        if payment is None or payment.refunded_minor or payment.disputed:
            return None
        return attempt, Seen(session, payment)

    if not attempts:
        return []
    with ThreadPoolExecutor(CALLS_AT_ONCE, thread_name_prefix="stripe") as pool:
        return [found for found in pool.map(one, attempts) if found is not None]


def _record(plain: Sequence[tuple[Attempt, Seen]], *, at: datetime.datetime, by: Actor) -> bool:
    try:
        observe_paid(paid=plain, by=by, at=at)
    except (DomainError, DatabaseError) as error:
        # Whatever it was, it was undone; the one that is to blame shows when each is recorded by itself.
        log.warning("%s gifts could not be recorded together: %s", len(plain), type(error).__name__)
        return False
    return True
