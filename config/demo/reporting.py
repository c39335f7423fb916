"""Reports of the demo: some that come due, words on a grant's variance, one issued before and restated."""

import datetime

from config.demo.world import World
from reports import actions, definitions, explaining, tasks
from reports.models import Definition
from reports.scope import Scope
from treasury.models import GrantLine


def saved(world: World) -> None:
    """A statement each month for the board, a grant report each quarter for its funder."""
    by, at = world.staff["treasurer"], world.now
    this_month = at.date().replace(day=1)
    for name, kind, fund, rhythm, months in (
        ("Monthly, for the board", "funding-statement", "", Definition.Rhythm.MONTH, 2),
        ("Quarterly, for the foundation", "grant-report", "nordic-justice", Definition.Rhythm.QUARTER, 3),
    ):
        first = _earlier(this_month, months)
        definitions.save_definition(
            name=name,
            scope=Scope(kind, first, first, fund, compare=True),
            formats=["pdf", "xlsx"],
            language="en",
            rhythm=rhythm,
            due_days=20,
            by=by,
            at=at,
        )
    _issue_first(world)


def explained(world: World) -> None:
    """Why legal fees are behind their plan, for reports that end with the last month."""
    explaining.explain_variance(
        line=GrantLine.objects.get(grant__fund__code="nordic-justice", number=1),
        ends_on=world.now.date().replace(day=1) - datetime.timedelta(days=1),
        text="Several hearings were put off; their fees fall due when they are held.",
        by=world.staff["treasurer"],
        at=world.now,
    )


def _issue_first(world: World) -> None:
    definition = Definition.objects.get(rhythm=Definition.Rhythm.MONTH)
    due = definitions.next_of(definition)
    job = actions.ask_report(
        scope=definitions.scope_for(due),
        formats=["pdf", "xlsx"],
        language="be",
        definition=definition,
        by=world.staff["auditor"],
        at=world.now,
    )
    tasks.run(job.pk)


def _earlier(day: datetime.date, months: int) -> datetime.date:
    month = day.year * 12 + day.month - 1 - months
    return datetime.date(month // 12, month % 12 + 1, 1)


def all_of_it(world: World) -> None:
    """The words first, so that the report says them."""
    explained(world)
    saved(world)
