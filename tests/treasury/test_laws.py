"""Each money law is broken once, behind the guards, and says so."""

import copy
import json
import re
from collections import Counter
from collections.abc import Hashable
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.plugins import books as plugin
from tests.plugins.tampering import take_down_guards
from tests.treasury.costs import grant, paid
from tests.treasury.test_pledges import promised
from tests.treasury.world import AT, TODAY, WORKER, World, raw
from treasury import asking, laws
from treasury.actions import periods
from treasury.actions.payments import pay_claim
from treasury.kinds import FundKind

_MUTANTS = {
    "journals-balance": "update treasury_transfer set amount_minor = amount_minor + 7"
    " where line = 1 and id like 'gift:%'",
    "debits-are-credits": "update treasury_balance set credit_posted = credit_posted + 7 where guard = 'C'",
    "totals-as-recomputed": "update treasury_balance set debit_posted = debit_posted + 7"
    " where account_id in (select id from treasury_account where code = 'bank:main')",
    "funds-are-net-assets": "update treasury_balance set credit_posted = credit_posted + 7"
    " where account_id in (select id from treasury_account where code = 'clearing:stripe')",
    "batches-add-up": "update treasury_lot set remaining_minor = remaining_minor + 7",
    "holds-are-pending": "update treasury_hold set remaining_minor = 7 where remaining_minor > 7",
    "ceilings-as-approved": "update treasury_ceiling set total_minor = total_minor + 7",
    "claims-as-paid": "update treasury_claim set base_minor = base_minor + 7 where status = 'paid'",
    "advances-as-held": "update treasury_balance set debit_posted = debit_posted + 7 where guard = 'D'",
    "instalments-as-booked": "update treasury_instalment set received_minor = received_minor + 7",
    "clearing-explained": "update treasury_transfer set category = 'rent' where line = 1"
    " and id like 'gift:%'",
    "one-fund-each": "update treasury_transfer set fund_id = "
    "(select id from treasury_fund where code = 'other') where kind = 'post_pend' and batch_id is not null",
    "one-funder-each": "update treasury_transfer set fund_id = "
    "(select id from treasury_fund where code = 'other') where kind = 'post_pend' and batch_id is not null",
    "costs-as-restricted": "update treasury_fund set kind = 'pledge' where code = 'general'",
    "grant-lines-as-agreed": "update treasury_grantline set amount_minor = amount_minor + 7",
    "grant-lines-as-spent": "update treasury_transfer set amount_minor = amount_minor + 7"
    " where kind = 'pend' and debit_id in (select id from treasury_account where kind = 'grant_line')",
    "ahead-as-limited": "update treasury_grant set ahead_minor = 7",
    "grant-returns-as-booked": "update treasury_grant set returned_minor = 7",
    "evidence-as-accepted": "update treasury_grant set evidence = '[\"bank_note\"]',"
    " fund_id = (select id from treasury_fund where code = 'general')",
    "doublings-as-booked": "update treasury_pledge set doubled_minor = doubled_minor + 7",
    "numbers-have-no-gap": "update treasury_counter set last_number = last_number + 7",
    "closed-periods-stand": "update treasury_transfer set amount_minor = amount_minor + 7"
    " where id like 'gift:%'",
}
# Broken by a whole amount, not by the seven cents of the mutant.
_WHOLE = {
    "holds-are-pending",
    "clearing-explained",
    "one-fund-each",
    "one-funder-each",
    "costs-as-restricted",
    "evidence-as-accepted",
}
# These two also stand as CHECK constraints, so a mutant drops those first.
_CHECKED = {
    "commitments-within-funds": "('fund', 'reserve')",
    "commitments-within-ceilings": "('ceiling')",
    "commitments-within-lines": "('grant_line')",
}


@pytest.fixture
def books(books_made: World, db: None) -> World:
    return copy.deepcopy(books_made)


@pytest.fixture(scope="module")
def books_made(money_made: World) -> World:
    """Something of everything, and a commitment that still holds."""
    world = money_made
    paid(world, agreed=10_000, claimed=9_000)
    grant(world, paid_minor=500)
    world.commit(400)
    advance = world.approved(world.advance(300, world.commit(300)))
    pay_claim(claim=advance, by=world.treasurer, at=AT)
    promised(world, world.general)
    world.fund("other", FundKind.GROUP)
    periods.close_period(ends_on=TODAY, by=WORKER, at=AT.replace(day=20))
    return world


def test_all_laws_hold(books: World) -> None:
    assert [law for law in laws.check() if not law.ok] == []
    assert {law.name for law in laws.check()} >= {*_MUTANTS, *_CHECKED}


def test_laws_are_answered_as_query_sets_would_answer(books: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = set()
    build = asking._built

    def noted(question: asking.Question, vendor: str, *given: Hashable) -> Any:
        asked.add((question, given))
        return build(question, vendor, *given)

    monkeypatch.setattr(asking, "_built", noted)
    laws.check()
    assert len(asked) > 40
    for question, given in asked:
        assert Counter(map(repr, asking.rows(question, *given))) == Counter(map(repr, question(*given)))


@pytest.mark.broken_books("mutants")
@pytest.mark.parametrize("name", _MUTANTS)
def test_a_broken_law_says_so(books: World, name: str) -> None:
    take_down_guards(_MUTANTS[name])
    raw(_MUTANTS[name].replace("%", "%%"))
    broken = {law.name: law.difference_minor for law in laws.check() if not law.ok}
    assert name in broken
    assert broken[name] % 7 == 0 or name in _WHOLE


@pytest.mark.broken_books("mutants")
@pytest.mark.parametrize("name", _CHECKED)
def test_a_law_that_is_also_a_constraint_says_so(books: World, name: str) -> None:
    # The guard letter is taken away first: the constraint then lets the row pass, the law does not.
    take_down_guards("treasury_balance")
    raw(
        "update treasury_balance set guard = '', debit_posted = credit_posted + 7, debit_pending = 0"
        f" where account_id in (select id from treasury_account where kind in {_CHECKED[name]})"
    )
    broken = {law.name: law.difference_minor for law in laws.check() if not law.ok}
    assert broken[name] > 0


@pytest.mark.broken_books("mutants")
def test_totals_of_an_account_without_a_balance_are_missed(books: World) -> None:
    take_down_guards("treasury_balance")
    raw("delete from treasury_balance where guard = ''")
    assert laws.totals_as_recomputed() > 0


@pytest.mark.broken_books("mutants")
def test_an_advance_out_for_no_paid_claim_is_missed(books: World) -> None:
    take_down_guards("treasury_account")
    raw("update treasury_account set subject_id = null where kind = 'advance'")
    assert laws.advances_as_held() == 300


def test_check_money_proves_the_laws(books: World) -> None:
    out = StringIO()
    call_command("check_money", stdout=out)
    assert "journals-balance" in out.getvalue()
    assert "BROKEN" not in out.getvalue()


def test_check_money_tells_uncovered_losses(books: World) -> None:
    spring = books.fund("spring", FundKind.CAMPAIGN)
    books.gift(-500, fee_minor=600, fund=spring, at=AT.replace(day=20))
    out = StringIO()
    call_command("check_money", stdout=out)
    assert "no fund has covered yet: 5.00 EUR" in out.getvalue()


@pytest.mark.broken_books("a mutant")
def test_check_money_fails_on_a_broken_law(books: World) -> None:
    take_down_guards(_MUTANTS["batches-add-up"])
    raw(_MUTANTS["batches-add-up"])
    out = StringIO()
    with pytest.raises(CommandError, match="batches-add-up"):
        call_command("check_money", "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert found["ok"] is False
    assert {law["name"] for law in found["laws"] if not law["ok"]} == {"batches-add-up"}
    assert set(found["laws"][0]) == {"name", "difference_minor", "ok"}


def test_a_room_above_adds_its_law(books: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laws, "LAWS", dict(laws.LAWS))
    laws.register("always", lambda: 0)
    assert laws.check()[-1] == laws.Law("always", 0)


@pytest.mark.django_db
def test_a_law_looks_only_at_what_a_test_is_asked_about() -> None:
    """The teardown of a test skips the laws while these tables are empty."""
    watched = {apps.get_model(name)._meta.db_table for name in (*plugin.MONEY, *plugin.STANDING)}
    with CaptureQueriesContext(connection) as asked:
        assert all(law.ok for law in laws.check())
    begun_at = {table for query in asked for table in re.findall(r'FROM "(\w+)"', query["sql"])}
    assert begun_at >= {"treasury_transfer", "donations_fact"}
    # Places where money can be, which say nothing without rows of money.
    assert begun_at - watched == {"treasury_fund", "treasury_bankaccount"}
