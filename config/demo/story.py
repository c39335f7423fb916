"""The whole demo, in the order in which one thing needs another."""

from collections.abc import Callable

from django.utils import timezone

from config.demo import (
    advances,
    agreements,
    asking,
    audit,
    bank,
    counsel,
    desks,
    donors,
    forgetting,
    giving,
    life,
    matters,
    office,
    panel,
    papers,
    procedure,
    processor,
    reporting,
    watching,
)
from config.demo.world import SIZES, Say, World
from reports import actions, tasks
from reports.scope import Scope

PARTS: list[tuple[str, Callable[[World], None]]] = [
    ("people and their roles", office.staff),
    ("tariff and standing authority", office.rules),
    ("funds and a grant", office.funds),
    ("payees", office.payees),
    ("courts and articles", panel.reference),
    ("lawyers", panel.lawyers),
    ("known trials", panel.known_trials),
    ("funds of campaigns", giving.campaign_funds),
    ("gifts", giving.gifts),
    ("former cases", matters.past),
    ("cases with counsel and costs", matters.open_cases),
    ("files of vouchers", papers.vouchers),
    ("advances", advances.advances),
    ("hearings", matters.hearings),
    ("trials linked to cases", panel.linked_trials),
    ("deadlines", procedure.deadlines),
    ("remedies asked of other bodies", procedure.filings),
    ("circumstances, papers and talks", life.circumstances),
    ("a lawyer abroad", counsel.abroad),
    ("a lawyer who was disbarred", counsel.disbarred),
    ("a lawyer who is suspended", counsel.suspended),
    ("requests for help", asking.requests),
    ("words of clients and families", asking.voices),
    ("somebody recorded twice", asking.recorded_twice),
    ("words of witnesses, related people", desks.witnesses),
    ("filters, a draft, a hand-over", desks.half_done),
    ("campaign pages", giving.campaigns),
    ("monthly gifts", processor.monthly),
    ("donors who left an address", donors.donors),
    ("refunds and payouts", processor.after_gifts),
    ("payouts to the bank", processor.payouts),
    ("running costs", giving.running_costs),
    ("a grant that ended", agreements.ended_grant),
    ("the running grant", agreements.running_grant),
    ("a pledge", agreements.pledge),
    ("teams", watching.teams),
    ("broken glass", watching.watched),
    ("bank statements", bank.statements),
    ("somebody forgotten, somebody held", forgetting.forget),
    ("an audit under way", audit.audit),
    ("words on a variance, reports that come due", reporting.all_of_it),
]


def make(size: str, say: Say) -> World:
    """Everything, through the real actions. ``say`` hears what is being made."""
    world = World(size=SIZES[size], now=timezone.now().replace(microsecond=0), say=say)
    for what, part in PARTS:
        say(f"  {what}")
        part(world)
    say("  a match run and a report")
    from cases.actions.matching import run_match

    run_match(by=world.staff["coordinator"], at=world.now)
    scope = Scope("funding-statement", world.start.date(), world.now.date())
    auditor = world.staff["auditor"]
    job = actions.ask_report(
        scope=scope, formats=["pdf", "xlsx", "csv", "json"], language="en", by=auditor, at=world.now
    )
    tasks.run(job.pk)
    return world


def sign_ins() -> str:
    """Who can sign in and how, for the one who started the demo."""
    lines = ["Sign in at /desk/ with one of these aliases; the password of all is:", f"    {office.PASSWORD}"]
    lines += [
        f"    {alias:<8} {role}"
        for alias, role in [*office.ACCOUNTS.values(), (counsel.ALIAS, "lawyer abroad, at /counsel/")]
    ]
    lines += [
        "Donors sign in at /en/my/ by a code; letters lie under mail/ in the data directory:",
        f"    {donors.IN_TOUCH}  {donors.RECEIPT}  {donors.LARGE}",
    ]
    return "\n".join(lines)
