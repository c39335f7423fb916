"""Lawyers the organisation works with."""

import datetime

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.actors import Actor
from audit.tracked import Tracked, TrackedManager, TrackedQuerySet
from vault.fields import SealedField


class LawyerQuerySet(TrackedQuerySet["Lawyer"]):
    def visible_to(self, actor: Actor) -> "LawyerQuerySet":
        """The panel for those who work with it; for a lawyer, themselves; for others nobody."""
        if not isinstance(actor, User):
            return self.none()
        if actor.has("lawyers.see"):
            return self.all()
        return self.filter(user=actor)

    def on_panel(self) -> "LawyerQuerySet":
        """Those who take cases now."""
        return self.filter(is_active=True)

    def covering(self, region: str) -> "LawyerQuerySet":
        """Known to appear in this region."""
        return self.filter(_rows("Coverage", region=region))

    def licensed(self, on: datetime.date) -> "LawyerQuerySet":
        """With an active licence on this day, and no entry that says otherwise."""
        in_force = models.Q(from_on__lte=on) & (models.Q(until_on=None) | models.Q(until_on__gte=on))
        active = models.Q(status="active")
        return self.filter(_rows("Licence", in_force & active), ~_rows("Licence", in_force & ~active))

    def licence_unknown(self) -> "LawyerQuerySet":
        """Nobody has said anything about a licence: ask."""
        return self.filter(~_rows("Licence"))


def _rows(model: str, *conditions: models.Q, **equal: str) -> models.Exists:
    rows = apps.get_model("lawyers", model).objects.filter(*conditions, lawyer=models.OuterRef("pk"), **equal)
    return models.Exists(rows)


class Lawyer(Tracked):
    """A lawyer of the panel. Identity is sealed under the lawyer's own key; others see ``code_name``.

    ``channel`` says how they may be reached: by relay a coordinator speaks on a safe line and records
    what was said; the portal is for lawyers outside the country only. ``languages`` are codes separated
    by spaces; empty means unknown, so ask. ``risks`` are kinds of case the lawyer will not take.
    """

    class Channel(models.TextChoices):
        RELAY = "relay", _("A coordinator speaks and records")
        PORTAL = "portal", _("Portal, from abroad")
        NONE = "none", _("No contact")

    code_name = models.CharField(max_length=40, unique=True)
    name = SealedField(label="lawyer.name", blank=True, default="")
    latin_name = SealedField(label="lawyer.latin_name", blank=True, default="")
    contact = SealedField(label="lawyer.contact", blank=True, default="")
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.RELAY)
    languages = models.CharField(max_length=60, blank=True, default="")
    risks = models.CharField(max_length=200, blank=True, default="")
    is_active = models.BooleanField(default=True)
    user = models.OneToOneField(User, models.PROTECT, null=True, related_name="lawyer")

    objects = TrackedManager.from_queryset(LawyerQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["code_name"]
        constraints = [
            models.CheckConstraint(
                name="lawyers_channel_known", condition=models.Q(channel__in=["relay", "portal", "none"])
            ),
            models.CheckConstraint(
                name="lawyers_account_by_portal", condition=models.Q(user=None) | models.Q(channel="portal")
            ),
        ]

    def __str__(self) -> str:
        return self.code_name
