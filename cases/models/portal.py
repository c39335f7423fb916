"""What a lawyer abroad opened through the portal before they answered."""

import uuid

from django.db import models

from audit.tracked import AppendOnly
from cases.models.counsel import Representation


class PartiesOpened(AppendOnly):
    """The lawyer asked for the names, to look for a conflict of their own. Once for each offer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    representation = models.OneToOneField(Representation, models.PROTECT, related_name="parties_opened")
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=60)
