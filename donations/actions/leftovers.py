"""What is left in a fund goes where its givers agreed, by the version of the text they read."""

import datetime

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from donations import held, leftovers
from donations.actions.refunds import refundable_minor
from donations.fallbacks import GENERAL, SAME_CAUSE
from donations.models import Alarm
from treasury import books, chart
from treasury.books import Entry
from treasury.kinds import Category, FundKind, JournalKind
from treasury.models import Fund, Journal
from treasury.second import second_person


class NothingLeft(DomainError):
    """Nothing is spare, or all of it is to be given back."""

    code = "nothing-left"
    message = _(
        "Nothing of this fund can go elsewhere: it has not ended, is below its goal, or is committed."
    )


class NotTheSameCause(DomainError):
    """The fund chosen for the same cause cannot take the money."""

    code = "not-the-same-cause"
    message = _("Choose an open fund for cases, or the general fund, other than the one that ended.")


def leftover_terms(*, fund: Fund, same_cause: Fund, general: Fund) -> dict[str, object]:
    """The payload a second officer approves (kind "allocation", object: the fund that ended)."""
    return {"leftover_of": str(fund.id), "same_cause": str(same_cause.id), "general": str(general.id)}


@action("money.leftover_moved")
def move_leftover(
    *, fund: Fund, same_cause: Fund, general: Fund, by: Actor, at: datetime.datetime
) -> Journal:
    """Move what is spare to the same cause and to the general fund, as the gifts' fallbacks share it.

    Gifts whose givers wanted the money back wait for a human, who gives them back; their share stays. Raises
    NotTheSameCause, NeedsSecondPerson, NothingLeft.
    """
    _refuse_targets(fund, same_cause, general)
    terms = leftover_terms(fund=fund, same_cause=same_cause, general=general)
    second = second_person("allocation", fund.id, terms, by=by, at=at)
    number = books.lock()
    found = leftovers.left_over(fund, at.date())
    for gift in found.wanting_back:
        kind = Alarm.Kind.FUND_CLOSED
        if not Alarm.objects.filter(kind=kind, donation=gift).exists():
            Alarm.objects.create(
                kind=kind,
                object_id=f"leftover:{gift.pk}",
                donation=gift,
                amount_minor=refundable_minor(gift),
                currency=gift.currency,
                raised_at=at,
            )
    targets = {SAME_CAUSE: same_cause, GENERAL: general}
    source = chart.fund(fund)
    entries = [
        Entry(source, chart.fund(target), part, Category.ALLOCATION, fund=fund, batch=rest.batch)
        for rest in found.rests
        for fallback, target in targets.items()
        if (part := rest.shares.get(fallback, 0))
    ]
    if not entries:
        raise NothingLeft()
    touch(fund.id, same_cause.id, general.id)
    fact(moved_minor=found.moves_minor, to_give_back=len(found.wanting_back), second=second)
    moved = books.write(JournalKind.LEFTOVER, f"leftover:{fund.id}:{number + 1}", entries, by=by, at=at)
    for gift in found.wanting_back:
        held.keep_in_step(gift, by=by, at=at)
    return moved


def _refuse_targets(fund: Fund, same_cause: Fund, general: Fund) -> None:
    takes = (FundKind.GENERAL, FundKind.CAMPAIGN, FundKind.GROUP, FundKind.CASE)
    for target in (same_cause, general):
        if target.id == fund.id or target.closed_on is not None or target.kind not in takes:
            raise NotTheSameCause()
    if general.kind != FundKind.GENERAL:
        raise NotTheSameCause()
