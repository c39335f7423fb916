"""Cases with their counsel, hearings and costs, at every point between a phone call and an end."""

import datetime

from accounts.models import User
from audit.actions import DomainError
from cases import kinds
from cases.actions import counsel, court, office, people, status
from cases.actions.costs import approve_budget, enter_case_claim, open_budget
from cases.actions.intake import receive_case, receive_rows
from cases.intake.articles import ArticleRef
from cases.intake.facts import HearingFact, Intake, StageFact
from cases.kinds import CaseStatus
from cases.models import Case, Court, Hearing, Representation
from cases.stages import EndKind, Stage
from config.demo.giving import CAMPAIGNS
from config.demo.world import World
from lawyers.intake.cells import PartialDate
from treasury.actions.claims import approve_claim
from treasury.actions.funds import add_case_to_fund
from treasury.kinds import Category, VoucherKind

CRIMINAL = ("342", "361-1", "361-2", "361-4", "130", "368", "369", "364", "293")
BUDGET: dict[str, int] = {
    Category.FEE: 150_000,
    Category.VISIT: 15_000,
    Category.TRAVEL: 10_000,
    Category.APPEAL: 45_000,
}
ROWS_AT_ONCE = 200
TASKS = (
    "Ask the family which languages the client wants to speak in court",
    "Call the law office about the warrant before the hearing",
    "Ask which papers the investigator has handed over",
    "Find out whether the family may visit this month",
    "Tell the family what a hearing behind closed doors means",
    "Ask the lawyer whether an expert is needed",
)


def past(world: World) -> None:
    """Cases of former years, as an imported list brings them."""
    courts = _courts()
    for begin in world.progress(range(0, world.size.past, ROWS_AT_ONCE), "former cases"):
        count = min(ROWS_AT_ONCE, world.size.past - begin)
        intakes = [_former(world, courts, begin + index) for index in range(count)]
        receive_rows(
            intakes=intakes, responsible=world.coordinator(), by=world.staff["coordinator"], at=world.start
        )


def open_cases(world: World) -> None:
    """Cases of these months, spread over the stages of the work."""
    courts = _courts()
    for index in world.progress(range(world.size.cases), "cases"):
        days_ago = round((world.days - 2) * (1 - (index + 1) / (world.size.cases + 1))) + 1
        _one(world, courts, index, days_ago)


def _one(world: World, courts: list[Court], index: int, days_ago: int) -> None:
    by = world.coordinator()
    at = world.moment(days_ago)
    case = receive_case(intake=_intake(world, courts, at, index), responsible=by, by=by, at=at)
    world.cases.append(case)
    people.add_authority(
        client=case.client,
        kind=kinds.AuthorityKind.REPRESENT,
        basis=kinds.Basis.SPOKEN,
        relation=world.dice.choice([kinds.Relation.SPOUSE, kinds.Relation.PARENT, kinds.Relation.SELF]),
        given_on=at.date(),
        by=by,
        at=at,
    )
    _join_campaign(world, case, index, by, at)
    if index % 8 == 7:
        return  # taken in, nobody has looked at it yet
    for step in (CaseStatus.VERIFIED, CaseStatus.ELIGIBLE):
        case = status.change_status(case=case, to=step, by=by, at=at)
    budget = open_budget(case=case, lines=BUDGET, by=by, at=at)
    approve_budget(budget=budget, tariff=world.tariff, by=by, at=at)
    if index % 8 in (0, 1, 2, 3, 4):
        _defended(world, case, index, by, at)
    else:
        status.change_status(case=case, to=CaseStatus.SEEKING, by=by, at=at)
        office.add_task(
            owner=by,
            text=world.dice.choice(TASKS),
            case=case,
            due_on=world.now.date() + datetime.timedelta(days=world.dice.randrange(-2, 9)),
            by=by,
            at=at,
        )


def _join_campaign(world: World, case: Case, index: int, by: User, at: datetime.datetime) -> None:
    """Three groups of up to a dozen cases stand on campaign pages."""
    slugs = list(CAMPAIGNS)
    group = index % 5
    if group < len(slugs) and index < 12 * len(slugs):
        add_case_to_fund(fund=world.funds[slugs[group]], case_id=case.pk, by=by, at=at)


def _defended(world: World, case: Case, index: int, by: User, at: datetime.datetime) -> None:
    amount = world.dice.choice([60_000, 75_000, 90_000])
    fee = counsel.Fee(amount_minor=amount, authority=world.authority)
    if index % 8 == 4:
        episode = counsel.record_own_counsel(
            case=case,
            own_counsel=world.people.person().name_latin,
            paid_by=kinds.PaidBy.ORGANISATION,
            fee=fee,
            by=by,
            at=at,
        )
    else:
        accepted = _asked(world, case, fee, by, at)
        if accepted is None:
            return
        episode = accepted
    if at < world.now - datetime.timedelta(days=20):
        _paid(world, case, episode, amount, at)


def _asked(
    world: World, case: Case, fee: counsel.Fee, by: User, at: datetime.datetime
) -> Representation | None:
    """Ask lawyers of the region until one accepts; now and then one declines."""
    there = [
        row for row in world.lawyers if row.coverages.filter(region=case.region).exists()
    ] or world.lawyers
    for lawyer in world.dice.sample(there, min(4, len(there))):
        try:
            offer = counsel.offer_case(case=case, lawyer=lawyer, by=by, at=at)
            if world.dice.random() < 0.25:
                reason = kinds.EpisodeReason.OTHER_HEARING
                counsel.decline_offer(representation=offer, reason=reason, by=by, at=at)
                continue
            return counsel.accept_offer(representation=offer, fee=fee, by=by, at=at)
        except DomainError:
            continue
    return None


def _paid(world: World, case: Case, episode: Representation, amount: int, at: datetime.datetime) -> None:
    """The office's receipt comes some weeks later; most of them are paid."""
    invoiced = at + datetime.timedelta(days=world.dice.randrange(8, 18))
    claim = enter_case_claim(
        case=case,
        payee=world.payees["relative" if episode.lawyer_id is None else "office"],
        category=Category.FEE,
        amount_minor=amount,
        invoiced_on=invoiced.date(),
        voucher_kind=VoucherKind.OFFICE_RECEIPT,
        representation=episode,
        number=f"R-{case.reference}",
        by=world.staff["coordinator"],
        at=invoiced,
    )
    number = len(world.cases)
    if number % 7 == 3:
        return
    approve_claim(claim=claim, by=world.staff["second"], at=invoiced)
    if number % 7 != 5:
        world.pay(claim, invoiced)


def hearings(world: World) -> None:
    """What came of the sittings that are over; a few still wait for somebody to ask."""
    for number, hearing in enumerate(Hearing.objects.without_outcome(world.now).order_by("starts_at")):
        if number % 9 == 8:
            continue
        outcome = world.dice.choice([kinds.HearingOutcome.JUDGMENT, kinds.HearingOutcome.CONTINUES])
        then = min(hearing.starts_at + datetime.timedelta(hours=6), world.now)
        again = None
        if outcome == kinds.HearingOutcome.CONTINUES:
            again = (world.now + datetime.timedelta(days=world.dice.randrange(1, 25))).replace(
                hour=world.dice.randrange(7, 14), minute=world.dice.choice([0, 30])
            )
        court.record_outcome(
            hearing=hearing,
            outcome=outcome,
            source=world.dice.choice([kinds.Source.COUNSEL, kinds.Source.FAMILY, kinds.Source.MEDIA]),
            next_starts_at=again,
            by=world.coordinator(),
            at=then,
        )


def _intake(world: World, courts: list[Court], at: datetime.datetime, index: int) -> Intake:
    person = world.people.person()
    where = world.dice.choice(courts)
    administrative = index % 6 == 5
    number = "24.23" if administrative else world.dice.choice(CRIMINAL)
    ahead = world.dice.randrange(1, 40) if index % 3 else (world.now - at).days + world.dice.randrange(1, 16)
    starts_at = (at + datetime.timedelta(days=ahead)).replace(hour=world.dice.randrange(7, 14), minute=0)
    return Intake(
        name=person.name_be,
        latin_name=person.name_latin,
        contacts="through the family, on the safe line",
        born=PartialDate(person.born_on),
        court=where.code,
        region=where.region,
        articles=(ArticleRef(number),),
        detained=PartialDate(at.date() - datetime.timedelta(days=world.dice.randrange(1, 30))),
        stages=(StageFact(Stage.COURT if administrative else Stage.INVESTIGATION, PartialDate(at.date())),),
        hearing=HearingFact(starts_at=starts_at),
        judge=world.people.judge(),
        is_minor=index % 29 == 28,
        is_ill=index % 13 == 12,
        languages=world.dice.choice(["be ru", "ru", "ru", ""]),
        summary="Told by a relative; papers not seen yet.",
    )


def _former(world: World, courts: list[Court], number: int) -> Intake:
    person = world.people.person()
    where = world.dice.choice(courts)
    began = datetime.date(2020, 8, 9) + datetime.timedelta(days=number % 1_900)
    administrative = number % 3 > 0
    over = PartialDate(began + datetime.timedelta(days=15 if administrative else 400))
    return Intake(
        name=person.name_be,
        latin_name=person.name_latin,
        contacts="list of monitors",
        born=PartialDate(person.born_on, "year"),
        court=where.code,
        region=where.region,
        articles=(ArticleRef("24.23" if administrative else "342"),),
        detained=PartialDate(began),
        stages=(StageFact(Stage.EXECUTED if administrative else Stage.ENDED, over, EndKind.SERVED),),
        source=kinds.Source.MONITOR,
        import_digest=f"demo-former-{number}",
    )


def _courts() -> list[Court]:
    return list(Court.objects.exclude(region=""))
