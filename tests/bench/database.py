"""A database of its own for a bench, on the engine that TEST_ENGINE names."""

import os
import subprocess
import sys
from pathlib import Path

from tests.plugins import engine, roles


def prepare(*, as_owner: bool = False) -> None:
    """Make databases, keys and tables; Django is ready afterwards.

    ``as_owner`` connects as the tables' owner, who alone takes guards down to write rows in bulk.
    """
    chosen = engine.chosen_engine()
    engine._prepare_run(chosen)
    engine._prepare_process(chosen, Path(os.environ["TEST_FOLDER"]) / "bench")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from vault import keyfile

    if as_owner:
        roles.set_up_as_owner()
    settings.DEBUG = False  # with it, Django keeps every statement's text and time
    keyfile.create(settings.KEY_FILE)
    # On PostgreSQL tables are made by their owner, whom only this command line signs in as.
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=True)
    call_command("migrate", database="keys", verbosity=0)


def row(what: str, seconds: float, count: int, yardstick: float | None = None) -> None:
    """One line: how many a second, and how that compares with the yardstick's seconds for as many."""
    ratio = f"{yardstick / seconds:6.2f} x" if yardstick else "        "
    print(f"{what:<44} {count / seconds:9.0f} /s  {ratio}", flush=True)
