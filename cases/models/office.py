"""The office: what somebody has to do, and what was written down."""

import datetime
import uuid

from django.db import models
from django.db.models import Q

from accounts.models import User
from audit.actors import Actor
from audit.tracked import Tracked, TrackedManager, TrackedQuerySet
from cases.models.court import Case
from cases.models.people import Client
from vault.fields import SealedField
from vault.keys import ORGANISATION


class TaskQuerySet(TrackedQuerySet["Task"]):
    """Adjectives for tasks."""

    def visible_to(self, actor: Actor, at: datetime.datetime) -> "TaskQuerySet":
        """One's own, and those of cases one may open."""
        if not isinstance(actor, User):
            return self.none()
        return self.filter(Q(owner=actor) | Q(case__in=Case.objects.open_to(actor, at)))

    def open(self) -> "TaskQuerySet":
        return self.filter(done_at=None)


class Task(Tracked):
    """Something to do, by somebody, until a day. Its text is sealed for the client it is about, if any."""

    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="tasks")
    client = models.ForeignKey(Client, models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(User, models.PROTECT, related_name="tasks")
    due_on = models.DateField(null=True, blank=True)
    text = SealedField(label="task.text", subject="subject_id")
    done_at = models.DateTimeField(null=True, blank=True)

    objects = TrackedManager.from_queryset(TaskQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["owner", "done_at", "due_on"], name="cases_task_open")]
        constraints = [
            models.CheckConstraint(
                name="cases_task_client_of_case",
                condition=Q(case=None, client=None) | Q(case__isnull=False, client__isnull=False),
            )
        ]

    @property
    def subject_id(self) -> uuid.UUID:
        """Whose key seals the text."""
        return self.client_id or ORGANISATION


class Note(Tracked):
    """What somebody wrote down about a case; sealed with the client's key.

    ``is_public``: it was published before, so that a non-disclosure does not cover it.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="notes")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    text = SealedField(label="note.text", subject="client_id")
    is_public = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=60)

    class Meta(Tracked.Meta):
        ordering = ["-written_at"]
