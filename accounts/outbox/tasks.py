"""Sending in the background; without arguments, and it may run twice."""

from django.utils import timezone
from django_tasks import task

from accounts.outbox import sending


@task()
def send_mails() -> int:
    """Hand over whatever is due."""
    return sending.send_due(at=timezone.now()).sent
