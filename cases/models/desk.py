"""What the desk keeps for one colleague alone: filters of lists by a name, intakes that were not finished."""

import datetime
from typing import Any

from django.db import models

from accounts.models import User
from audit.actors import Actor
from audit.tracked import Tracked, TrackedManager, TrackedQuerySet
from vault.fields import SealedField


class OwnQuerySet(TrackedQuerySet[Any]):
    """Adjectives for what belongs to one person."""

    def visible_to(self, actor: Actor, at: datetime.datetime) -> Any:
        """One's own."""
        return self.filter(owner=actor) if isinstance(actor, User) else self.none()


class SavedFilter(Tracked):
    """Filters of the list of cases under a name of one's own, which is sealed: it may say anything.

    ``query`` holds codes of closed lists only, as the form of the filters cleaned them.
    """

    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = SealedField(label="filter.name", subject="owner_id")
    query = models.CharField(max_length=300)
    kept_at = models.DateTimeField()

    objects = TrackedManager.from_queryset(OwnQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["kept_at", "id"]
        constraints = [models.UniqueConstraint(name="cases_filter_once", fields=["owner", "query"])]


class IntakeDraft(Tracked):
    """An intake that was sent and not finished, sealed with a key of its own that ends with it.

    ``form_digest`` is of the token of the page it was typed on: the same page sent again is the same draft.
    ``values`` are the answers as they were typed, by the names of the fields; what history keeps of them
    is closed with the key.
    """

    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    form_digest = models.CharField(max_length=64)
    values = SealedField(label="draft.values", default=dict)
    kept_at = models.DateTimeField()

    objects = TrackedManager.from_queryset(OwnQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["-kept_at", "id"]
        constraints = [models.UniqueConstraint(name="cases_draft_once", fields=["owner", "form_digest"])]
