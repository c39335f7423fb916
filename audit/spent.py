"""Keys that may be used once: forms' tokens and requests' idempotency keys."""

import datetime
import hashlib

from django.db import IntegrityError, transaction

from audit.actions import AlreadyDone
from audit.models import SpentKey


def spend(key: str, at: datetime.datetime) -> None:
    """Spend the key inside the running transaction. Raises AlreadyDone when it was spent before."""
    try:
        with transaction.atomic():
            SpentKey.objects.create(digest=_digest(key), at=at)
    except IntegrityError:
        raise AlreadyDone() from None


def is_spent(key: str) -> bool:
    """Whether an action with this key has been committed."""
    return SpentKey.objects.filter(pk=_digest(key)).exists()


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
