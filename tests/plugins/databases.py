"""How tests meet the two databases: all of them, with the guards lifted only to empty the tables."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import quote

import pytest

_TEARDOWN = "_fixture_teardown"  # private, but the only place where Django empties the tables
_FIXTURES = {"db", "transactional_db", "live_server"}


def pytest_configure(config: pytest.Config) -> None:
    """Make passwords cheap for the whole run."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["tests.plugins.passwords.QuickArgon2PasswordHasher"]
    config.addinivalue_line("markers", "broken_books(reason): the test breaks the money laws on purpose")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let every database test use the key store too: hardly an action works without it."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark is not None or _FIXTURES & set(getattr(item, "fixturenames", ())):
            wanted = {"databases": "__all__", **(mark.kwargs if mark else {})}
            item.add_marker(pytest.mark.django_db(*(mark.args if mark else ()), **wanted), append=False)


@pytest.fixture(autouse=True, scope="session")
def _guards_lifted_for_the_flush() -> Iterator[None]:
    """Append-only tables refuse the flush after a transactional test, as they should."""
    from django.db import connections
    from django.test import TestCase, TransactionTestCase

    from audit import guards

    original = getattr(TransactionTestCase, _TEARDOWN)

    def teardown(case: Any) -> None:
        with ExitStack() as lifted:
            for connection in connections.all(initialized_only=True):
                lifted.enter_context(guards.lifted(connection))
            original(case)

    assert getattr(TestCase, _TEARDOWN) is not original, "a rollback needs no lifting"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, _TEARDOWN, teardown)
        yield


@pytest.fixture(autouse=True)
def _books_in_order(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each database test, before its rows go, the money laws hold."""
    touches_books = request.node.get_closest_marker("django_db") is not None
    if touches_books:
        request.getfixturevalue("_django_db_helper")
    yield
    if touches_books and request.node.get_closest_marker("broken_books") is None:
        require_money_laws()


def require_money_laws() -> None:
    """Fail with the broken laws and their differences."""
    from django.db import connection

    from treasury import laws

    if connection.needs_rollback:  # an error the test expected has already undone all of it
        return
    broken = [law for law in laws.check() if not law.ok]
    assert not broken, f"the test left the books in disorder: {broken}"


@pytest.fixture
def child_env(transactional_db: None) -> dict[str, str]:
    """Return the environment for a process that is to share this test's databases and data directory.

    Only for transactional tests: another process cannot see into an open transaction.
    """
    import os

    from django.db import connections

    addresses = {"DATABASE_URL": _address("default"), "KEY_DATABASE_URL": _address("keys")}
    assert set(connections) == {"default", "keys"}
    return {**os.environ, **addresses}


def _address(alias: str) -> str:
    from django.db import connections

    settings = connections[alias].settings_dict
    if connections[alias].vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    account = quote(settings["USER"], safe="")
    if settings["PASSWORD"]:
        account += f":{quote(settings['PASSWORD'], safe='')}"
    if settings["HOST"].startswith("/"):
        return f"postgresql://{account}@/{settings['NAME']}?host={settings['HOST']}"
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    return f"postgresql://{account}@{settings['HOST']}{port}/{settings['NAME']}"
