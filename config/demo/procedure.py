"""Terms that run in open cases, and remedies asked of other bodies."""

import datetime

from audit.actions import DomainError
from cases import kinds
from cases.actions import remedies, terms
from cases.actions.court import record_verdict
from cases.deadlines.words import Body, Category, FilingState, Rule
from cases.models import Case, Defendant
from config.demo.world import World

DAY = datetime.timedelta(days=1)


def deadlines(world: World) -> None:
    """Some clients were convicted these days; others are held while the investigation goes on."""
    places = Defendant.objects.filter(case__in=Case.objects.open(), verdict="").select_related(
        "trial", "case"
    )
    for number, place in enumerate(places.order_by("case__year", "case__number")[: 3 * world.size.cases]):
        by, case = world.coordinator(), place.case
        try:
            if number % 6 == 0:
                record_verdict(
                    defendant=place,
                    verdict=kinds.Verdict.CONVICTED,
                    verdict_on=world.now.date() - world.dice.randrange(1, 6) * DAY,
                    by=by,
                    at=world.now,
                )
            elif number % 4 == 1 and case.kind == kinds.CaseKind.CRIMINAL:
                on = world.now.date() - world.dice.randrange(49, 58) * DAY
                terms.start_deadline(
                    case=case, rule=Rule.CUSTODY_2_MONTHS, trigger_on=on, by=by, at=world.now
                )
        except DomainError:
            continue


def filings(world: World) -> None:
    """The Working Group was asked in a few cases, a rapporteur in others."""
    criminal = [case for case in world.cases if case.kind == kinds.CaseKind.CRIMINAL]
    for number, case in enumerate(criminal[: max(6, len(criminal) // 12)]):
        by = world.coordinator()
        filing = remedies.begin_filing(
            case=case,
            body=Body.WGAD if number % 2 == 0 else Body.SPECIAL,
            categories=[Category.II, Category.III] if number % 2 == 0 else [],
            next_step="Have the verdict translated",
            next_on=world.now.date() + world.dice.randrange(3, 20) * DAY,
            by=by,
            at=world.now,
        )
        if number % 3 == 0:
            remedies.move_filing(
                filing=filing,
                state=FilingState.FILED,
                on=world.now.date(),
                next_step="Ask whether it was communicated",
                next_on=world.now.date() + 60 * DAY,
                by=by,
                at=world.now,
            )
