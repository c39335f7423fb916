"""The next hearing of each case, kept beside it so that long lists can be ordered by it."""

import datetime

from django.db import models

from cases.models.court import Case

# Stands where no hearing is scheduled: such cases come last.
NEVER = datetime.datetime(9999, 12, 31, tzinfo=datetime.UTC)


class NextHearing(models.Model):
    """The earliest hearing of a case that is still scheduled, or NEVER.

    Triggers keep it from the hearings and defendants, whatever writes them. One that has begun stays here
    until somebody says what came of it.
    """

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="next_hearing")
    starts_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["starts_at", "case"], name="cases_next_hearing_order")]
