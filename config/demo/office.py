"""The people who work here, what they may agree to, and the money they begin with."""

import datetime

from accounts.actions.people import add_user, grant_first_roles, grant_role, role_terms
from accounts.permissions import AUDITOR
from config.demo.agreements import EVIDENCE, report_dates
from config.demo.world import SETUP, World
from treasury.actions.authorities import (
    approve_tariff,
    authority_terms,
    grant_standing_authority,
    tariff_terms,
)
from treasury.actions.funds import open_fund
from treasury.actions.grants import Line, open_grant, receive_instalment
from treasury.actions.payees import add_payee, check_payee
from treasury.kinds import Category, FundKind, PayeeKind
from vault.keys import ORGANISATION

# Everybody knows these: the demo refuses to run without DEBUG.
PASSWORD = "rowan tree by the river"  # noqa: S105
ACCOUNTS = {
    "administrator": ("elm", "administrator"),
    "second": ("birch", "second-officer"),
    "coordinator": ("alder", "coordinator"),
    "coordinator-2": ("hazel", "coordinator"),
    "treasurer": ("cedar", "treasurer"),
    "auditor": ("damson", "auditor"),
}
FEES = [
    (Category.FEE, "investigation", 60_000),
    (Category.FEE, "first-instance", 90_000),
    (Category.APPEAL, "", 45_000),
    (Category.VISIT, "", 15_000),
    (Category.TRAVEL, "", 20_000),
    (Category.COURT_FEE, "", 10_000),
    (Category.TRANSLATION, "", 25_000),
    (Category.EXPERT, "", 60_000),
]
AUDIT_LASTS = datetime.timedelta(days=30)
ENVELOPE_MINOR = 100_000  # a month, for each open case


def staff(world: World) -> None:
    """Six people; the first two begin alone, every later role takes two."""
    at = world.start
    for key, (alias, _role) in ACCOUNTS.items():
        name = world.people.person().name_latin
        world.staff[key] = add_user(username=alias, password=PASSWORD, name=name, by=SETUP, at=at)
    first = ("administrator", "second")
    grant_first_roles(roles=[(world.staff[key], ACCOUNTS[key][1]) for key in first], by=SETUP, at=at)
    asks = world.staff["administrator"]
    for key in ACCOUNTS.keys() - set(first):
        user, role = world.staff[key], ACCOUNTS[key][1]
        until = world.now + AUDIT_LASTS if role == AUDITOR else None
        world.agreed("role.grant", user.pk, role_terms(role, until), by=asks, at=at)
        grant_role(user=user, role=role, until=until, by=asks, at=at)


def rules(world: World) -> None:
    """A tariff and a standing authority, so that tomorrow's trial needs one person only."""
    at, treasurer = world.start, world.staff["treasurer"]
    terms = tariff_terms(name="Tariff A", fees=FEES, valid_from=at.date())
    world.agreed("standing-authority", ORGANISATION, terms, by=treasurer, at=at)
    world.tariff = approve_tariff(name="Tariff A", fees=FEES, valid_from=at.date(), by=treasurer, at=at)
    until = world.now.date() + datetime.timedelta(days=365)
    monthly = max(ENVELOPE_MINOR * world.size.cases, 40 * ENVELOPE_MINOR)
    envelope = authority_terms(monthly_minor=monthly, valid_from=at.date(), valid_until=until)
    world.agreed("standing-authority", world.tariff.pk, envelope, by=treasurer, at=at)
    world.authority = grant_standing_authority(
        tariff=world.tariff,
        monthly_minor=monthly,
        valid_from=at.date(),
        valid_until=until,
        by=treasurer,
        at=at,
    )


def funds(world: World) -> None:
    """The general fund, a grant of half a million with two of four instalments in, and a reserve."""
    at, treasurer = world.start, world.staff["treasurer"]
    world.funds["general"] = open_fund(
        code="general", name="General fund", kind=FundKind.GENERAL, by=treasurer, at=at
    )
    world.funds["reserve"] = open_fund(
        code="reserve", name="Reserve", kind=FundKind.RESERVE, by=treasurer, at=at
    )
    starts = at.date()
    grant = open_grant(
        code="nordic-justice",
        name="Counsel at the first hearing",
        funder="Nordic Justice Foundation",
        agreement_ref="NJF-2026-114",
        amount_minor=50_000_000,
        starts_on=starts,
        ends_on=starts + datetime.timedelta(days=730),
        lines=[
            Line("Legal fees", 32_000_000, (Category.FEE, Category.APPEAL)),
            Line("Visits and travel", 6_000_000, (Category.VISIT, Category.TRAVEL)),
            Line("Experts and translation", 5_000_000, (Category.EXPERT, Category.TRANSLATION)),
            Line("Office and staff", 4_500_000, (Category.SALARY, Category.RENT, Category.OFFICE)),
            Line("Indirect costs", 2_500_000, (Category.INDIRECT,)),
        ],
        instalments=[(starts + datetime.timedelta(days=180 * n), 12_500_000) for n in range(4)],
        indirect_basis_points=700,
        reallocation_basis_points=1_000,
        evidence=EVIDENCE,
        reports=report_dates(world),
        by=treasurer,
        at=at,
    )
    world.funds["grant"] = grant.fund
    for instalment in grant.instalments.filter(due_on__lte=world.now.date()):
        paid_on = instalment.due_on + datetime.timedelta(days=2)
        receive_instalment(
            instalment=instalment,
            amount_minor=instalment.amount_minor,
            received_on=min(paid_on, world.now.date()),
            by=treasurer,
            at=world.now,
        )


def payees(world: World) -> None:
    """Who is paid: a law office, a landlord, a translator; each checked."""
    at, treasurer = world.start, world.staff["treasurer"]
    wanted = {
        "office": (PayeeKind.BAR_OFFICE, "law-office", "LT"),
        "relative": (PayeeKind.RELATIVE, "relative", "PL"),
        "translator": (PayeeKind.TRANSLATOR, "translator", "DE"),
        "landlord": (PayeeKind.LANDLORD, "partner", "LT"),
    }
    ibans = {
        "LT": "LT121000011101001000",
        "PL": "PL61109010140000071219812874",
        "DE": "DE89370400440532013000",
    }
    for key, (kind, invented, country) in wanted.items():
        name = world.people.payee(invented).name  # type: ignore[arg-type]
        payee = add_payee(kind=kind, name=name, country=country, iban=ibans[country], by=treasurer, at=at)
        world.payees[key] = check_payee(payee=payee, by=treasurer, at=at)
