"""What every test has: both databases, a key file, books that must balance at the end, a fixed moment."""

import os
from datetime import UTC, datetime

import hypothesis
import pytest
from django.utils import translation

from tests.plugins.databases import (
    _books_in_order,
    _guards_lifted_for_the_flush,
    child_env,
    django_db_setup,
    pytest_collection_modifyitems,
    pytest_configure,
)
from tests.plugins.standing import desk_made, kept_for_the_file, money_made, office_made

__all__ = [
    "_books_in_order",
    "_guards_lifted_for_the_flush",
    "child_env",
    "desk_made",
    "django_db_setup",
    "kept_for_the_file",
    "money_made",
    "office_made",
    "pytest_collection_modifyitems",
    "pytest_configure",
]

# Two cores shared with a browser make single examples slow; a slow example is no wrong one.
hypothesis.settings.register_profile(
    "suite",
    deadline=None,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture],
)
hypothesis.settings.register_profile(
    "thorough", parent=hypothesis.settings.get_profile("suite"), max_examples=2000
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


@pytest.fixture(autouse=True, scope="session")
def _key_file() -> None:
    """A key file of this run's own, made by the code that makes the real one."""
    from django.conf import settings

    from vault import keyfile

    if not settings.KEY_FILE.exists():
        keyfile.create(settings.KEY_FILE)


@pytest.fixture(autouse=True, scope="session")
def _sweeps_wait_for_no_other_worker() -> None:
    """A sweep waits for every transaction on the server, here those of other workers' databases."""
    from tests.plugins import sweeping

    sweeping.wait_for_nobody()


@pytest.fixture(autouse=True)
def _language_of_its_own() -> None:
    """A page in Belarusian leaves its language to the thread; the next test begins without it."""
    translation.deactivate()


@pytest.fixture
def at() -> datetime:
    """Return the moment at which a test acts, a Monday morning; the clock of the machine is never read."""
    return datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
