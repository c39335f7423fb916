"""Who may see money: the books are one room, open to those with the permission ``money.see``."""

from typing import Protocol, Self, TypeVar

from django.db import models

from audit.tracked import TrackedQuerySet

M = TypeVar("M", bound=models.Model)


class Viewer(Protocol):
    """Somebody signed in, whose role may carry a permission."""

    def has(self, permission: str) -> bool: ...


class MoneyQuerySet(TrackedQuerySet[M]):
    """Rows of the treasury; strangers find nothing."""

    def visible_to(self, actor: Viewer) -> Self:
        return self if actor.has("money.see") else self.none()
