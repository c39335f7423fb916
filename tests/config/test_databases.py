"""What the suite does around every database test, tried on itself."""

import datetime

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.db import connection, connections

from audit import guards
from tests import people
from tests.plugins.databases import require_money_laws
from treasury import laws
from treasury.actions.funds import book_opening_balance, open_fund
from treasury.kinds import FundKind


@pytest.mark.django_db
def test_books_out_of_order_are_noticed(monkeypatch: pytest.MonkeyPatch, at: datetime.datetime) -> None:
    told = {"by": people.SETUP, "at": at}
    fund = open_fund(code="general", name="General fund", kind=FundKind.GENERAL, **told)
    with monkeypatch.context() as patch:
        patch.setitem(laws.LAWS, "invented", lambda: -5)
        require_money_laws()  # not asked while nothing stands in the books
        book_opening_balance(fund=fund, amount_minor=5_000, on=at.date(), **told)
        with pytest.raises(AssertionError, match=r"invented.*-5"):
            require_money_laws()


@pytest.mark.django_db
def test_the_mark_alone_gives_both_databases() -> None:
    from vault.models import SubjectKey

    assert SubjectKey.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_guards_stand_before_and_after_the_tables_are_emptied(turn: int) -> None:
    for each in connections.all():
        assert guards.missing(each) == []
    assert sum(len(guard.triggers) for guard in guards.expected(connection)) > 0


def test_passwords_are_cheap_but_the_real_algorithm() -> None:
    assert identify_hasher(make_password("long enough")).algorithm == "argon2"
