"""Fills the vault's port: each reading of sealed values becomes a row that stays."""

from django.db import transaction
from django.utils import timezone

from audit.checkpoints import order
from audit.models import ReadRecord, ReadSubject
from vault.reading import Reading


def record(opened: Reading) -> None:
    """Commit who read which fields of whom, and why."""
    with transaction.atomic():
        order.share_readings()
        row = ReadRecord.objects.create(at=timezone.now(), actor_id=opened.actor_id, purpose=opened.purpose)
        ReadSubject.objects.bulk_create(
            ReadSubject(read=row, subject_id=subject_id, fields=" ".join(sorted(labels)))
            for subject_id, labels in opened.opened.items()
        )
