"""One's own account: sessions, tokens, the square code, and doors that stay shut."""

import io

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.actions.access import find_token, issue_token
from accounts.models import ApiToken, User
from audit.models import Event
from tests import people
from tests.web.desk import send, signed_in, status, words

pytestmark = pytest.mark.django_db


def test_own_sessions_are_listed_and_ended() -> None:
    user, other = people.auditor(), people.treasurer()
    here, there, theirs = signed_in(user), signed_in(user), signed_in(other)
    for client in (here, there, theirs):
        client.get(reverse("desk:approvals"))
    page = here.get(reverse("sessions"))
    rows = page.context["sessions"]
    assert [row["is_current"] for row in rows].count(True) == 1
    assert len(rows) == 2
    assert all(row["ends_at"] > timezone.now() for row in rows)
    elsewhere = next(row["mark"] for row in rows if not row["is_current"])
    assert here.session.session_key not in page.content.decode()
    assert there.session.session_key not in page.content.decode()
    done = here.post(reverse("sessions"), {"session": elsewhere}, follow=True)
    assert "The session has ended." in words(done)
    assert there.get(reverse("desk:approvals")).status_code == 302
    assert here.get(reverse("desk:approvals")).status_code == 200
    assert Event.objects.filter(kind="session.ended", actor_id=user.actor_id).exists()


def test_nobody_ends_the_session_of_somebody_else() -> None:
    mine, theirs = signed_in(people.auditor()), signed_in(people.treasurer())
    theirs.get(reverse("desk:approvals"))
    mark = theirs.get(reverse("sessions")).context["sessions"][0]["mark"]
    answer = mine.post(reverse("sessions"), {"session": mark}, follow=True)
    assert "This session has ended already." in words(answer)
    assert theirs.get(reverse("desk:approvals")).status_code == 200


def test_sessions_keep_nothing_about_the_browser() -> None:
    client = signed_in(people.auditor())
    client.get(reverse("sessions"), HTTP_USER_AGENT="Unmistakable/1", REMOTE_ADDR="203.0.113.9")
    for row in Session.objects.all():
        kept = str(row.get_decoded())
        assert "Unmistakable" not in kept
        assert "203.0.113.9" not in kept


def test_strangers_are_sent_to_sign_in() -> None:
    for name in ("sessions", "totp-qr", "api-tokens"):
        assert signed_in(None).get(reverse(name)).status_code == 302


def test_the_square_code_is_a_picture_of_the_secret_that_is_being_set_up() -> None:
    client = signed_in(people.auditor())
    assert client.get(reverse("totp-qr")).status_code == 404
    session = client.session
    session["mfa.totp.secret"] = "JBSWY3DPEHPK3PXP"
    session.save()
    answer = client.get(reverse("totp-qr"))
    assert answer["Content-Type"] == "image/png"
    assert answer["Cache-Control"] == "no-store"
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.width == picture.height > 150
    session["mfa.totp.secret"] = "KRSXG5CTMVRXEZLU"
    session.save()
    assert client.get(reverse("totp-qr")).content != answer.content


def test_nobody_signs_up_or_leaves_an_address() -> None:
    client = signed_in(None)
    assert "Accounts are given by invitation" in words(client.get(reverse("account_signup")))
    fields = {"username": "intruder", "password1": people.PASSWORD, "email": "a@example.org"}
    for name in ("account_signup", "account_reset_password", "account_email"):
        assert client.post(reverse(name), fields).status_code == 405
        assert (
            signed_in(people.person(f"of-{name.replace('_', '-')}", "auditor"))
            .post(reverse(name), fields)
            .status_code
            == 405
        )
    assert not User.objects.filter(username="intruder").exists()


def test_a_token_is_shown_once_and_works_until_it_is_ended() -> None:
    user = people.auditor()
    client = signed_in(user)
    fields = {"scopes": ["money.see", "reports.build"], "once": "token-of-a-test-001"}
    page = client.post(reverse("api-tokens"), fields)
    text = page.context["text"]
    token = find_token(text, timezone.now())
    assert token is not None
    assert token.scopes == "money.see reports.build"
    assert text in words(page)
    assert text not in words(client.get(reverse("api-tokens")))
    again = client.post(reverse("api-tokens"), fields)
    assert "This was done already." in words(again)
    assert ApiToken.objects.count() == 1
    assert "The token has ended." in words(send(client, "api-token-end", token.pk))
    assert find_token(text, timezone.now()) is None


def test_a_token_carries_only_what_the_person_may_do() -> None:
    client = signed_in(people.auditor())
    offered = dict(client.get(reverse("api-tokens")).context["form"].fields["scopes"].choices)
    assert "audit.see" in offered
    assert "money.pay" not in offered
    refused = send(client, "api-tokens", scopes=["money.pay"])
    assert "Select a valid choice" in words(refused)
    assert not ApiToken.objects.exists()


def test_nobody_ends_the_token_of_somebody_else() -> None:
    user = people.auditor()
    token, text = issue_token(user=user, scopes=["audit.see"], by=user, at=timezone.now())
    other = signed_in(people.treasurer())
    url = reverse("api-token-end", args=[token.pk])
    assert other.post(url, {"once": "x" * 20}).status_code == 404
    assert find_token(text, timezone.now()) is not None


def test_tokens_are_for_people_with_a_role() -> None:
    assert status(people.stranger(), "api-tokens") == 404
    assert status(people.person("gull", "lawyer"), "api-tokens") == 200
    assert settings.SESSION_ENGINE == "accounts.sessions"
