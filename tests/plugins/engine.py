"""Chooses the database of a test run, before Django reads its settings: TEST_ENGINE=sqlite|postgresql.

Loaded by "-p" in pyproject.toml, because a conftest would come too late and the tests would silently
run on SQLite. Everything a run writes lies in one temporary directory, with a place of its own for
each worker; the next run removes what a killed one left behind.
"""

import atexit
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

import pytest

ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}

_FOLDER = "TEST_FOLDER"
_PREFIX = "abarona-tests-"
# What a developer has set for a real installation must never reach the tests.
_FOREIGN = (
    "ALLOWED_HOSTS", "BASE_CURRENCY", "CHECKPOINT_ADDRESSES", "FILES_DIR", "KEY_FILE", "LEAVE_URL",
    "LOG_KEY_FILE", "MIGRATE_DATABASE_URL", "ORGANISATION_NAME", "REPORTS_DIR",
    "SECOND_FACTOR_REQUIRED", "SECRET_KEY", "SECRET_KEY_FILE", "SITE_URL",
    "STRIPE_API_KEY", "STRIPE_API_KEY_FILE", "STRIPE_BASE_URL", "STRIPE_LIVE", "STRIPE_WEBHOOK_SECRETS",
    "STRIPE_WEBHOOK_SECRETS_FILE", "TIME_ZONE",
)  # fmt: skip


def chosen_engine() -> str:
    """Return the engine that TEST_ENGINE names. Raises pytest.UsageError on any other word."""
    engine = os.environ.get("TEST_ENGINE") or "sqlite"
    if engine not in ENGINES:
        raise pytest.UsageError(f"TEST_ENGINE must be one of {', '.join(ENGINES)}, not {engine!r}.")
    return engine


def pytest_addoption(parser: pytest.Parser) -> None:
    """Set the environment. This is the only hook that runs before pytest-django reads the settings."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if not worker:
        _prepare_run(chosen_engine())
    _prepare_process(chosen_engine(), Path(os.environ[_FOLDER]) / (worker or "alone"))


def pytest_report_header() -> str:
    """Name the engine at the start."""
    return f"engine: {ENGINES[chosen_engine()]}, data in {os.environ['DATA_DIR']}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the engine beside the closing figures."""
    terminalreporter.write_line(f"engine: {ENGINES[chosen_engine()]}")


def _prepare_run(engine: str) -> None:
    """In the process that the user started: one directory, one server."""
    _remove_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=f"new-{_PREFIX}"))
    owner = os.open(folder / "owner", os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(owner, fcntl.LOCK_EX)  # the system drops it when this process ends, in whatever way
    # Named only now: a run of the other engine that starts beside this one would take it for a leftover.
    folder = folder.rename(folder.with_name(folder.name.removeprefix("new-")))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ[_FOLDER] = str(folder)
    if engine == "postgresql":
        from tests.plugins import postgres

        if not os.environ.get("TEST_DATABASE_URL"):
            server = postgres.start()
            atexit.register(server.stop)
            os.environ["TEST_DATABASE_URL"] = server.url(postgres.DATABASES[0])
        postgres.create_app_role(os.environ["TEST_DATABASE_URL"])


def _prepare_process(engine: str, data: Path) -> None:
    """In each process that runs tests: its own data, and the addresses of its databases."""
    data.mkdir(mode=0o700, exist_ok=True)
    for name in _FOREIGN:
        os.environ.pop(name, None)
    os.environ.update(DATA_DIR=str(data), DEBUG="1", TEST_ENGINE=engine)
    if engine == "sqlite":
        os.environ["DATABASE_URL"] = f"sqlite:///{data}/abarona.sqlite3"
        os.environ["KEY_DATABASE_URL"] = f"sqlite:///{data}/keys.sqlite3"
    else:  # two roles, as in production
        from tests.plugins import postgres

        place, mark, options = os.environ["TEST_DATABASE_URL"].partition("?")
        os.environ["MIGRATE_DATABASE_URL"] = f"{place}{mark}{options}"
        os.environ["DATABASE_URL"] = postgres.as_app(os.environ["MIGRATE_DATABASE_URL"])
        os.environ["KEY_DATABASE_URL"] = f"{place}_keys{mark}{options}"


def _remove_leftovers() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            owner = os.open(folder / "owner", os.O_RDWR)
        except OSError:
            continue
        try:
            fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            pass
        finally:
            os.close(owner)
