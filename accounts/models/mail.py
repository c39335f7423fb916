"""Letters on their way out, and where colleagues want to hear that something waits for them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from audit.tracked import Tracked
from vault.fields import SealedField


class MailQuerySet(models.QuerySet["Mail"]):
    def on_the_way(self) -> "MailQuerySet":
        """Letters that may still leave."""
        return self.filter(state__in=[Mail.State.HELD, Mail.State.WAITING, Mail.State.SENDING])


class Mail(models.Model):
    """One letter that waits for the relay. It is deleted, and its key destroyed, once the relay has it.

    ``letter`` names its words (accounts/outbox/letters.py). Its address stands here, sealed under a key that
    this letter alone has (its own id), or ``recipient`` names the kind of people whose room knows the
    address of ``about_id`` when the letter leaves. ``secret`` is what only the words of this letter say, such
    as a code. ``about_id`` is the person with whom it is erased, ``occasion_id`` the thing it is about.
    """

    class State(models.TextChoices):
        HELD = "held", _("Waits for what it tells of")
        WAITING = "waiting", _("Waits for the relay")
        SENDING = "sending", _("Being handed over")
        LOST = "lost", _("Broken off while it was handed over; not sent again")
        REFUSED = "refused", _("The relay refused it")

    id = models.UUIDField(primary_key=True, editable=False)
    letter = models.CharField(max_length=40)
    language = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=State, db_index=True)
    recipient = models.CharField(max_length=20, blank=True, default="")
    about_id = models.UUIDField(null=True, blank=True, db_index=True)
    occasion_id = models.UUIDField(null=True, blank=True, db_index=True)
    address = SealedField(label="mail.address", null=True, blank=True)
    secret = SealedField(label="mail.secret", null=True, blank=True)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(db_index=True)
    not_after_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    objects = MailQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["next_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="mail_has_one_address",
                condition=Q(state__in=["lost", "refused"], address=None, secret=None)
                | Q(state__in=["held", "waiting", "sending"], recipient="", address__isnull=False)
                | Q(state__in=["held", "waiting", "sending"], address=None, about_id__isnull=False)
                & ~Q(recipient=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.id}"


class NoticeAddress(Tracked):
    """Where a colleague wants to hear "You have a message"; sealed under their own key, and never shown."""

    user = models.OneToOneField(User, models.PROTECT, related_name="notice_address")
    address = SealedField(label="notice.address", subject="user_id", null=True, blank=True)
    language = models.CharField(max_length=8)

    class Meta(Tracked.Meta):
        pass
