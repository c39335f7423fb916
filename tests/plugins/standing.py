"""Worlds that the tests of one file share: made once, and each test's own changes are undone.

The file's world stands in a transaction of the file; each test runs in a savepoint of it and gets copies of
the objects, so none sees what another did. Tests that ask for no such world come first in their file
(``tests/plugins/order.py``), before it is there.
"""

import datetime
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.treasury.world import World
    from tests.web.desk import Desk
    from tests.web.desk_cases import Desk as Office

KEPT = "kept"
MONDAY = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)


@pytest.fixture(scope="module", name=KEPT)
def kept_for_the_file(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A transaction on each database, taken back after the file's last test."""
    from django.db import connections

    with django_db_blocker.unblock(), ExitStack() as stack:
        for alias in connections:
            stack.enter_context(_taken_back(alias))
        yield


@pytest.fixture(scope="module")
def money_made(kept: None) -> "World":
    """A treasurer, a second officer and 1,000.00 in the general fund; take a copy for each test."""
    from tests.treasury.world import World

    return World.made()


@pytest.fixture(scope="module")
def desk_made(kept: None) -> "Desk":
    """People of each role, a case, money for it; take a ``copy.deepcopy`` for each test."""
    from tests.web.desk import Desk

    return Desk.made()


@pytest.fixture(scope="module")
def office_made(kept: None) -> "Office":
    """A coordinator and the lists of courts and articles, on a Monday morning; take a copy for each test."""
    from django.utils import timezone

    from cases.actions.reference import load_reference
    from tests import people
    from tests.web.desk_cases import Desk as Office

    with pytest.MonkeyPatch.context() as clock:
        clock.setattr(timezone, "now", lambda: MONDAY)
        office = Office(MONDAY)
        load_reference(by=people.SETUP, at=MONDAY)
    return office


@contextmanager
def _taken_back(alias: str) -> Iterator[None]:
    from django.db import transaction

    block: Any = transaction.atomic(using=alias)
    block._from_testcase = True  # as Django's own TestCase: "durable" is judged without it
    with block:
        yield
        transaction.set_rollback(True, using=alias)
