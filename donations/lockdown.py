"""What a lockdown ends in this room: pages that ask for gifts, and monthly gifts."""

import datetime

from audit.actors import Actor
from donations.actions.campaigns import take_down_campaign
from donations.models import CampaignPage, DonorSession, RecurringDonation


def take_campaigns_down(*, by: Actor, at: datetime.datetime) -> int:
    """Hide every public campaign page, each by its own action; how many. Harmless to repeat."""
    pages = list(CampaignPage.objects.public())
    for page in pages:
        take_down_campaign(page=page, by=by, at=at)
    return len(pages)


def stop_mandates(*, by: Actor, at: datetime.datetime) -> int:
    """Stop every monthly gift: wishes are stored first, then Stripe is told; how many are over now.

    Harmless to repeat; what Stripe does not answer now, a sweep tells it later.
    """
    from donations import stopping
    from donations.tasks import gateway

    mandates = RecurringDonation.objects.exclude(state=RecurringDonation.State.STOPPED)
    stopping.wish(mandates, by=by, at=at)
    stopped, _failed = stopping.carry_out(gateway(), at=at, by=by)
    return stopped


def sign_donors_out(*, by: Actor, at: datetime.datetime) -> int:
    """End every sign-in of a donor; how many. Harmless to repeat."""
    return int(DonorSession.objects.all().delete()[0])
