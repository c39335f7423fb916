"""The head of the log goes by mail to people outside: what they hold, nobody here can take back."""

import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.outbox import letters, posting
from accounts.outbox.letters import Letter
from audit.checkpoints.models import Checkpoint

CHECKPOINT = "checkpoint"
# Public by nature, unlike every other letter: a size, a hash and a signature.
_TEXT = _(
    "Please keep this letter. Between the lines stands the signed head of our log as of today. With it"
    " anybody can show later whether something that was in the log by then was changed or taken out."
    "\n\n-----\n%(secret)s-----\n\nHow to check it: %(address)s"
)


def register_own() -> None:
    """Called from ``AppConfig.ready``."""
    letters.register(Letter(CHECKPOINT, _TEXT, page="/transparency/"))


def send_out(made: Checkpoint) -> None:
    """To each of ``CHECKPOINT_ADDRESSES``, once a day: the first checkpoint of the day (UTC)."""
    at = made.signed_at.astimezone(datetime.UTC)
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    if Checkpoint.objects.filter(signed_at__gte=midnight, size__lt=made.size).exists():
        return
    for address in settings.CHECKPOINT_ADDRESSES:
        posting.post(
            letter=CHECKPOINT,
            language=settings.LANGUAGE_CODE,
            address=address,
            secret=made.note,
            at=made.signed_at,
        )
