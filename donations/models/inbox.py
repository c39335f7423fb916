"""Hints from Stripe that something changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HintQuerySet(models.QuerySet["Hint"]):
    def waiting(self) -> "HintQuerySet":
        """Stored and not yet followed."""
        return self.filter(state=Hint.State.NEW).order_by("received_at", "id")


class Hint(models.Model):
    """A webhook event as far as it is believed: which object changed. Its body is not kept.

    What is learnt by following it is recorded as facts; this row only says that it was followed.
    """

    class State(models.TextChoices):
        NEW = "new", _("Waiting")
        DONE = "done", _("Followed")
        IGNORED = "ignored", _("Not for us")

    id = models.CharField(max_length=120, primary_key=True)
    type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=120)
    received_at = models.DateTimeField(db_index=True)
    state = models.CharField(max_length=8, choices=State, default=State.NEW, db_index=True)
    tries = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=80, blank=True, default="")

    objects = HintQuerySet.as_manager()

    class Meta:
        default_permissions = ()
