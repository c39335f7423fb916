"""What people outside write to us: requests for help, and feedback about a case; each behind a code."""

import datetime

from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Grant, User
from audit.actors import Actor
from audit.tracked import Tracked, TrackedManager, TrackedQuerySet
from cases.models.case_lists import GRANT_KIND
from cases.models.court import Case
from cases.models.people import Client
from vault.fields import SealedField


class HelpState(models.TextChoices):
    """All that the code shows: coarse, because the code may be found on a searched phone."""

    WAITING = "waiting", _("Waiting to be read")
    ASKED = "asked", _("We ask you for something")
    TAKEN = "taken", _("Somebody is working on it")
    REFUSED = "refused", _("We cannot help here")


class HelpAnswer(models.TextChoices):
    """The sentences that the office may answer with; they name nobody and nothing."""

    MORE = "more", _("Please write more: what happened, to whom, and when.")
    REACH = "reach", _("We could not reach you. Please write another way.")
    WILL_REACH = "will-reach", _("We will reach you in the way you wrote.")
    NOT_OURS = "not-ours", _("We find lawyers for people prosecuted for politics. This is something else.")
    KNOWN = "known", _("We know of this already and are working on it.")
    FULL = "full", _("We cannot take on more at this time. Please ask other organisations too.")
    NOT_SERIOUS = "not-serious", _("We did not understand this as a request for help.")


ASKING = (HelpAnswer.MORE, HelpAnswer.REACH)
REFUSING = (HelpAnswer.NOT_OURS, HelpAnswer.KNOWN, HelpAnswer.FULL, HelpAnswer.NOT_SERIOUS)


class HelpRequestQuerySet(TrackedQuerySet["HelpRequest"]):
    """Adjectives for requests."""

    def visible_to(self, actor: Actor, at: datetime.datetime) -> "HelpRequestQuerySet":
        """Those who take in cases see all of them; what was taken up, only who may open the case."""
        if not isinstance(actor, User) or not actor.has("cases.open"):
            return self.none()
        return self.filter(Q(case=None) | Q(case__in=Case.objects.open_to(actor, at).order_by().values("id")))

    def undecided(self) -> "HelpRequestQuerySet":
        """Neither taken up nor refused."""
        return self.filter(case=None, decided_at=None)

    def to_read(self) -> "HelpRequestQuerySet":
        """Undecided ones, and others to which something was added since; the soonest day in court first.

        Adds ``unread``, the number of notes that nobody has read.
        """
        counted = self.annotate(unread=Count("notes", filter=Q(notes__read_at=None)))
        found = counted.filter(Q(decided_at=None) | Q(unread__gt=0))
        return found.order_by(F("hearing_on").asc(nulls_last=True), "asked_at", "id")


class HelpRequest(Tracked):
    """Somebody asks for help on the public page. Its own id is the vault subject until it is forgotten.

    ``language`` is the page's. ``hearing_on`` sorts the list, so it is plain. Once taken up, the words live
    on under the client's key, and these here are forgotten by the table of retention.
    """

    code_digest = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=8)
    name = SealedField(label="help.name", blank=True, default="")
    contact = SealedField(label="help.contact")
    words = SealedField(label="help.words")
    hearing_on = models.DateField(null=True, blank=True)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=HelpState, default=HelpState.WAITING)
    answer = models.CharField(max_length=12, choices=HelpAnswer, blank=True, default="")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="help_requests")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=60, blank=True, default="")

    objects = TrackedManager.from_queryset(HelpRequestQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["asked_at", "id"]
        indexes = [models.Index(fields=["decided_at", "asked_at"], name="cases_help_waiting")]
        constraints = [
            models.CheckConstraint(
                name="cases_help_state_whole",
                condition=Q(state="waiting", case=None, decided_at=None, answer="")
                | Q(state="asked", case=None, decided_at=None) & ~Q(answer="")
                | Q(state="taken", case__isnull=False, decided_at__isnull=False)
                | Q(state="refused", case=None, decided_at__isnull=False) & ~Q(answer=""),
            ),
            models.CheckConstraint(
                name="cases_help_decided_by_somebody",
                condition=Q(decided_at=None, decided_by="") | Q(decided_at__isnull=False) & ~Q(decided_by=""),
            ),
        ]


class HelpNote(Tracked):
    """What the one who asked added later, by the code. ``subject_id`` is the client once there is one."""

    request = models.ForeignKey(HelpRequest, models.PROTECT, related_name="notes")
    subject_id = models.UUIDField()
    text = SealedField(label="help.note", subject="subject_id")
    written_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta(Tracked.Meta):
        ordering = ["written_at", "id"]


class FeedbackCode(Tracked):
    """A code that a client or a relative was given, to say what they think of how a case is worked on."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="feedback_codes")
    code_digest = models.CharField(max_length=64, unique=True)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=60)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(Tracked.Meta):
        ordering = ["-given_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="cases_feedback_code_ends_later",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("given_at")),
            )
        ]


class FeedbackKind(models.TextChoices):
    """What somebody writes."""

    COMPLAINT = "complaint", _("A complaint")
    WISH = "wish", _("Something could be better")
    THANKS = "thanks", _("Something went well")


class FeedbackQuerySet(TrackedQuerySet["Feedback"]):
    """Adjectives for feedback."""

    def visible_to(self, actor: Actor, at: datetime.datetime) -> "FeedbackQuerySet":
        """For those who answer it, and never for whoever is responsible for that case, or its deputy."""
        if not isinstance(actor, User) or not actor.has("feedback.answer"):
            return self.none()
        own = Grant.objects.filter(user=actor, object_kind=GRANT_KIND, kind__in=["responsible", "deputy"])
        return self.exclude(case__in=own.values("object_id"))

    def open(self) -> "FeedbackQuerySet":
        return self.filter(closed_at=None)


class Feedback(Tracked):
    """What a client or a relative thinks; it goes past the case's coordinator. Sealed with the client's key.

    ``answer`` is shown to whoever comes back with the code. The log names no case: a coordinator who reads
    the case's history does not learn that there was a complaint.
    """

    code = models.ForeignKey(FeedbackCode, models.PROTECT, related_name="feedback")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=FeedbackKind)
    words = SealedField(label="feedback.words", subject="client_id")
    sent_at = models.DateTimeField()
    answer = SealedField(label="feedback.answer", subject="client_id", blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=60, blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = TrackedManager.from_queryset(FeedbackQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["sent_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="cases_feedback_answered_whole",
                condition=Q(answered_at=None, answered_by="")
                | Q(answered_at__isnull=False, answered_at__gte=F("sent_at")) & ~Q(answered_by=""),
            ),
            # A complaint is answered before it is closed; thanks may be closed at once.
            models.CheckConstraint(
                name="cases_complaint_answered_first",
                condition=Q(closed_at=None) | ~Q(kind="complaint") | Q(answered_at__isnull=False),
            ),
        ]
