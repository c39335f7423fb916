"""Sign-in tells nothing, keeps nothing about where from, and ends by itself."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions.people import close_account
from accounts.actions.sessions import sessions_of
from accounts.models import User
from accounts.sessions import BEGAN, SessionStore
from tests import people
from tests.web.desk import send, signed_in, words
from web.account.stepping import STEP_UP

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_kept_counts() -> Any:
    cache.clear()
    yield
    cache.clear()


WRONG = "not this one at all"


def attempt(alias: str, password: str = WRONG, client: Client | None = None) -> Any:
    return (client or Client()).post(reverse("account_login"), {"login": alias, "password": password})


def test_unknown_closed_and_wrong_are_one_answer_for_one_price(monkeypatch: pytest.MonkeyPatch) -> None:
    people.coordinator()
    close_account(user=people.coordinator("gone"), by=people.SETUP, at=people.START)
    hashed: list[str] = []
    hasher = hashers.get_hasher().__class__

    def counted(mark: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            hashed.append(mark)
            return work(*args, **kwargs)

        return run

    monkeypatch.setattr(hasher, "encode", counted("e", hasher.encode))
    monkeypatch.setattr(hasher, "verify", counted("v", hasher.verify))
    pages, prices = [], []
    for alias, password in (
        ("alder", "not this one at all"),
        ("nobody", "not this one at all"),
        ("gone", "not this one at all"),
        ("gone", people.PASSWORD),
    ):
        hashed.clear()
        answer = attempt(alias, password)
        assert answer.status_code == 200
        pages.append(re.sub(r'value="[^"]*"', "", words(answer)))
        prices.append(len(hashed))
    assert len(set(pages)) == 1
    assert set(prices) == {1}
    assert not Session.objects.exists() or all(
        "_auth_user_id" not in _data(row) for row in Session.objects.all()
    )


def _data(row: Session) -> dict[str, Any]:
    return SessionStore().decode(row.session_data)


def test_attempts_are_counted_without_alias_or_address() -> None:
    people.coordinator()
    client = Client(REMOTE_ADDR="203.0.113.77")
    answers = [words(attempt("alder", client=client)) for _each in range(12)]
    assert "Too many failed login attempts" in answers[-1] or "Too many" in answers[-1]
    assert "Too many" not in answers[0]
    assert "Too many" in words(attempt("alder", people.PASSWORD, client))
    kept = " ".join([*map(str, cache._cache), *map(str, cache._cache.values())])  # type: ignore[attr-defined]
    assert "rl" in kept
    for secret in (
        "203.0.113.77",
        "alder",
        "2bd806c97f0e00af1a1fc3328fa763a9269723c8db8fac4f93af71db186d6e90",
    ):
        assert secret not in kept
    import hashlib

    for bare in (b"alder", b"testserver:alder", b"203.0.113.77"):
        assert hashlib.sha256(bare).hexdigest() not in kept


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The time as sessions see it; ``clock(minutes=5)`` moves it on."""
    real = timezone.now
    ahead = [datetime.timedelta()]
    monkeypatch.setattr(timezone, "now", lambda: real() + ahead[0])

    def move(**time: int) -> None:
        ahead[0] += datetime.timedelta(**time)

    return move


def test_a_session_ends_when_idle_and_at_last_in_any_case(clock: Any, settings: Any) -> None:
    user = people.auditor()
    idle, busy = signed_in(user), signed_in(user)
    for client in (idle, busy):
        assert client.get(reverse("desk:approvals")).status_code == 200
    for _each in range(2):
        clock(minutes=50)
        assert busy.get(reverse("desk:approvals")).status_code == 200
    assert idle.get(reverse("desk:approvals")).status_code == 302
    for _each in range(12):
        clock(minutes=50)
        assert busy.get(reverse("desk:approvals")).status_code == 200
    clock(minutes=25)
    assert busy.get(reverse("desk:approvals")).status_code == 302  # twelve hours, whatever was done


def test_the_list_says_when_a_session_began(clock: Any) -> None:
    user = people.auditor()
    client = signed_in(user)
    client.get(reverse("desk:approvals"))
    began = timezone.now()
    clock(minutes=30)
    client.get(reverse("desk:approvals"))
    (row,) = sessions_of(user, timezone.now())
    assert abs((row.since_at - began).total_seconds()) < 60
    assert abs((row.ends_at - timezone.now()).total_seconds() - 3600) < 60
    assert BEGAN in _data(Session.objects.get())


def test_all_other_sessions_end_at_once() -> None:
    user, other = people.auditor(), people.treasurer()
    here, there, theirs = signed_in(user), signed_in(user), signed_in(other)
    for client in (here, there, theirs):
        client.get(reverse("desk:approvals"))
    assert "All other sessions have ended" in words(
        here.post(reverse("sessions"), {"others": "all"}, follow=True)
    )
    assert there.get(reverse("desk:approvals")).status_code == 302
    assert here.get(reverse("desk:approvals")).status_code == 200
    assert theirs.get(reverse("desk:approvals")).status_code == 200


def test_a_stolen_session_alone_carries_out_nothing_that_matters(settings: Any) -> None:
    settings.STEP_UP_REQUIRED = True
    admin, client = people.administrator(), Client()
    attempt("elm", people.PASSWORD, client)
    url = reverse("desk:role-ask", args=[people.auditor().pk])
    assert client.get(url).status_code == 200  # just signed in
    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [{**record, "at": record["at"] - 700} for record in records]
    session.save()
    answer = client.get(url)
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    posted = client.post(url, {"role": "auditor", "once": "x" * 20}, HTTP_REFERER=f"http://testserver{url}")
    assert posted["Location"].startswith(reverse("account_reauthenticate"))
    assert url.replace("/", "%2F") in posted["Location"]
    assert "role" not in str({key: value for key, value in client.session.items() if "reauth" in key})
    assert client.get(reverse("desk:worklist")).status_code == 200  # reading one's list takes no more
    assert client.get(answer["Location"]).status_code == 200
    back = client.post(answer["Location"], {"password": people.PASSWORD})
    assert back["Location"] == url
    assert client.get(url).status_code == 200
    elsewhere = client.post(url, {}, HTTP_REFERER="https://elsewhere.example/x")
    assert elsewhere.status_code == 200
    assert User.objects.get(pk=admin.pk).is_active


def test_the_step_up_table_names_pages_that_exist() -> None:
    from tests.web.access import addresses

    assert {name for _path, name, _view in addresses()} >= STEP_UP


def test_leaving_takes_a_press_once_signed_in() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.auditor())
    page = client.get("/leave/")
    assert page.status_code == 200
    assert client.get(reverse("desk:worklist")).status_code == 200  # a link or a picture ends nothing
    assert client.post("/leave/").status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    assert token is not None
    left = client.post("/leave/", {"csrfmiddlewaretoken": token[1]})
    assert left.status_code == 303
    assert left["Clear-Site-Data"]
    assert client.get(reverse("desk:worklist")).status_code == 302
    assert '<button type="submit" class="leave">' in page.content.decode()


def test_recovery_codes_and_secrets_lie_sealed() -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    user, secret = people.coordinator(), generate_totp_secret()
    TOTP.activate(user, secret)
    codes = RecoveryCodes.activate(user).generate_codes()
    stored = " ".join(str(row.data) for row in Authenticator.objects.filter(user=user))
    assert secret not in stored
    assert not [code for code in codes if code in stored]
    assert stored.count("s1.") == 2


def test_no_page_of_signing_in_carries_a_script_but_those_of_keys() -> None:
    from tests.web.access import addresses
    from web.middleware import KEY_PAGES

    user = people.auditor()
    client = signed_in(user)
    walked = 0
    for path, name, _view in addresses():
        if not path.startswith("account/") or "<" in path or path.endswith(".png"):
            continue
        for visitor in (client, Client()):
            answer = visitor.get(reverse(name))
            if answer.status_code != 200 or "html" not in answer.get("Content-Type", ""):
                continue
            text = answer.content.decode()
            walked += 1
            assert text.count("<h1") == 1, name
            assert "web/parts.css" in text, name
            if name not in KEY_PAGES:
                assert "<script" not in text, name
    assert walked >= 10
    assert send(client, "account_logout").status_code == 200
