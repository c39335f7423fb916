"""What happens around open cases: custody, incidents, recognitions, referrals, papers and talks."""

import datetime

from cases import circumstances as lists
from cases import kinds
from cases.actions import circumstances as acts
from cases.actions import papers
from cases.kinds import CaseKind
from cases.models import Case
from cases.papers import BoundBy, DocumentKind, Way
from cases.reference.load import places_of_detention
from config.demo.world import World
from vault.cleaning.kinds import FileType
from vault.files import Cleaned

DAY = datetime.timedelta(days=1)
ACCOUNTS = (
    (lists.IncidentKind.NO_CARE, "Blood pressure medicine was taken away at the search and not given back."),
    (lists.IncidentKind.NO_LAWYER, "Counsel waited four hours and was told that the building was full."),
    (lists.IncidentKind.INCOMMUNICADO, "No letter has come out for five weeks."),
    (lists.IncidentKind.CONFESSION, "A video was shown on a channel of the police."),
)
VERDICT = b"An invented ruling, for the demo. Nobody in it exists.\n"


def circumstances(world: World) -> None:
    """Most criminal cases have a place of detention; some have more."""
    criminal = [case for case in world.cases if case.kind == CaseKind.CRIMINAL]
    places = places_of_detention()
    for number, case in enumerate(criminal):
        acts.record_custody(
            case=case,
            place=places[number % len(places)].code,
            from_on=case.detained_on or world.now.date() - 30 * DAY,
            source=kinds.Source.FAMILY,
            by=world.coordinator(),
            at=world.now,
        )
        if number % 4 == 0:
            _harmed(world, case, number)
        if number % 3 == 0:
            _helped(world, case, number)
        if number % 5 == 0:
            _written(world, case, number)


def _harmed(world: World, case: Case, number: int) -> None:
    kind, account = ACCOUNTS[number // 4 % len(ACCOUNTS)]
    by, at = world.coordinator(), world.now
    acts.record_incident(
        case=case,
        kind=kind,
        occurred_on=at.date() - world.dice.randrange(1, 20) * DAY,
        source=kinds.Source.FAMILY,
        reliability=kinds.Reliability.PROBABLE,
        account=account,
        codes=", ".join(lists.HURIDOCS.get(kind, ())),
        by=by,
        at=at,
    )
    acts.name_official(
        case=case, kind=lists.OfficialKind.INVESTIGATOR, name=world.people.judge(), by=by, at=at
    )


def _helped(world: World, case: Case, number: int) -> None:
    by, at = world.coordinator(), world.now
    acts.record_recognition(
        case=case,
        organisation="Invented monitors' coalition",
        criteria=lists.Criteria.GUIDELINE,
        recognised_on=at.date() - world.dice.randrange(1, 25) * DAY,
        by=by,
        at=at,
    )
    kind = lists.ReferralKind.MEDICAL if number % 2 else lists.ReferralKind.FAMILY
    referral = acts.refer_client(
        case=case, kind=kind, referred_on=at.date() - 9 * DAY, whom="a partner abroad", by=by, at=at
    )
    if number % 2:
        acts.record_referral_outcome(
            referral=referral, outcome=lists.ReferralOutcome.HELPED, outcome_on=at.date(), by=by, at=at
        )


def _written(world: World, case: Case, number: int) -> None:
    by, at = world.coordinator(), world.now
    digest = f"{number:064x}"
    papers.add_document(
        case=case,
        content=Cleaned(FileType.TEXT, VERDICT, digest, digest),
        kind=DocumentKind.VERDICT,
        title="Ruling on custody",
        by=by,
        at=at,
    )
    papers.log_contact(
        case=case,
        happened_at=at - 2 * DAY,
        way=Way.SAFE_LINE,
        relation=kinds.Relation.SPOUSE,
        said="Asked about parcels; told that letters arrive late.",
        by=by,
        at=at,
    )
    if number % 10 == 0:
        papers.record_nondisclosure(case=case, bound=BoundBy.COUNSEL, signed_on=at.date() - DAY, by=by, at=at)
