"""What a lawyer abroad opened through the portal before they answered."""

import uuid

from django.db import models

from audit.tracked import AppendOnly
from cases.models.counsel import Representation
from lawyers.models import Lawyer
from treasury.models import Payee


class PartiesOpened(AppendOnly):
    """The lawyer asked for the names, to look for a conflict of their own. Once for each offer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    representation = models.OneToOneField(Representation, models.PROTECT, related_name="parties_opened")
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=60)


class CounselPayee(AppendOnly):
    """Where a lawyer abroad is paid, as they said with their first claim; sealed as the payee's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lawyer = models.OneToOneField(Lawyer, models.PROTECT, related_name="paid_as")
    payee = models.OneToOneField(Payee, models.PROTECT, related_name="counsel")
    known_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=60)
