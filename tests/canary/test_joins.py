"""From a stolen copy of the database no small gift leads to a payment, a lawyer or somebody's case."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.approvals import decide_approval, request_approval
from cases.models import Case
from donations.actions import campaigns
from donations.models import Donation
from donations.sandbox.server import Sandbox
from tests import people
from tests.api.world import World, make, with_cases
from tests.canary.joins import Graph, paths
from tests.canary.written import dump
from tests.web import visitors
from tests.web.showcase import Office
from tests.web.visitors import _no_kept_figures, sandbox
from treasury import batches
from treasury.actions import ceilings, claims, commitments, payees, payments
from treasury.actions.funds import open_fund
from treasury.kinds import Category, FundKind, PayeeKind, VoucherKind
from treasury.models import Fund

__all__ = ["_no_kept_figures", "sandbox"]
pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 4
MINUTE = datetime.timedelta(minutes=7, seconds=13)


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "LEAST_GIFTS", CROWD)


def gifts_to(fund: Fund, sandbox: Sandbox, purpose: str, odd: str) -> Donation:
    """As many gifts as a batch needs, of amounts that others give too, and one that nobody else gives."""
    for _number in range(CROWD):
        donation, _sent = visitors.give(Client(), purpose=purpose, amount="50")
        visitors.pay(Client(), sandbox, donation)
    donation, _sent = visitors.give(Client(), purpose=purpose, amount="other", other=odd)
    visitors.pay(Client(), sandbox, donation)
    assert donation.fund == fund
    return donation


def paid_case(world: World, case: Case, amount_minor: int, at: datetime.datetime) -> None:
    """A lawyer was asked; the fee is committed, claimed, approved and paid, each at a moment of its own."""
    moments = iter(at + MINUTE * step for step in range(1, 20))
    lines = {"fee": amount_minor}

    def approve(kind: str, key: Any, payload: dict[str, Any]) -> None:
        asked = request_approval(
            kind=kind, object_id=key, payload=payload, by=world.treasurer, at=next(moments)
        )
        decide_approval(approval=asked, agrees=True, by=world.second, at=next(moments))

    approve("ceiling", case.pk, ceilings.ceiling_terms(lines))
    ceilings.approve_ceiling(case_id=case.pk, lines=lines, by=world.treasurer, at=next(moments))
    held = commitments.commit(
        category=Category.FEE,
        amount_minor=amount_minor,
        case_id=case.pk,
        by=world.treasurer,
        at=next(moments),
    )
    payee = payees.add_payee(
        kind=PayeeKind.COUNSEL, name="Invented Payee", country="lt", by=world.treasurer, at=next(moments)
    )
    payee = payees.check_payee(payee=payee, by=world.second, at=next(moments))
    claim = claims.enter_claim(
        payee=payee, voucher_kind=VoucherKind.INVOICE, invoiced_on=at.date(), amount_minor=amount_minor,
        category=Category.FEE, number="N-77", case_id=case.pk, commitment=held,
        by=world.treasurer, at=next(moments),
    )  # fmt: skip
    approve("claim", claim.pk, claims.claim_terms(claim))
    claim = claims.approve_claim(claim=claim, by=world.treasurer, at=next(moments))
    payments.pay_claim(claim=claim, by=world.treasurer, at=next(moments))


def test_no_gift_leads_to_a_payment_a_lawyer_or_another_case(sandbox: Sandbox) -> None:
    world = with_cases(make())
    general = open_fund(
        code="general", name="General fund", kind=FundKind.GENERAL, by=people.SETUP, at=visitors.LONG_AGO
    )
    office = Office(world.coordinator, world.treasurer, world.second)
    office.agree(world.other_case)
    page = office.campaign([world.other_case, *office.cases(campaigns.LEAST_CASES - 1)])
    to_all = gifts_to(general, sandbox, "general", "83.17")
    to_campaign = gifts_to(page.fund, sandbox, str(page.pk), "61.39")
    later = timezone.now()
    paid_case(world, world.case, 9_000, later)
    paid_case(world, world.other_case, 8_000, later + MINUTE * 40)
    rows = dump(connection)
    graph = Graph(rows, CROWD)
    assert sum(len(each) for each in rows.values()) > 500
    for gift in (to_all, to_campaign):
        assert paths(graph, gift.pk) == []
        assert graph.is_crowd(gift.fund_id.hex)
    _the_rules_of_the_graph_bite(rows, to_all)


def _the_rules_of_the_graph_bite(rows: dict[str, list[dict[str, Any]]], gift: Donation) -> None:
    """The mutants: each is a join that somebody might add with the best intentions."""
    own = next(row for row in rows["donations_donation"] if str(row["id"]).replace("-", "") == gift.pk.hex)
    claim = rows["treasury_claim"][0]
    (paid,) = [row for row in rows["treasury_journal"] if row["kind"] == "payment"][:1]
    assert not paths(Graph(rows, CROWD), gift.pk)
    mutants = {
        "a nullable column": (claim, "gift_id", own["id"]),
        "a note of where the money came from": (claim, "reason", f"paid by {gift.pk}"),
        "the moment copied along": (paid, "copied_at", _attempted(rows, gift)),
        "the amount copied along": (claim, "donated_minor", gift.amount_minor),
        "a fact's id as the key": (paid, "key", f"payment:{_fact(rows, gift)}"),
    }
    for what, (row, name, value) in mutants.items():
        kept = row.get(name)
        row[name] = value
        assert paths(Graph(rows, CROWD), gift.pk), what
        row[name] = kept
    assert not paths(Graph(rows, CROWD), gift.pk)


def _attempted(rows: dict[str, list[dict[str, Any]]], gift: Donation) -> datetime.datetime:
    """The second of the attempt, put where no other gift of this quick test stands beside it."""
    key = gift.pk.hex
    for row in rows["donations_attempt"]:
        if str(row["donation_id"]).replace("-", "") == key:
            row["opened_at"] = visitors.LONG_AGO + MINUTE
    return visitors.LONG_AGO + MINUTE


def _fact(rows: dict[str, list[dict[str, Any]]], gift: Donation) -> Any:
    key = gift.pk.hex
    return next(
        row["object_id"]
        for row in rows["donations_fact"]
        if str(row["donation_id"]).replace("-", "") == key and row["kind"] == "settled"
    )
