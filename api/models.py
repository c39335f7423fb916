"""What was answered to a request, kept for a while, so that asking again is answered alike."""

from django.db import models


class Answer(models.Model):
    """One Idempotency-Key of one person. ``fingerprint`` is a keyed digest of the request.

    ``sealed`` holds status, headers and body of the answer under the organisation's key; it is empty
    while the request is being worked on.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    fingerprint = models.CharField(max_length=64)
    begun_at = models.DateTimeField(db_index=True)
    sealed = models.TextField(blank=True, default="")

    class Meta:
        default_permissions = ()
