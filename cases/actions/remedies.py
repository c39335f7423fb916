"""Asking other bodies for a remedy."""

import datetime
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from cases.deadlines.remedies import WHY_CLOSED, remedies
from cases.deadlines.words import Body, Category, FilingState
from cases.models import Case, RemedyFiling

OVER = (FilingState.DECIDED, FilingState.REFUSED, FilingState.WITHDRAWN)
NEXT = {
    FilingState.PREPARING: (FilingState.FILED, FilingState.WITHDRAWN),
    FilingState.FILED: (
        FilingState.COMMUNICATED,
        FilingState.DECIDED,
        FilingState.REFUSED,
        FilingState.WITHDRAWN,
    ),
    FilingState.COMMUNICATED: (FilingState.DECIDED, FilingState.REFUSED, FilingState.WITHDRAWN),
    FilingState.DECIDED: (),
    FilingState.REFUSED: (),
    FilingState.WITHDRAWN: (),
}


class RemedyDead(DomainError):
    """``body`` is where it was to go, ``why`` says since when it is closed and where to turn."""

    code = "remedy-dead"
    message = _("%(body)s: %(why)s")


class CategoryNeeded(DomainError):
    code = "category-needed"
    message = _("Say under which of the five categories the detention is arbitrary.")


class NoCategoriesThere(DomainError):
    code = "no-categories-there"
    message = _("Only the Working Group on Arbitrary Detention has these categories. Leave them out.")


class NotANextState(DomainError):
    code = "not-a-next-state"
    message = _("A filing that is “%(before)s” does not become “%(after)s”.")


class FiledWhen(DomainError):
    code = "filed-when"
    message = _("Write the day; it cannot lie ahead, nor before the filing.")


@action("filing.begun")
def begin_filing(
    *,
    case: Case,
    body: Body,
    categories: Iterable[Category] = (),
    filed_on: datetime.date | None = None,
    next_step: str = "",
    next_on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
) -> RemedyFiling:
    """Prepare a filing, or with ``filed_on`` note an old one.

    Raises RemedyDead, CategoryNeeded, NoCategoriesThere, FiledWhen.
    """
    chosen = sorted(Category(one).value for one in categories)
    refuse_dead(body, filed_on or timezone.localdate(at))
    if remedies()[body].categories and not chosen:
        raise CategoryNeeded()
    if chosen and not remedies()[body].categories:
        raise NoCategoriesThere()
    if filed_on is not None and filed_on > timezone.localdate(at):
        raise FiledWhen()
    filing = RemedyFiling(
        case=case,
        client=case.client,
        body=body,
        categories=" ".join(chosen),
        state=FilingState.FILED if filed_on else FilingState.PREPARING,
        filed_on=filed_on,
        next_step=next_step,
        next_on=next_on,
    )
    filing.save()
    touch(filing.id, case.id)
    fact(body=body)
    return filing


@action("filing.moved")
def move_filing(
    *,
    filing: RemedyFiling,
    state: FilingState,
    on: datetime.date,
    number: str = "",
    next_step: str = "",
    next_on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
) -> RemedyFiling:
    """The next state, on that day, and what is to be done then.

    Raises NotANextState, FiledWhen, and RemedyDead when the body has closed since it was begun.
    """
    if state not in NEXT[FilingState(filing.state)]:
        raise NotANextState(before=FilingState(filing.state).label, after=state.label)
    if on > timezone.localdate(at) or (filing.filed_on is not None and on < filing.filed_on):
        raise FiledWhen()
    if state == FilingState.FILED:
        refuse_dead(Body(filing.body), on)
        filing.filed_on = on
    elif state in (FilingState.DECIDED, FilingState.REFUSED):
        filing.answered_on = on
    filing.state = state
    if number:
        filing.number = number
    filing.next_step, filing.next_on = ("", None) if state in OVER else (next_step, next_on)
    filing.save()
    touch(filing.id, filing.case_id)
    fact(body=filing.body, state=state)
    return filing


def refuse_dead(body: Body, on: datetime.date) -> None:
    """Raise RemedyDead for a body that took nothing on that day."""
    remedy = remedies()[body]
    if not remedy.takes(on):
        raise RemedyDead(body=body.label, why=WHY_CLOSED[remedy.why_closed or "never"])
