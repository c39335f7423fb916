"""Staff need a second factor, unless the machine is a developer's."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse

from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_in_production(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


def sign_in(client: Client, alias: str) -> Any:
    return client.post(reverse("account_login"), {"login": alias, "password": people.PASSWORD})


def test_without_one_every_room_leads_to_setting_it_up(client: Client) -> None:
    people.coordinator()
    sign_in(client, "alder")
    for name in ("desk:worklist", "desk:cases", "desk:lawyers"):
        answer = client.get(reverse(name))
        assert answer.status_code == 302
        assert answer["Location"] == reverse("mfa_activate_totp")


def test_with_one_the_password_alone_opens_nothing(client: Client) -> None:
    user = people.coordinator()
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    answer = sign_in(client, "alder")
    assert answer["Location"].startswith(reverse("mfa_authenticate"))
    assert client.get(reverse("desk:worklist")).status_code == 302
    code = f"{hotp_value(secret, next(yield_hotp_counters_from_time())):06}"
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert client.get(reverse("desk:worklist")).status_code == 200


def test_the_secret_is_stored_sealed() -> None:
    user = people.coordinator()
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    stored = str(Authenticator.objects.get(user=user).data)
    assert secret not in stored
    assert "s1." in stored


def test_wrong_passwords_and_unknown_aliases_read_alike(client: Client) -> None:
    people.coordinator()
    wrong = client.post(reverse("account_login"), {"login": "alder", "password": "not this one at all"})
    unknown = client.post(reverse("account_login"), {"login": "nobody", "password": "not this one at all"})
    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()
