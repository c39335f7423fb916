"""Gifts, campaign pages and the costs of the office."""

import datetime
import secrets

from audit.actors import PUBLIC, WORKER
from config.demo.world import SETUP, World
from donations.actions.campaigns import Words, draft_campaign, payload, publish_campaign
from donations.actions.giving import begin_attempt, begin_gift, record_opened
from donations.actions.past import PastGift, record_past_gifts
from donations.actions.payments import observe_payment
from donations.stripe_answers import BalanceTransaction, CheckoutSession, Payment
from treasury.actions.funds import open_fund
from treasury.actions.gifts import close_batches_due
from treasury.actions.payments import book_running_cost
from treasury.kinds import Category, FundKind, VoucherKind
from treasury.models import Fund

CAMPAIGNS = {
    "medical-staff": (
        1_400_000,
        (
            "Medical staff on trial",
            "Nurses, doctors and a paramedic. They treated people who had been beaten.",
        ),
        ("Медыкі пад судом", "Медсёстры, лекары і фельчарка. Яны лячылі збітых людзей."),
        ("Медики под судом", "Медсёстры, врачи и фельдшер. Они лечили избитых людей."),
    ),
    "students-and-teachers": (
        1_800_000,
        ("Students and teachers", "Most of them under twenty-five, tried for posts and chats."),
        ("Студэнты і настаўнікі", "Большасць маладзейшыя за дваццаць пяць; судзяць за пасты і чаты."),
        ("Студенты и учителя", "Большинство моложе двадцати пяти; судят за посты и чаты."),
    ),
    "letters-to-geneva": (
        320_000,
        ("Filings to Geneva", "Complaints to the UN working group for people whom no court at home hears."),
        ("Скаргі ў Жэневу", "Звароты ў рабочую групу ААН за людзей, якіх дома не чуе ніводзін суд."),
        ("Жалобы в Женеву", "Обращения в рабочую группу ООН за людей, которых дома не слышит ни один суд."),
    ),
}
LIVE_GIFTS = 300  # the rest of a large demo comes from the list of an earlier system


def campaign_funds(world: World) -> None:
    """A fund for each campaign; its cases join it as they come in."""
    for slug, (goal, en, _be, _ru) in CAMPAIGNS.items():
        world.funds[slug] = open_fund(
            code=slug,
            name=en[0],
            kind=FundKind.CAMPAIGN,
            goal_minor=goal,
            by=world.staff["coordinator"],
            at=world.start,
        )


def campaigns(world: World) -> None:
    """A page for each campaign, agreed to by a second person."""
    for slug, (goal, en, be, ru) in CAMPAIGNS.items():
        by, at = world.staff["coordinator"], world.start
        words = [Words(code, *text) for code, text in (("en", en), ("be", be), ("ru", ru))]
        closes = world.now.date() + datetime.timedelta(days=90)
        page = draft_campaign(
            fund=world.funds[slug], slug=slug, goal_minor=goal, words=words, closes_on=closes, by=by, at=at
        )
        world.agreed("campaign", page.pk, payload(page), by=by, at=at)
        publish_campaign(page=page, by=by, at=at)


def gifts(world: World) -> None:
    """Gifts day by day, batches closing as they fill."""
    funds = [world.funds["general"], *(world.funds[slug] for slug in CAMPAIGNS)]
    _past_gifts(world, funds, world.size.gifts - min(LIVE_GIFTS, world.size.gifts))
    live = min(LIVE_GIFTS, world.size.gifts)
    for index in world.progress(range(live), "gifts"):
        at = world.start + (world.now - world.start) * (index + 1) / (live + 1)
        fund = world.dice.choices(funds, weights=[6, 2, 2, 1])[0]
        _gift(world, fund, at)
        if index % 25 == 24:
            close_batches_due(by=SETUP, at=at)


def _gift(world: World, fund: Fund, at: datetime.datetime) -> None:
    amount = world.dice.choice([1_000, 1_500, 2_000, 2_500, 3_000, 5_000, 5_000, 10_000, 20_000, 50_000])
    level = world.dice.choice(["quiet", "code"])
    gift, _code = begin_gift(
        fund=fund, amount_minor=amount, currency="EUR", level=level, language="en", by=PUBLIC, at=at
    )
    attempt = begin_attempt(donation=gift, by=PUBLIC, at=at)
    session, payment, _entry = answers(str(gift.pk), amount, at)
    record_opened(attempt=attempt, session=session, by=PUBLIC, at=at)
    observe_payment(attempt=attempt, session=session, payment=payment, by=WORKER, at=at)


def answers(
    reference: str, amount: int, at: datetime.datetime
) -> tuple[CheckoutSession, Payment, BalanceTransaction]:
    """What the processor would answer about a card gift that went well."""
    mark = secrets.token_hex(8)
    fee = amount * 15 // 1_000 + 25
    entry = BalanceTransaction(
        f"txn_{mark}", "charge", f"ch_{mark}", amount, fee, amount - fee, "EUR", None, at, at.date()
    )
    payment = Payment(
        f"pi_{mark}", "succeeded", amount, amount, 0, "EUR", f"ch_{mark}", "card", "DE", None, entry, False
    )
    session = CheckoutSession(
        f"cs_{mark}", None, "complete", "paid", f"pi_{mark}", amount, "EUR", reference, at, at, False
    )
    return session, payment, entry


def _past_gifts(world: World, funds: list[Fund], count: int) -> None:
    """Gifts of the years before, taken over from another system, month by month."""
    months = 24
    for month in world.progress(range(months), "former gifts") if count else ():
        on = world.start.date() - datetime.timedelta(days=30 * (months - month))
        for fund in funds:
            share = count // (months * len(funds))
            rows = [
                PastGift(f"former-{fund.code}-{month}-{number}", 1_000 + 500 * (number % 12), 40)
                for number in range(share)
            ]
            record_past_gifts(fund=fund, gifts=rows, on=on, by=world.staff["treasurer"], at=world.start)
        close_batches_due(by=SETUP, at=world.start)


def running_costs(world: World) -> None:
    """Rent and wages of each month."""
    treasurer = world.staff["treasurer"]
    for month in range(1, world.days // 30):
        at = world.start + datetime.timedelta(days=30 * month)
        for category, amount in ((Category.RENT, 78_000), (Category.SALARY, 320_000)):
            kind = VoucherKind.PAYROLL if category == Category.SALARY else VoucherKind.INVOICE
            book_running_cost(
                source_id=f"demo-{category}-{month}",
                category=category,
                amount_minor=amount,
                voucher_kind=kind,
                on=at.date(),
                by=treasurer,
                at=at,
            )
