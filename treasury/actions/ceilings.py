"""A case's ceiling: the most that may be committed and spent on it."""

import datetime
import uuid
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from treasury import books, chart, tariffs
from treasury.books import Entry
from treasury.eligible import CeilingShort, shortage, way_out
from treasury.kinds import CASE_COSTS, Category, JournalKind
from treasury.models import Ceiling, Tariff
from treasury.second import second_person


class NotABudget(DomainError):
    """A line is negative or not a cost of a case."""

    code = "not-a-budget"
    message = _("Each line needs a category of case costs and an amount that is not negative.")


class AboveTariff(DomainError):
    """A line is above the tariff, which one person may not approve."""

    code = "above-tariff"
    message = _("“%(category)s” is above the tariff, so a second officer has to approve this ceiling.")


def ceiling_terms(lines: Mapping[str, int]) -> dict[str, object]:
    """The payload a second officer approves (kind "ceiling", object: the case)."""
    return {"lines": {Category(category).value: amount for category, amount in lines.items()}}


@action("ceiling.approved")
def approve_ceiling(
    *,
    case_id: uuid.UUID,
    lines: Mapping[str, int],
    tariff: Tariff | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Ceiling:
    """Approve a new version of a case's budget: by tariff alone, or with a second officer's approval.

    ``lines`` are {category: minor units}. Raises NotABudget, AboveTariff, NeedsSecondPerson, and
    CeilingShort when less is approved than is already committed or spent.
    """
    if any(amount < 0 or category not in CASE_COSTS for category, amount in lines.items()):
        raise NotABudget()
    second = ""
    if tariff is None:
        second = second_person("ceiling", case_id, ceiling_terms(lines), by=by, at=at)
    else:
        _refuse_above_tariff(tariff, lines, at.date())
    books.lock()
    before = Ceiling.objects.filter(case_id=case_id).last()
    ceiling = Ceiling(
        case_id=case_id,
        number=before.number + 1 if before else 1,
        total_minor=sum(lines.values()),
        currency=chart.base_currency(),
        lines=ceiling_terms(lines)["lines"],
        approved_at=at,
        approved_by=by.actor_id,
        second_by=second,
        tariff=tariff,
    )
    ceiling.save()
    _move(ceiling, ceiling.total_minor - (before.total_minor if before else 0), by=by, at=at)
    touch(case_id)
    fact(version=ceiling.number, total_minor=ceiling.total_minor, by_tariff=tariff is not None)
    return ceiling


def _refuse_above_tariff(tariff: Tariff, lines: Mapping[str, int], on: datetime.date) -> None:
    in_force = tariffs.is_valid(tariff, on)
    for category, amount in lines.items():
        # Support of a family is a risk decision, never a tariff.
        most = 0 if category == Category.FAMILY_SUPPORT else tariffs.total_in(tariff, category)
        if amount > (most if in_force else 0):
            raise AboveTariff(category=Category(category).label)


def _move(ceiling: Ceiling, difference: int, *, by: Actor, at: datetime.datetime) -> None:
    account, control = chart.ceiling(ceiling.case_id), chart.ceilings_control()
    if difference < 0 and account.balance.free_minor < -difference:
        missing = -difference - account.balance.free_minor
        words = _("Approve %(amount)s more, or release commitments first.")
        raise CeilingShort(**shortage(missing, [way_out("approve-more", missing, str(words))]))
    if difference:
        debit, credit = (control, account) if difference > 0 else (account, control)
        entry = Entry(debit, credit, abs(difference), Category.CEILING, case_id=ceiling.case_id)
        key = f"ceiling:{ceiling.case_id}:{ceiling.number}"
        books.write(JournalKind.CEILING, key, [entry], by=by, at=at)
