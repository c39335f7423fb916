"""The key store (its own database, alias ``keys``) and the indexes over sealed values."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SubjectKey(models.Model):
    """The data key of one person, wrapped by a key-encryption key.

    Lives in the ``keys`` database alone, so that a copy of the main database opens nothing.
    Deleting the row is the erasure of the person: no copy of their data can be read again.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    kek_id = models.CharField(max_length=20)
    wrapped = models.BinaryField()

    class Meta:
        default_permissions = ()


class IndexEntry(models.Model):
    """One keyed digest by which a sealed value can be found; deleted at erasure.

    ``kind`` names what was indexed (``client.name``); digests of names are truncated, so a hit is
    only ever a candidate.
    """

    kind = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    subject_id = models.UUIDField(db_index=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["kind", "digest"], name="vault_index_lookup")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "digest", "subject_id"], name="vault_index_once")
        ]


class SealedFile(models.Model):
    """A file about a person, sealed under their key; the file itself lies under ``FILES_DIR``.

    Its own name is never kept. ``steps`` is its length in steps of 16 KiB. The tracked row that points here
    binds its digest to the log; this row only finds the file, and says when it was deleted.
    """

    class Type(models.TextChoices):
        PDF = "pdf", "PDF"
        JPEG = "jpeg", "JPEG"
        PNG = "png", "PNG"
        TEXT = "text", _("Text")

    id = models.UUIDField(primary_key=True, editable=False)
    subject_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=20)
    type = models.CharField(max_length=4, choices=Type)
    steps = models.PositiveIntegerField()
    stored_at = models.DateTimeField()
    stored_by = models.CharField(max_length=60)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()

    @property
    def most_bytes(self) -> int:
        """The length of the file at most; the true one is sealed inside."""
        return self.steps * 16 * 1024
