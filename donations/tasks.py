"""Work behind the pages; arguments are ids only, and every task may run twice."""

from functools import lru_cache

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from donations import aftercare, inbox
from donations.stripe_gateway import Gateway


@lru_cache(maxsize=1)
def gateway() -> Gateway:
    """The one connection to Stripe of this process, or to the sandbox where ``STRIPE_BASE_URL`` says so."""
    return Gateway(settings.STRIPE_API_KEY, settings.STRIPE_BASE_URL or None)


@task()
def drain_inbox() -> int:
    """Follow every hint that waits."""
    followed = inbox.drain(gateway())
    aftercare.look_after(at=timezone.now())
    return followed
