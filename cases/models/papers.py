"""Papers of a case, talks about it, and what may not be told."""

from django.db import models
from django.db.models import F, Q

from cases import kinds
from cases.models.circumstances import Entry
from cases.papers import BoundBy, DocumentKind, Way
from vault.fields import SealedField
from vault.models import SealedFile


class CaseDocument(Entry):
    """One sealed file of a case; ``title`` is sealed too. ``is_public``: it was published before.

    ``sha256`` is of the file as it came, ``kept_sha256`` of what was kept without its metadata.
    """

    kind = models.CharField(max_length=12, choices=DocumentKind)
    dated_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=10, choices=kinds.Source)
    is_public = models.BooleanField(default=False)
    title = SealedField(label="document.title", subject="client_id", blank=True, default="")
    file = models.OneToOneField(SealedFile, models.PROTECT, related_name="case_document")
    sha256 = models.CharField(max_length=64)
    kept_sha256 = models.CharField(max_length=64)

    class Meta(Entry.Meta):
        constraints = [
            models.UniqueConstraint(
                name="cases_document_once", fields=["case", "sha256"], condition=Q(struck_at=None)
            )
        ]


class Contact(Entry):
    """One talk about a case: with whom and what was said is sealed. ``inward``: they turned to us."""

    happened_at = models.DateTimeField()
    way = models.CharField(max_length=10, choices=Way)
    relation = models.CharField(max_length=12, choices=kinds.Relation)
    inward = models.BooleanField(default=True)
    is_public = models.BooleanField(default=False)
    said = SealedField(label="contact.said", subject="client_id")

    class Meta(Entry.Meta):
        ordering = ["-happened_at", "id"]


class NonDisclosure(Entry):
    """Somebody signed to tell nothing of the proceedings. While it lives, only what is public is kept.

    A trigger refuses papers, talks, testimonies and notes that are not marked as public.
    """

    bound = models.CharField(max_length=8, choices=BoundBy)
    signed_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta(Entry.Meta):
        ordering = ["-signed_on", "id"]
        constraints = [
            models.UniqueConstraint(
                name="cases_nondisclosure_once",
                fields=["case", "bound"],
                condition=Q(ended_on=None, struck_at=None),
            ),
            models.CheckConstraint(
                name="cases_nondisclosure_in_order",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("signed_on")),
            ),
        ]
