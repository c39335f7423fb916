"""What funders agreed to: reports, a limit ahead, indirect costs, a grant that ended; and a pledge."""

import datetime

from config.demo.world import SETUP, World
from treasury import agreed, chart
from treasury.actions import agreements, pledges
from treasury.actions.grants import Foreign, Line, ReportDue, open_grant, receive_instalment
from treasury.actions.other_gifts import book_other_gift, other_gift_terms
from treasury.kinds import AccountKind, Category, ReportKind, VoucherKind
from treasury.models import Fund, Grant

EVIDENCE = (VoucherKind.INVOICE, VoucherKind.OFFICE_RECEIPT, VoucherKind.AGREEMENT, VoucherKind.PAYROLL)


def report_dates(world: World) -> list[ReportDue]:
    """One report that was due, one that is, one for the end of the two years of the large grant."""
    start, today = world.start.date(), world.now.date()
    due = today + datetime.timedelta(days=24)
    end = start + datetime.timedelta(days=730)
    return [
        ReportDue(
            ReportKind.NARRATIVE, start + datetime.timedelta(days=90), today - datetime.timedelta(days=40)
        ),
        ReportDue(ReportKind.FINANCIAL, today, due),
        ReportDue(ReportKind.FINAL, end, end + datetime.timedelta(days=60)),
    ]


def ended_grant(world: World) -> None:
    """A grant in crowns that ended: part of it could not be spent."""
    at, treasurer = world.start, world.staff["treasurer"]
    starts, ends = at.date(), world.now.date() - datetime.timedelta(days=21)
    grant = open_grant(
        code="fjord",
        name="Travel of families",
        funder="Fjord Fund",
        agreement_ref="FF-2026-7",
        amount_minor=2_550_000,
        starts_on=starts,
        ends_on=ends,
        lines=[Line("Travel and visits", 2_550_000, (Category.TRAVEL, Category.VISIT))],
        instalments=[(starts + datetime.timedelta(days=20), 2_550_000)],
        evidence=[VoucherKind.INVOICE, VoucherKind.WITNESSED_NOTE],
        reports=[ReportDue(ReportKind.FINAL, ends, ends + datetime.timedelta(days=30))],
        foreign=Foreign("NOK", 30_000_000, (30_000_000,)),
        by=treasurer,
        at=at,
    )
    came = starts + datetime.timedelta(days=23)
    instalment = grant.instalments.get()
    receive_instalment(
        instalment=instalment, amount_minor=2_541_800, received_on=came, by=treasurer, at=world.now
    )
    back = 1_750_000
    world.agreed(
        "allocation",
        grant.pk,
        agreements.return_terms(grant=grant, amount_minor=back),
        by=treasurer,
        at=world.now,
    )
    on = world.now.date() - datetime.timedelta(days=16)
    agreements.return_unspent(grant=grant, amount_minor=back, on=on, by=treasurer, at=world.now)


def running_grant(world: World) -> None:
    """The board lets commitments rest on the next instalment; indirect costs of the year are taken."""
    treasurer, at = world.staff["treasurer"], world.now
    grant = Grant.objects.get(fund=world.funds["grant"])
    limit = min(5_000_000, agreed.outstanding_minor(grant))
    terms = agreements.ahead_terms(grant=grant, limit_minor=limit)
    world.agreed("allocation", grant.pk, terms, by=treasurer, at=at)
    agreements.set_ahead_limit(grant=grant, limit_minor=limit, by=treasurer, at=at)
    free = chart.fund(grant.fund).balance.free_minor  # many cases may have used all that has come
    if taken := min(agreed.indirect_left_minor(grant) // 2, free):
        agreements.take_indirect(
            grant=grant, amount_minor=taken, target=world.funds["general"], by=treasurer, at=at
        )
    narrative = grant.reports.get(kind=ReportKind.NARRATIVE)
    sent = narrative.due_on - datetime.timedelta(days=3)
    agreements.record_report_sent(report=narrative, sent_on=sent, by=treasurer, at=at)


def pledge(world: World) -> None:
    """Somebody doubles what is given for medical staff, up to 2,000, which is there already."""
    treasurer, today = world.staff["treasurer"], world.now.date()
    made = pledges.open_pledge(
        fund=world.funds["medical-staff"],
        code="medical-pledge",
        name="Pledge for medical staff",
        limit_minor=200_000,
        starts_on=world.start.date(),
        ends_on=today + datetime.timedelta(days=14),
        by=treasurer,
        at=world.start,
    )
    _paid_in(world, made.source, 200_000, today - datetime.timedelta(days=30))
    pledges.double_gifts(by=SETUP, at=world.now)


def _paid_in(world: World, fund: Fund, amount_minor: int, on: datetime.date) -> None:
    treasurer = world.staff["treasurer"]
    gift = {
        "fund": fund,
        "amount_minor": amount_minor,
        "place": AccountKind.CASH,
        "received_on": on,
        "evidence": "Counted by two.",
    }
    terms = other_gift_terms(**gift)  # type: ignore[arg-type]
    world.agreed("other-gift", fund.pk, terms, by=treasurer, at=world.now)
    book_other_gift(**gift, by=treasurer, at=world.now)  # type: ignore[arg-type]
