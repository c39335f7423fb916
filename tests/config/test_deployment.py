"""Production starts only with safe settings: each unsafe one is refused before anything is served."""

import os
import runpy
from pathlib import Path
from typing import Any

import pytest
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from config import env
from tests.plugins.deployment import production, run_checks

# What a running process cannot change under itself; none of it is what the cases below are about.
FIXED = {"DATABASES", "DATABASE_ROUTERS", "INSTALLED_APPS", "STORAGES"}


def complaints(changes: dict[str, str], data: Path, patch: pytest.MonkeyPatch) -> list[str]:
    """What is said against production with some variables changed: by the settings file or by the checks."""
    for name in set(os.environ) - {"PATH", "HOME", "TMPDIR"}:
        patch.delenv(name)
    for name, value in (production(data) | changes).items():
        patch.setenv(name, value)
    try:
        values: dict[str, Any] = runpy.run_path(str(env.ROOT / "config" / "settings.py"))
    except ImproperlyConfigured as refused:
        return [str(refused)]
    chosen = {name: value for name, value in values.items() if name.isupper() and name not in FIXED}
    with override_settings(**chosen):
        found = checks.run_checks(tags=[checks.Tags.security], include_deployment_checks=True)
    return [f"{each.id} {each.msg}" for each in found]


@pytest.mark.long
def test_an_unsafe_start_ends_the_program() -> None:
    done = run_checks({"ALLOWED_HOSTS": "*"}, only=("security",))
    assert done.returncode != 0
    assert "abarona.E010" in done.stderr


def test_nothing_is_said_against_the_smallest_production(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert complaints({}, tmp_path, monkeypatch) == []


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "security.W009"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set"),
        ({"ALLOWED_HOSTS": "*"}, "abarona.E010"),
        ({"STRIPE_BASE_URL": "http://127.0.0.1:8010"}, "abarona.E014"),
        ({"STRIPE_BASE_URL": "http://127.0.0.1:8010", "STRIPE_API_KEY": "sk_test_1"}, "abarona.E015"),
        ({"SECOND_FACTOR_REQUIRED": "0"}, "abarona.E016"),
        ({"DEBUG": "1"}, "security.W018"),
        ({"DEBUG": "perhaps"}, "DEBUG is a switch"),
        ({"SSL_REDIRECT": "0"}, "security.W008"),
        ({"CHECKPOINT_ADDRESSES": "board@fund.example"}, "abarona.E018"),
    ],
    ids=[
        "no-key",
        "short-key",
        "no-hosts",
        "any-host",
        "live-key-elsewhere",
        "sandbox",
        "one-factor",
        "debug",
        "typing-error",
        "plain-http",
        "checkpoints-without-a-relay",
    ],
)
def test_an_unsafe_setting_is_refused(
    changes: dict[str, str], complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = complaints(changes, tmp_path, monkeypatch)
    assert any(complaint in each for each in said), said
