"""Who knows the address of a person when a letter leaves: each room for its own people."""

import uuid
from collections.abc import Callable

from accounts.models import User
from accounts.models.mail import NoticeAddress

STAFF = "staff"
# The address, or None if there is none any more. Called inside a reading of the worker.
Resolve = Callable[[uuid.UUID], str | None]
_resolvers: dict[str, Resolve] = {}


def register(kind: str, resolve: Resolve) -> None:
    """Let a room answer for its people; from ``AppConfig.ready``."""
    _resolvers[kind] = resolve


def address_of(kind: str, person_id: uuid.UUID) -> str | None:
    """Opens the address. Raises KeyError for a kind of people nobody answers for, keys.Erased."""
    return _resolvers[kind](person_id)


def staff_address(user_id: uuid.UUID) -> str | None:
    """What a colleague gave for notices, if their account is open."""
    row = NoticeAddress.objects.filter(user=user_id, address__isnull=False).first()
    if row is None or not User.objects.filter(pk=user_id, is_active=True).exists():
        return None
    return str(row.address)
