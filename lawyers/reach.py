"""How many lawyers' names an account could read."""

import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lawyers.models import Lawyer

WORD = _("Lawyers with names and contacts")


def count(user: User, at: datetime.datetime) -> int:
    """For accounts.blast."""
    return int(Lawyer.objects.visible_to(user).count())
