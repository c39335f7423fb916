"""The files that prove a claim."""

from django.db import models

from audit.tracked import AppendOnly
from treasury.models.claims import Claim
from vault.models import SealedFile


class VoucherFile(AppendOnly):
    """One sealed file of a claim's voucher. Its digests stay in the log when the file itself is erased.

    ``sha256`` is of the file as it came, so that whoever holds the original can show that it is the one;
    ``kept_sha256`` of what was kept once its metadata was taken out.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="voucher_files")
    file = models.OneToOneField(SealedFile, models.PROTECT, related_name="voucher")
    sha256 = models.CharField(max_length=64)
    kept_sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=60)

    class Meta(AppendOnly.Meta):
        ordering = ["added_at", "id"]
        constraints = [
            models.UniqueConstraint(name="voucher_file_once_a_claim", fields=["claim", "sha256"]),
        ]
