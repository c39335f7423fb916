"""The treasurer's words on why a grant's line differs from its plan."""

import datetime

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from reports.models import Explanation
from treasury.models import GrantLine

MOST = 500


class NothingSaid(DomainError):
    code = "explanation-empty"
    message = _("Write in a sentence or two why the line differs from its plan.")


class TooLong(DomainError):
    code = "explanation-too-long"
    message = _("The explanation is longer than %(most)s characters. Shorten it.")


@action("grant.variance_explained")
def explain_variance(
    *, line: GrantLine, ends_on: datetime.date, text: str, by: Actor, at: datetime.datetime
) -> Explanation:
    """Say why a line differs, in reports that end on this day; a later one takes its place.

    Reports issued before keep what they said. Raises NothingSaid, TooLong.
    """
    words = " ".join(text.split())
    if not words:
        raise NothingSaid()
    if len(words) > MOST:
        raise TooLong(most=MOST)
    said = Explanation(line=line, ends_on=ends_on, text=words, written_at=at, written_by=by.actor_id)
    said.save()
    touch(line.grant.fund_id)
    fact(line=line.number, ends_on=ends_on.isoformat())
    return said
