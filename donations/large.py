"""Large gifts: who gives, and where is the money from? Asked in the action that books the gift."""

import datetime

from django.conf import settings
from django.db.models import Sum

from accounts.outbox import posting
from audit.actors import Actor
from donations import donors, held
from donations.models import Alarm, Donation, Donor, DonorCheck, Fact
from donations.noting import raise_alarm

ASKED = "donor-asked"
YEAR = datetime.timedelta(days=365)


def look(donation: Donation, came_minor: int, *, by: Actor, at: datetime.datetime) -> None:
    """Inside the action that booked it: hold a large gift, raise its alarm, write to its giver if possible.

    ``came_minor`` is what arrived, before fees, in the books' currency. The lock of the books is held, so
    two gifts of one giver at the same moment see each other.
    """
    if not _is_large(donation, came_minor, at):
        return
    raised = raise_alarm(
        Alarm.Kind.LARGE,
        str(donation.pk),
        at=at,
        donation=donation,
        amount_minor=donation.amount_minor,
        currency=donation.currency,
    )
    if raised is None:
        return
    donor = donation.donor
    if donor is not None and donor.level == Donor.Level.IN_TOUCH:
        posting.post(
            letter=ASKED, language=donor.language, recipient=donors.RECIPIENT, about_id=donor.pk, at=at
        )
    held.keep_in_step(donation, by=by, at=at)


def _is_large(donation: Donation, came_minor: int, at: datetime.datetime) -> bool:
    """Above the ceiling for gifts without identity: this one, or all of this giver's within a year."""
    most = int(settings.DONATION_CEILING_MINOR)
    if donation.donor_id is None:
        return came_minor > most
    of_year = Fact.objects.filter(
        kind=Fact.Kind.SETTLED, donation__donor=donation.donor_id, donation__given_on__gte=at.date() - YEAR
    ).order_by()
    if int(of_year.aggregate(total=Sum("gross_minor"))["total"] or 0) <= most:
        return False
    checks = DonorCheck.objects.filter(donor=donation.donor_id, outcome=DonorCheck.Outcome.PASSED)
    return not checks.filter(until_on__gte=at.date()).exists()
