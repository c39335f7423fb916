"""Stopping many monthly gifts at once, and proving that no charge followed.

Wishes are stored one by one before Stripe is told, so a run that is killed goes on where it ended.
"""

import datetime
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from audit.actors import Actor
from donations import mandates
from donations.actions import recurring as actions
from donations.actions.refunds import payment_of
from donations.models import RecurringDonation
from donations.stripe_answers import Invoice
from donations.stripe_gateway import Gateway, GatewayError

log = logging.getLogger("donations.stopping")
State, Reason = RecurringDonation.State, RecurringDonation.StopReason


@dataclass(frozen=True)
class Proof:
    """What Stripe says afterwards: mandates still running, and months paid after the wish to stop."""

    running: tuple[str, ...]
    charged: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing runs any more and nothing was taken since."""
        return not self.running and not self.charged and not self.unknown


def wish(
    mandate_rows: Iterable[RecurringDonation],
    *,
    reason: str = Reason.KILL_SWITCH,
    by: Actor,
    at: datetime.datetime,
) -> int:
    """Store that these are to stop; how many were not to before."""
    count = 0
    for mandate in mandate_rows:
        if mandate.stop_asked_at is None:
            actions.ask_stop(mandate=mandate, reason=reason, by=by, at=at)
            count += 1
    return count


def chosen(gateway: Gateway, country: str = "") -> Iterator[RecurringDonation]:
    """All mandates that are not over, or those whose last gift came from a card of this country.

    The country is asked of Stripe: we keep none. Raises GatewayError.
    """
    for mandate in RecurringDonation.objects.exclude(state=State.STOPPED):
        if not country or _country(mandate, gateway) == country:
            yield mandate


def _country(mandate: RecurringDonation, gateway: Gateway) -> str | None:
    for donation in mandate.donations.order_by("-given_on"):
        if payment := payment_of(donation):
            return gateway.fetch_payment(payment).card_country
    return None


def carry_out(gateway: Gateway, *, at: datetime.datetime, by: Actor) -> tuple[int, int]:
    """Tell Stripe about every stored wish: how many are over, and how many could not be reached."""
    stopped = failed = 0
    for mandate in RecurringDonation.objects.to_stop():
        try:
            mandates.finish_stop(mandate, gateway, at=at, by=by)
            stopped += 1
        except GatewayError as error:
            log.warning("mandate %s is to stop and still runs: %s", mandate.pk, error)
            failed += 1
    return stopped, failed


def prove(gateway: Gateway, *, everything: bool) -> Proof:
    """Ask Stripe what still runs and what was taken after a wish to stop.

    With ``everything`` a subscription that we do not know counts too.
    """
    asked = RecurringDonation.objects.exclude(stop_asked_at=None).exclude(subscription_id=None)
    wishes = {mandate.subscription_id: mandate for mandate in asked}
    alive = {seen.id for seen in gateway.list_subscriptions() if actions.state_of(seen) != State.STOPPED}
    known = set(
        RecurringDonation.objects.filter(subscription_id__in=alive).values_list("subscription_id", flat=True)
    )
    charged = [
        invoice.id
        for subscription_id, mandate in wishes.items()
        for invoice in gateway.list_invoices(subscription_id=subscription_id)
        if _taken_after(invoice, mandate)
    ]
    return Proof(
        running=tuple(sorted(alive & set(wishes))),
        charged=tuple(charged),
        unknown=tuple(sorted(alive - known)) if everything else (),
    )


def _taken_after(invoice: Invoice, mandate: RecurringDonation) -> bool:
    wished = mandate.stop_asked_at
    return wished is not None and invoice.amount_paid_minor > 0 and invoice.created_at > wished
