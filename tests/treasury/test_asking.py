"""A question is built once and answered by the database each time."""

import datetime
import threading

import pytest
from django.db import connection
from django.db.models import Sum

from tests.treasury.world import AT, World
from treasury import asking
from treasury.models import Fund, Transfer

_built: list[str] = []


def received(code: str) -> asking.Rows:
    """What came into a fund, as a question that says how often it is built."""
    _built.append(code)
    into = Transfer.objects.filter(credit__code=code).order_by()
    return into.values_list("fund_id", "journal__booked_on").annotate(total=Sum("amount_minor"))


def lists() -> asking.Rows:
    return Fund.objects.values_list("categories")


def test_it_is_built_once_and_asked_each_time(world: World) -> None:
    _built.clear()
    asking._built.cache_clear()
    for total in (100_000, 100_001, 100_003):
        assert asking.rows(received, "fund:general") == [(world.general.id, AT.date(), total)]
        world.gift(total - 99_999)
    assert _built == ["fund:general"]
    assert asking.rows(received, "fund:none") == []
    assert _built == ["fund:general", "fund:none"]


def test_values_have_the_types_of_a_query_set(world: World) -> None:
    world.fund("rent", "general", categories=["rent"])
    assert sorted(asking.rows(lists)) == [([],), (["rent"],)]
    ((fund, day, total),) = asking.rows(received, "fund:general")
    assert (fund, type(day), type(total)) == (world.general.id, datetime.date, int)


@pytest.mark.django_db(transaction=True)
def test_another_thread_asks_over_its_own_connection(shared_world: World) -> None:
    asking.rows(received, "fund:general")
    amounts, connections = [], []

    def ask() -> None:
        amounts.extend(total for _fund, _day, total in asking.rows(received, "fund:general"))
        connections.append(id(connection.connection))
        connection.close()

    other = threading.Thread(target=ask)
    other.start()
    other.join()
    assert amounts == [100_000]
    assert connections != [id(connection.connection)]
