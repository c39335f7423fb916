"""The panel of lawyers, and the trials that monitors know of."""

import datetime
import itertools

from cases import kinds
from cases.actions.reference import KnownTrialFact, add_known_trials, link_known_trial, load_reference
from cases.models import Article, Court
from cases.names import candidate_keys
from config.demo.world import SETUP, World
from lawyers.actions.panel import Practice, add_lawyer, record_away
from lawyers.intake.cells import PartialDate


def lawyers(world: World) -> None:
    """Lawyers with licences, regions, languages and loads; some know no more of themselves than a region."""
    for index in world.progress(range(world.size.lawyers), "lawyers"):
        drawn = world.people.lawyer()
        at = world.start + datetime.timedelta(minutes=index)
        lapsing = index % 11 == 10
        until = world.now.date() + datetime.timedelta(days=9) if lapsing else None
        lawyer = add_lawyer(
            code_name=world.people.lawyer_code(),
            name=drawn.person.name_be,
            latin_name=drawn.person.name_latin,
            contact="ask the coordinator on call",
            name_keys=candidate_keys(drawn.person.name_be),
            languages=" ".join(drawn.languages) if index % 7 else "",
            practice=Practice(
                bar=f"bar-{drawn.regions[0]}",
                licence_status="active",
                licence_from_on=datetime.date(2015 + index % 8, 3, 1),
                licence_until_on=until,
                source="register of the bar",
                competences=tuple((family, 3 + index % 3, "") for family in drawn.families)
                if index % 5
                else (),
                coverage=tuple((region, "", place > 0) for place, region in enumerate(drawn.regions)),
                max_open=drawn.most_open,
                new_per_week=drawn.new_per_week,
            ),
            by=world.coordinator(),
            at=at,
        )
        world.lawyers.append(lawyer)
    away = world.lawyers[-1]
    first = world.now.date() + datetime.timedelta(days=3)
    record_away(
        lawyer=away,
        from_on=first,
        until_on=first + datetime.timedelta(days=10),
        by=world.staff["coordinator"],
        at=world.now,
    )


def reference(world: World) -> None:
    """Courts and articles as shipped, each still waiting for counsel to check it."""
    load_reference(by=SETUP, at=world.start)


def known_trials(world: World) -> None:
    """Trials from monitors' lists over a year, most of them with somebody who defended."""
    courts = list(Court.objects.exclude(region="").values_list("code", flat=True))
    articles = list(Article.objects.exclude(citation="").values_list("number", flat=True))
    who = [
        *[kinds.DefendedBy.APPOINTED] * 5,
        *[kinds.DefendedBy.OWN] * 4,
        *[kinds.DefendedBy.PANEL] * 7,
        *[kinds.DefendedBy.NONE] * 2,
        kinds.DefendedBy.UNKNOWN,
        kinds.DefendedBy.REFUSED,
    ]
    trials = [
        KnownTrialFact(
            court=world.dice.choice(courts),
            starts=PartialDate(world.now.date() - datetime.timedelta(days=world.dice.randrange(-20, 360))),
            articles=world.dice.choice(articles),
            source="monitors' list",
            defendants=world.dice.choice([1, 1, 1, 1, 2, 3]),
            defended_by=world.dice.choice(who),
            import_digest=f"demo-{number}",
        )
        for number in range(world.size.known_trials)
    ]
    rest = iter(trials)
    while some := list(itertools.islice(rest, 500)):
        add_known_trials(trials=some, by=world.staff["coordinator"], at=world.start)


def linked_trials(world: World) -> None:
    """Two of three open cases are on the monitors' lists too; somebody has linked them."""
    by = world.staff["coordinator"]
    for number, case in enumerate(world.cases):
        accusation = case.accusations.select_related("article").first()
        if number % 3 == 2 or case.court is None or accusation is None:
            continue
        fact = KnownTrialFact(
            court=case.court.code,
            starts=PartialDate(case.received_at.date()),
            articles=accusation.article.number,
            source="monitors' list",
            import_digest=f"demo-case-{number}",
        )
        for known in add_known_trials(trials=[fact], by=by, at=case.received_at):
            if known is not None:
                link_known_trial(known_trial=known, case=case, by=by, at=case.received_at)
