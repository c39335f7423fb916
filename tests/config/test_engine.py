"""The suite runs on the engine it was asked to run on, and nowhere near real data."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections

from config import env


@pytest.mark.django_db
def test_the_engine_is_the_one_asked_for() -> None:
    assert connection.vendor == os.environ["TEST_ENGINE"]
    assert {each.vendor for each in connections.all()} == {os.environ["TEST_ENGINE"]}


@pytest.mark.django_db
def test_both_databases_are_test_databases_and_differ() -> None:
    names = {alias: str(connections[alias].settings_dict["NAME"]) for alias in connections}
    assert set(names) == {"default", "keys"}
    assert len(set(names.values())) == 2
    assert all("test" in Path(name).name for name in names.values())


def test_everything_written_stays_in_a_temporary_directory() -> None:
    folder = Path(os.environ["TEST_FOLDER"])
    assert folder.parent == Path(tempfile.gettempdir())
    for place in (settings.DATA_DIR, settings.KEY_FILE, settings.FILES_DIR, settings.REPORTS_DIR):
        assert Path(place).is_relative_to(folder)
    assert env.ROOT not in settings.DATA_DIR.parents


@pytest.mark.django_db(transaction=True)
def test_another_process_sees_the_same_databases(child_env: dict[str, str]) -> None:
    from django.contrib.contenttypes.models import ContentType

    made = ContentType.objects.create(app_label="invented", model="mark")
    script = (
        "import django; django.setup()\n"
        "from django.contrib.contenttypes.models import ContentType\n"
        "from vault.models import SubjectKey\n"
        "print(ContentType.objects.get(app_label='invented').pk, SubjectKey.objects.count())\n"
    )
    child_env["DJANGO_SETTINGS_MODULE"] = "config.settings"
    seen = subprocess.run(
        [sys.executable, "-c", script],
        env=child_env,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=env.ROOT,
    )
    assert seen.stdout.split() == [str(made.pk), "0"], seen.stderr


def test_an_unknown_engine_is_refused() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--co", "-q", __file__],
        env={**os.environ, "TEST_ENGINE": "oracle", "PYTEST_XDIST_WORKER": ""},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=env.ROOT,
    )
    assert run.returncode != 0
    assert "TEST_ENGINE must be one of sqlite, postgresql" in run.stdout + run.stderr
