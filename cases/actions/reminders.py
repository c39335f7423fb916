"""The morning's letters: "you have a message", to those whose worklist has something that presses."""

import datetime

from accounts.outbox.posting import tell_staff
from audit.actions import action, fact
from audit.actors import Actor
from cases import reminders


@action("reminders.posted")
def remind(*, by: Actor, at: datetime.datetime) -> int:
    """Tell each colleague at most once, whatever is due; to how many a letter goes. It names nothing."""
    told = tell_staff(reminders.answering_for(reminders.cases_due(at), at), at=at)
    fact(told=told)
    return told
