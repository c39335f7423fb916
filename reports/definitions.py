"""Reports that come due: what is saved, which period is next, and since when it waits on the worklist."""

import datetime
from dataclasses import dataclass

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from reports import actions
from reports.models import Definition
from reports.scope import Scope

_MONTHS = {
    Definition.Rhythm.MONTH: 1,
    Definition.Rhythm.QUARTER: 3,
    Definition.Rhythm.HALF: 6,
    Definition.Rhythm.YEAR: 12,
}


class NoWholeMonth(DomainError):
    code = "definition-first-day"
    message = _("A period begins on the first of a month. Choose such a day.")


class DefinitionClosed(DomainError):
    code = "definition-closed"
    message = _("This report does not come due any more. Save it anew.")


@dataclass(frozen=True)
class Due:
    """A period of a definition that has ended and for which no report was issued."""

    definition: Definition
    starts_on: datetime.date
    ends_on: datetime.date

    @property
    def due_on(self) -> datetime.date:
        return self.ends_on + datetime.timedelta(days=self.definition.due_days)


@action("report.definition_saved")
def save_definition(
    *,
    name: str,
    scope: Scope,
    formats: list[str],
    language: str,
    rhythm: str,
    due_days: int,
    by: Actor,
    at: datetime.datetime,
) -> Definition:
    """Save a report that comes due again and again; the scope's first day begins its first period.

    Raises NoWholeMonth, and what asking for the report would raise.
    """
    actions.check(scope, formats)
    if scope.starts_on.day != 1:
        raise NoWholeMonth()
    saved = Definition.objects.create(
        name=name,
        type=scope.type,
        fund_code=scope.fund_code,
        language=language,
        formats=" ".join(dict.fromkeys(formats)),
        compare=scope.compare,
        rhythm=rhythm,
        first_on=scope.starts_on,
        due_days=due_days,
        saved_by=by.actor_id,
    )
    touch(saved.pk)
    fact(type=scope.type, rhythm=rhythm)
    return saved


@action("report.definition_closed")
def close_definition(*, definition: Definition, by: Actor, at: datetime.datetime) -> Definition:
    """It does not come due any more; reports that were issued stay. Raises DefinitionClosed."""
    if definition.closed_on is not None:
        raise DefinitionClosed()
    definition.closed_on = at.date()
    definition.save()
    touch(definition.pk)
    return definition


def period_of(definition: Definition, number: int) -> tuple[datetime.date, datetime.date]:
    """First and last day of its period with this number, from 0."""
    months = _MONTHS[Definition.Rhythm(definition.rhythm)]
    first = _later(definition.first_on, months * number)
    return first, _later(first, months) - datetime.timedelta(days=1)


def waiting(today: datetime.date, definitions: list[Definition] | None = None) -> list[Due]:
    """For each standing definition its oldest period that has ended without a report, soonest due first."""
    chosen = list(Definition.objects.standing()) if definitions is None else definitions
    last = dict(
        Definition.objects.filter(pk__in=[one.pk for one in chosen])
        .order_by()
        .annotate(done_to=Max("snapshots__ends_on"))
        .values_list("pk", "done_to")
    )
    found = []
    for definition in chosen:
        due = next_period(definition, last[definition.pk])
        if due.ends_on < today:
            found.append(due)
    return sorted(found, key=lambda due: (due.due_on, due.definition.name))


def next_period(definition: Definition, done_to: datetime.date | None) -> Due:
    """Its first period that ends after the last one that was reported."""
    number = 0
    while done_to is not None and period_of(definition, number)[1] <= done_to:
        number += 1
    return Due(definition, *period_of(definition, number))


def next_of(definition: Definition) -> Due:
    """Its next period, whether it has ended or not."""
    last = definition.snapshots.order_by("-ends_on").values_list("ends_on", flat=True).first()
    return next_period(definition, last)


def scope_for(due: Due) -> Scope:
    """What is to be built for a period that is due."""
    one = due.definition
    return Scope(one.type, due.starts_on, due.ends_on, one.fund_code, one.compare)


def _later(day: datetime.date, months: int) -> datetime.date:
    month = day.year * 12 + day.month - 1 + months
    return datetime.date(month // 12, month % 12 + 1, 1)
