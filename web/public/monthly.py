"""A monthly gift on the page of its code: what it is, and changing, pausing or stopping it."""

import datetime
import logging
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError
from audit.actors import PUBLIC, Actor
from donations import mandates, tasks
from donations.models import Donation, RecurringDonation
from donations.stripe_gateway import GatewayError
from web.public.forms import MonthlyForm

log = logging.getLogger("web.monthly")
DAYS_IN_A_MONTH = 30


@dataclass(frozen=True)
class Month:
    """A monthly gift as its giver may see it; ``gifts`` are the months that were begun, newest first."""

    mandate: RecurringDonation
    gifts: list[Donation]
    running: bool
    ending: bool


def shown(mandate: RecurringDonation | None) -> Month | None:
    """What the page shows; None for a single gift."""
    if mandate is None:
        return None
    over = mandate.state == RecurringDonation.State.STOPPED
    return Month(
        mandate=mandate,
        gifts=list(mandate.donations.order_by("-given_on", "-pk")[:24]),
        running=mandate.subscription_id is not None and not over and mandate.stop_asked_at is None,
        ending=mandate.stop_asked_at is not None and not over,
    )


def carried_out(form: MonthlyForm, mandate: RecurringDonation, by: Actor = PUBLIC) -> bool:
    """Do what was asked, once; false if the form is to be shown again with what is wrong."""
    if not form.is_valid():
        return False
    try:
        _do(form, mandate, by)
    except DomainError as refusal:
        form.add_error(None, refusal.text)
    except GatewayError as error:
        log.warning("mandate %s: %s", mandate.pk, error)
        form.add_error(
            None, _("The payment company does not answer. Nothing was changed; try again in a minute.")
        )
    return not form.errors


def _do(form: MonthlyForm, mandate: RecurringDonation, by: Actor) -> None:
    gateway, at = tasks.gateway(), timezone.now()
    asked = form.cleaned_data
    if asked["do"] == "stop":
        mandates.stop(mandate, RecurringDonation.StopReason.DONOR, gateway, at=at, by=by)
    elif asked["do"] == "change":
        mandates.change_amount(mandate, asked["minor"], gateway, at=at, by=by)
    elif asked["do"] == "pause":
        days = DAYS_IN_A_MONTH * int(asked["months"])
        until = at.date() + datetime.timedelta(days=days)
        mandates.pause(mandate, until, gateway, at=at, by=by)
    else:
        mandates.resume(mandate, gateway, at=at, by=by)
