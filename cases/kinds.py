"""The closed lists of this room, each with the words people read."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Precision(models.TextChoices):
    """How exactly a date is known; BY means on that day or before it."""

    DAY = "day", _("to the day")
    MONTH = "month", _("to the month")
    YEAR = "year", _("to the year")
    BY = "by", _("by that day")


class ClientKind(models.TextChoices):
    """Who asks for help."""

    DETAINEE = "detainee", _("Detained or charged")
    FAMILY = "family", _("Family member")
    ORGANISER = "organiser", _("Volunteer or organiser")
    LAWYER = "lawyer", _("Lawyer under pressure")
    RELEASED = "released", _("Released or in exile")
    MINOR = "minor", _("A minor, through a guardian")
    FOREIGNER = "foreigner", _("A foreigner, or without citizenship")
    BEREAVED = "bereaved", _("Family of somebody who died")


class AuthorityKind(models.TextChoices):
    """What may be done."""

    REPRESENT = "represent", _("Represent")
    PAY = "pay", _("The organisation may pay")
    COUNSEL_REPORTS = "counsel-reports", _("Counsel may report to us")
    PUBLISH_CODED = "publish-coded", _("Publish under a code name")
    PUBLISH_NAME = "publish-name", _("Publish the name")
    STORY = "story", _("Publish the story")
    LETTERS = "letters", _("Publish the letters address")
    SHARE = "share-with-body", _("Share with a named body")
    CONTACT_FAMILY = "contact-family", _("Contact the family")


class Basis(models.TextChoices):
    """How it was given."""

    SPOKEN = "spoken", _("Spoken")
    MESSAGE = "message", _("Message")
    WRITTEN = "written", _("Signed paper")
    ATTORNEY = "attorney", _("Power of attorney")


class Relation(models.TextChoices):
    """Who gave it, seen from the client."""

    SELF = "self", _("The client")
    SPOUSE = "spouse", _("Spouse or partner")
    PARENT = "parent", _("Parent")
    CHILD = "child", _("Child")
    SIBLING = "sibling", _("Brother or sister")
    RELATIVE = "relative", _("Another relative")
    FRIEND = "friend", _("Friend or colleague")
    COUNSEL = "counsel", _("Counsel")


class CaseKind(models.TextChoices):
    """Which law's course the case follows."""

    CRIMINAL = "criminal", _("Criminal")
    ADMINISTRATIVE = "administrative", _("Administrative")
    REGIME = "regime", _("Prison regime")
    REMEDY = "remedy", _("Remedy after conviction")
    AFTER_RELEASE = "after-release", _("After release")


class Urgency(models.TextChoices):
    """How soon somebody must act."""

    ORDINARY = "ordinary", _("Ordinary")
    SOON = "soon", _("Soon")
    URGENT = "urgent", _("Urgent")


class Confidentiality(models.TextChoices):
    """Restricted cases are in nobody's list without a grant."""

    NORMAL = "normal", _("Normal")
    RESTRICTED = "restricted", _("Restricted")


class CaseStatus(models.TextChoices):
    """The organisation's own view; the court's is the stage."""

    RECEIVED = "received", _("Received")
    VERIFIED = "verified", _("Verified")
    ELIGIBLE = "eligible", _("Eligible")
    NOT_ELIGIBLE = "not-eligible", _("Not eligible")
    DUPLICATE = "duplicate", _("Duplicate")
    SEEKING = "seeking-counsel", _("Seeking counsel")
    REPRESENTED = "represented", _("Represented")
    CLOSED = "closed", _("Closed")
    REOPENED = "reopened", _("Reopened")


class ClosingReason(models.TextChoices):
    """Why a case was closed."""

    ENDED = "ended", _("The proceedings have ended")
    RELEASED = "released", _("Released")
    WITHDRAWN = "withdrawn", _("The client withdrew")
    LOST_CONTACT = "lost-contact", _("No contact any more")
    TAKEN_OVER = "taken-over", _("Another organisation defends")
    DUPLICATE = "duplicate", _("Recorded twice")
    DIED = "died", _("The client died")


class Source(models.TextChoices):
    """Where a fact is known from; never a person's name."""

    CLIENT = "client", _("The client")
    FAMILY = "family", _("The family")
    COUNSEL = "counsel", _("Counsel")
    MONITOR = "monitor", _("A monitor's list")
    MEDIA = "media", _("Media")
    COURT = "court", _("The court")
    DOCUMENT = "document", _("A document")
    OTHER = "other", _("Another source")


class Reliability(models.TextChoices):
    """How sure the fact is."""

    CONFIRMED = "confirmed", _("Confirmed")
    PROBABLE = "probable", _("Probable")
    UNCONFIRMED = "unconfirmed", _("Unconfirmed")


class Instance(models.TextChoices):
    """One court's proceedings."""

    FIRST = "first", _("First instance")
    APPEAL = "appeal", _("Appeal")
    CASSATION = "cassation", _("Cassation")
    SUPERVISORY = "supervisory", _("Supervisory review")


class DefendedBy(models.TextChoices):
    """Who defends in a trial, or why nobody does."""

    UNKNOWN = "unknown", _("Not known")
    PANEL = "panel", _("Our panel")
    OWN = "own", _("Own counsel")
    APPOINTED = "appointed", _("Appointed")
    NONE = "none", _("Nobody")
    REFUSED = "refused-access", _("Refused access")
    DECLINED = "declined", _("Declined by the client")


class Plea(models.TextChoices):
    """What the defendant pleaded."""

    UNKNOWN = "unknown", _("Not known")
    NOT_GUILTY = "not-guilty", _("Not guilty")
    PARTLY = "partly", _("Partly")
    GUILTY = "guilty", _("Guilty")


class Verdict(models.TextChoices):
    """How the court decided; empty while it has not."""

    CONVICTED = "convicted", _("Convicted")
    ACQUITTED = "acquitted", _("Acquitted")
    TERMINATED = "terminated", _("Terminated")
    TREATMENT = "treatment", _("Compulsory treatment")
    UPHELD = "upheld", _("Upheld on appeal")
    CHANGED = "changed", _("Changed on appeal")


class HearingKind(models.TextChoices):
    """What the sitting is for."""

    TRIAL = "trial", _("Trial")
    REMAND = "remand", _("Remand")
    PRELIMINARY = "preliminary", _("Preliminary")
    VERDICT = "verdict", _("Judgment")
    APPEAL = "appeal", _("Appeal")
    OTHER = "other", _("Other")


class HearingStatus(models.TextChoices):
    """scheduled -> held, adjourned or cancelled; the last three are ends."""

    SCHEDULED = "scheduled", _("Scheduled")
    HELD = "held", pgettext_lazy("hearing", "Held")
    ADJOURNED = "adjourned", _("Adjourned")
    CANCELLED = "cancelled", _("Cancelled")


class HearingOutcome(models.TextChoices):
    """What came of a sitting that was held."""

    CONTINUES = "continues", _("Continues on another day")
    JUDGMENT = "judgment", _("Judgment given")
    DETENTION_EXTENDED = "detention-extended", _("Detention extended")
    RELEASED = "released", _("Released")
    RETURNED = "returned", _("Sent back to the prosecutor")
    UNKNOWN = "unknown", _("Held, outcome not known")


class Role(models.TextChoices):
    """What a lawyer does in a case."""

    LEAD = "lead", _("Lead")
    SECOND = "second", _("Second")
    VISIT = "visit", _("Visit")
    APPEAL = "appeal", _("Appeal")


class CounselSource(models.TextChoices):
    """How counsel was found."""

    MATCH = "match", _("Our match")
    OWN = "own", _("Own counsel of the family")
    APPOINTED = "appointed", _("Appointed")


class EpisodeState(models.TextChoices):
    """offered -> accepted -> active -> ended; or declined, lapsed, withdrawn."""

    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    ACTIVE = "active", _("Active")
    ENDED = "ended", _("Ended")
    DECLINED = "declined", _("Declined")
    LAPSED = "lapsed", _("Lapsed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


DEFENDING = (EpisodeState.ACCEPTED, EpisodeState.ACTIVE)
LIVE = (EpisodeState.OFFERED, *DEFENDING)


class EpisodeReason(models.TextChoices):
    """Why an offer or a representation ended."""

    OTHER_HEARING = "other-hearing", _("Another hearing")
    TOO_FAR = "too-far", _("Too far")
    TOO_RISKY = "too-risky", _("Too much risk")
    CONFLICT = "conflict", _("Conflict: excluded for good")
    NOT_SAID = "not-said", _("Did not say")
    NO_ANSWER = "no-answer", _("No answer in time")
    SOMEBODY_ELSE = "somebody-else", _("Somebody else accepted first")
    FINISHED = "finished", _("The work is done")
    CLIENT_CHANGED = "client-changed", _("The client chose other counsel")
    LICENCE_LOST = "licence-lost", _("Licence lost")
    ARRESTED = "arrested", _("The lawyer was arrested")
    WITHDREW = "withdrew", _("The lawyer laid the case down")
    REFUSED = "refused-access", _("The court or prison refused the lawyer")
    CASE_CLOSED = "case-closed", _("The case was closed")
    MISTAKE = "mistake", _("Recorded by mistake")


class LossKind(models.TextChoices):
    """How a lawyer is lost to the panel."""

    REVOKED = "revoked", _("The licence was revoked")
    REFUSED = "attestation-refused", _("The attestation was refused")
    SUSPENDED = "suspended", _("The licence is suspended, and no end is known")
    ARRESTED = "arrested", _("The lawyer was arrested")
    LEFT = "left", _("The lawyer left: emigrated, or stopped")


DECLINE_REASONS = (
    EpisodeReason.OTHER_HEARING,
    EpisodeReason.TOO_FAR,
    EpisodeReason.TOO_RISKY,
    EpisodeReason.CONFLICT,
    EpisodeReason.NOT_SAID,
)


class ReportedVia(models.TextChoices):
    """How the word reached us."""

    PHONE = "phone", _("Phone")
    MESSAGE = "message", _("Message")
    PERSON = "person", _("In person")
    FAMILY = "family", _("Through the family")
    PORTAL = "portal", _("Portal")


class PaidBy(models.TextChoices):
    """Who pays counsel."""

    ORGANISATION = "organisation", _("We do")
    FAMILY = "family", _("The family")
    STATE = "state", _("The state")
    NOBODY = "nobody", _("Nobody")


class SignedBy(models.TextChoices):
    """Who signed the agreement for legal help."""

    CLIENT = "client", _("The client")
    RELATIVE = "relative", _("A relative")
    ORGANISATION = "organisation", _("The organisation")


class WarrantState(models.TextChoices):
    """Whether the court or prison took the lawyer's warrant."""

    FILED = "filed", _("Filed")
    ADMITTED = "admitted", _("Admitted")
    REFUSED = "refused", _("Refused")


class ExclusionKind(models.TextChoices):
    """Why a lawyer never defends a client."""

    CONFLICT = "conflict", _("Declined for conflict")
    VETO = "veto", _("The client does not want this lawyer")


class Decision(models.TextChoices):
    """What a human made of a proposal."""

    OPEN = "open", _("Not decided")
    ACCEPTED = "accepted", _("Accepted: to be asked")
    REFUSED = "refused", _("Refused")
    REPLACED = "replaced", _("Somebody else chosen")
