"""The closed lists of papers and talks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentKind(models.TextChoices):
    """What a paper is."""

    INDICTMENT = "indictment", _("Charge or indictment")
    VERDICT = "verdict", _("Verdict or ruling")
    PROTOCOL = "protocol", _("Record of a hearing or a search")
    COMPLAINT = "complaint", _("Complaint or appeal")
    ANSWER = "answer", _("Answer of an authority")
    MEDICAL = "medical", _("Medical paper")
    LETTER = "letter", _("Letter")
    AUTHORITY = "authority", _("Signed authority")
    OTHER = "other", _("Another paper")


class Way(models.TextChoices):
    """How people talked."""

    SAFE_LINE = "safe-line", _("Safe line")
    MESSAGE = "message", _("Message")
    PERSON = "person", _("In person")
    LETTER = "letter", _("Letter")
    OTHER = "other", _("Another way")


class BoundBy(models.TextChoices):
    """Who signed that nothing is to be told."""

    CLIENT = "client", _("The client")
    COUNSEL = "counsel", _("Counsel")
    WITNESS = "witness", _("A witness")
