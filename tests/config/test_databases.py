"""What the suite does around every database test, tried on itself."""

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.db import connection, connections

from audit import guards
from tests.plugins.databases import require_money_laws
from treasury import laws


@pytest.mark.django_db
def test_books_out_of_order_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    require_money_laws()
    with monkeypatch.context() as patch:
        patch.setitem(laws.LAWS, "invented", lambda: -5)
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
