"""Production starts only with safe settings: each unsafe one is refused before anything is served."""

import pytest

from tests.plugins.deployment import run_checks


def test_the_smallest_production_passes_every_check() -> None:
    done = run_checks()
    assert done.returncode == 0, done.stderr


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
    ],
)
def test_an_unsafe_setting_is_refused(changes: dict[str, str], complaint: str) -> None:
    done = run_checks(changes)
    assert done.returncode != 0
    assert complaint in done.stdout + done.stderr
