"""What follows once gifts are booked: receipts, letters, a look at declined cards.

Each step finds by itself what is due, so that a crash anywhere is made good by the next round.
"""

import datetime
import logging
from collections.abc import Iterable

from django.conf import settings

from accounts.models.mail import Mail
from accounts.outbox import posting
from audit.actions import action, fact, touch
from audit.actors import WORKER, Actor
from donations import donors, quotas, receipts
from donations.actions.receipts import keep_receipt
from donations.models import Alarm, Donation, Donor, RecurringDonation
from donations.models.gifts import Status
from donations.noting import raise_alarm

log = logging.getLogger("donations.aftercare")
YEARLY = "donor-yearly"
FAILED = "donor-failed"
_OVER = (Status.EXPIRED, Status.FAILED, Status.ABANDONED)


def look_after(*, at: datetime.datetime, by: Actor = WORKER, all_of_it: bool = False) -> int:
    """Whatever is due; ``all_of_it`` looks at receipts that must be replaced too. How much was done."""
    done = drop_letters() + watch_declines(by=by, at=at)
    if settings.RECEIPT_ISSUER:
        done += _keep(receipts.missing(at.date()), by, at)
    if all_of_it:
        done += _keep(receipts.outdated(), by, at) + tell_of_statements(by=by, at=at)
    return done


def _keep(gifts: Iterable[Donation], by: Actor, at: datetime.datetime) -> int:
    kept = 0
    for gift in list(gifts):
        try:
            keep_receipt(donation=gift, by=by, at=at)
            kept += 1
        except Exception:
            log.exception("gift %s: its receipt could not be kept up", gift.pk)
    return kept


def drop_letters() -> int:
    """Letters about gifts that came to nothing: they are forgotten with the address in them."""
    held = Mail.objects.filter(state=Mail.State.HELD).values("occasion_id")
    over = Donation.objects.filter(pk__in=held, status__in=_OVER)
    return sum(posting.drop(occasion_id=gift.pk) for gift in over)


def watch_declines(*, by: Actor, at: datetime.datetime) -> int:
    """A soft alarm, once an hour: it stops nothing, a human looks."""
    declined, paid = quotas.declines(at)
    hour = f"{at:%Y-%m-%dT%H}"
    if not quotas.declines_stand_out(declined, paid):
        return 0
    if Alarm.objects.filter(kind=Alarm.Kind.DECLINES, object_id=hour).exists():
        return 0
    _alarm_declines(hour=hour, declined=declined, paid=paid, by=by, at=at)
    return 1


@action("cards.declined")
def _alarm_declines(*, hour: str, declined: int, paid: int, by: Actor, at: datetime.datetime) -> None:
    """One alarm for an hour, with its figures in the event."""
    raise_alarm(Alarm.Kind.DECLINES, hour, at=at)
    fact(declined=declined, paid=paid)


def tell_of_statements(*, by: Actor, at: datetime.datetime) -> int:
    """From the eighth of January on: those who asked hear that the statement of last year is ready."""
    if (at.month, at.day) < (1, 8):
        return 0
    waiting = Donor.objects.filter(yearly=True, told_year__lt=at.year - 1)
    told = [donor for donor in waiting if gifts_of_year(donor, at.year - 1)]
    for donor in told:
        _tell_of_statement(donor=donor, year=at.year - 1, by=by, at=at)
    return len(told)


@action("donor.statement_told")
def _tell_of_statement(*, donor: Donor, year: int, by: Actor, at: datetime.datetime) -> None:
    """Note that a donor was told of a year, and post the letter; a second time nothing happens."""
    row = Donor.objects.select_for_update().get(pk=donor.pk)
    touch(row.pk)
    if row.told_year >= year:
        return
    row.told_year = year
    row.save()
    _write_to(row, YEARLY, at)


def tell_of_failed_month(mandate: RecurringDonation, at: datetime.datetime) -> None:
    """Inside the action that notes a failed month: a letter to those who stay in touch, to nobody else."""
    donor = mandate.donor
    if donor is not None and donor.level == Donor.Level.IN_TOUCH:
        _write_to(donor, FAILED, at)


def _write_to(donor: Donor, letter: str, at: datetime.datetime) -> None:
    posting.post(letter=letter, language=donor.language, recipient=donors.RECIPIENT, about_id=donor.pk, at=at)


def gifts_of_year(donor: Donor, year: int) -> list[Donation]:
    """Gifts of a calendar year of which something is left, oldest first."""
    booked = Donation.objects.settled().filter(donor=donor, given_on__year=year)
    return [gift for gift in booked.order_by("given_on", "pk") if receipts.due(gift) is not None]
