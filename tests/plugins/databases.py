"""How tests meet the two databases: all of them, with the guards lifted only to empty the tables.

On PostgreSQL tests run as the program's role, which owns nothing; see ``tests/plugins/roles.py``.
"""

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.plugins import postgres, roles

_TEARDOWN = "_fixture_teardown"  # private, but the only place where Django empties the tables
_FIXTURES = {"db", "transactional_db", "live_server", "child_env"}


def pytest_configure(config: pytest.Config) -> None:
    """Make passwords and clients cheap for the whole run."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["tests.plugins.passwords.QuickArgon2PasswordHasher"]
    # Else each new client of a test looks through all static files, as a server does once when it starts.
    settings.WHITENOISE_AUTOREFRESH = True
    roles.set_up_as_owner()
    config.addinivalue_line("markers", "each_engine: the test meets the engine in a way of its own")
    config.addinivalue_line("markers", "broken_books(reason): the test breaks the money laws on purpose")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let every database test use the key store too: hardly an action works without it.

    A test that meets no database says the same on both engines: on PostgreSQL it is left out, unless it
    is marked ``each_engine`` or EVERY_TEST is set, as where lines are counted.
    """
    alike = []
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark is not None or _FIXTURES & set(getattr(item, "fixturenames", ())):
            wanted = {"databases": "__all__", **(mark.kwargs if mark else {})}
            item.add_marker(pytest.mark.django_db(*(mark.args if mark else ()), **wanted), append=False)
        elif item.get_closest_marker("each_engine") is None:
            alike.append(item)
    if os.environ["TEST_ENGINE"] == "postgresql" and alike and not os.environ.get("EVERY_TEST"):
        config.hook.pytest_deselected(items=alike)
        left_out = set(alike)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Make the databases as their owner; everything after that is done as the program."""
    with django_db_blocker.unblock():
        roles.act_as_program()
    yield
    with django_db_blocker.unblock():
        from django.db import connections

        roles.act_as_owner()
        # No database is dropped while somebody is in it: a thread, or what was opened beside a browser.
        for alias in connections:
            roles.end_other_connections(connections[alias])


@pytest.fixture(autouse=True, scope="session")
def _guards_lifted_for_the_flush() -> Iterator[None]:
    """Append-only tables refuse to be emptied after a transactional test, as they should."""
    from django.db import connections
    from django.test import TestCase, TransactionTestCase

    from audit import guards
    from tests.plugins.emptying import empty

    original = getattr(TransactionTestCase, _TEARDOWN)

    def teardown(case: Any) -> None:
        for connection in connections.all(initialized_only=True):
            with roles.as_owner(connection):
                empty(connection)

    assert getattr(TestCase, _TEARDOWN) is not original, "a rollback needs no lifting"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, _TEARDOWN, teardown)
        patch.setattr(guards, "remove", roles.by_owner_from_here(guards.remove))
        patch.setattr(guards, "install", roles.by_owner_until_here(guards.install))
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

    from tests.plugins.books import nothing_in_the_books
    from treasury import laws

    if connection.needs_rollback:  # an error the test expected has already undone all of it
        return
    if nothing_in_the_books(connection):
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

    addresses = {"DATABASE_URL": address("default"), "KEY_DATABASE_URL": address("keys")}
    assert set(connections) == {"default", "keys"}
    if connections["default"].vendor == "postgresql":
        owners = addresses["DATABASE_URL"]
        addresses |= {"MIGRATE_DATABASE_URL": owners, "DATABASE_URL": postgres.as_app(owners)}
    return {**os.environ, **addresses}


def address(alias: str) -> str:
    """Return the address of this run's test database, as its owner signs in."""
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
