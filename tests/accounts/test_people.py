"""Accounts, roles, grants, tokens and the table that says who may do what."""

import datetime
import uuid

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError

from accounts import approvals, permissions
from accounts.actions import access
from accounts.actions import people as acts
from accounts.models import ApiToken, Grant, RoleGrant, User
from accounts.sessions import SessionStore
from tests import people

pytestmark = pytest.mark.django_db


def test_the_table_is_readable_and_closed() -> None:
    named = {role for permission in permissions.TABLE for role in permission.roles}
    assert named == set(permissions.ROLES)
    assert len(permissions.PERMISSIONS) == len(permissions.TABLE)
    assert all(permission.text and not permission.text.endswith(".") for permission in permissions.TABLE)
    assert set(approvals.DECIDES.values()) <= set(permissions.PERMISSIONS)
    with pytest.raises(KeyError):
        permissions.roles_may(frozenset({"auditor"}), "everything")


def test_auditors_and_administrators_change_no_money_and_no_cases() -> None:
    changing = {"cases.open", "cases.work", "money.book", "money.pay", "money.approve", "claims.enter"}
    for role in ("auditor", "administrator"):
        assert not any(permissions.roles_may(frozenset({role}), name) for name in changing)
    assert not permissions.roles_may(frozenset({"treasurer"}), "money.approve")


def test_aliases_are_unique_and_passwords_long(at: datetime.datetime) -> None:
    people.coordinator()
    with pytest.raises(acts.UsernameTaken):
        people.coordinator()
    with pytest.raises(ValidationError):
        acts.add_user(username="short", password="abc", name="", by=people.SETUP, at=at)


def test_a_changed_password_is_an_event_and_works(at: datetime.datetime) -> None:
    user = people.coordinator()
    acts.change_password(user=user, password="another long sentence", by=user, at=at)
    again = User.objects.get(pk=user.pk)
    assert again.check_password("another long sentence")
    assert not again.check_password(people.PASSWORD)
    assert str(again) == again.get_short_name() == str(user.pk)[:8]
    assert User.objects.get_by_natural_key("alder") == user


def test_the_first_people_begin_without_a_second(at: datetime.datetime) -> None:
    user, other = people.stranger(), people.stranger("gorse")
    with pytest.raises(KeyError):
        acts.grant_first_roles(roles=[(user, "emperor")], by=people.SETUP, at=at)
    with pytest.raises(acts.HasRole):
        acts.grant_first_roles(roles=[(user, "auditor"), (user, "auditor")], by=people.SETUP, at=at)
    roles = [(user, "administrator"), (other, "second-officer")]
    acts.grant_first_roles(roles=roles, by=people.SETUP, at=at)
    with pytest.raises(approvals.NeedsSecondPerson):
        acts.grant_first_roles(roles=[(people.stranger("hazel"), "auditor")], by=people.SETUP, at=at)
    assert set(User.objects.active().staff()) == {user, other}


def test_refreshing_reloads_roles(at: datetime.datetime) -> None:
    user = people.auditor()
    assert user.has("audit.see")
    acts.end_role(role_grant=RoleGrant.objects.get(user=user), by=people.SETUP, at=at)
    user.refresh_from_db()
    assert not user.has("audit.see")


def test_grants_end_and_the_newer_replaces_the_older(at: datetime.datetime) -> None:
    user, case = people.coordinator(), uuid.uuid4()
    give = {"user": user, "object_kind": "case", "object_id": case, "by": user, "at": at}
    first = access.grant_access(kind="helper", reason="holiday cover", **give)
    second = access.grant_access(kind="deputy", until=at + datetime.timedelta(days=1), **give)
    assert list(Grant.objects.live(at).of(user)) == [second]
    assert Grant.objects.get(pk=first.pk).ended_at == at
    assert not Grant.objects.live(at + datetime.timedelta(days=2)).exists()
    access.end_access(grant=second, reason="no longer needed", by=user, at=at)
    assert not Grant.objects.live(at).exists()
    with pytest.raises(IntegrityError):
        access.grant_access(**{**give, "object_id": uuid.uuid4(), "until": at - datetime.timedelta(days=1)})


def test_tokens_are_shown_once_and_stored_as_digests(at: datetime.datetime) -> None:
    user = people.auditor()
    token, text = access.issue_token(user=user, scopes=["audit.see"], by=user, at=at)
    assert access.find_token(text, at) == token
    assert text.rpartition("_")[2] not in str(ApiToken.objects.values().get())
    assert token.allows("audit.see")
    assert not token.allows("reports.build")
    for wrong in (text + "x", text.replace("abarona", "other"), "", "abarona_0000000000_x"):
        assert access.find_token(wrong, at) is None
    assert access.find_token(text, at + datetime.timedelta(days=91)) is None
    access.end_token(token=token, by=user, at=at)
    assert access.find_token(text, at) is None


def test_a_token_cannot_do_more_than_its_person(at: datetime.datetime) -> None:
    user = people.auditor()
    for scope in ("money.pay", "everything"):
        with pytest.raises(access.UnknownScope):
            access.issue_token(user=user, scopes=[scope], by=user, at=at)


def test_closing_an_account_ends_all_it_could_do(at: datetime.datetime) -> None:
    user = people.auditor()
    _token, text = access.issue_token(user=user, scopes=["audit.see"], by=user, at=at)
    access.grant_access(user=user, object_kind="case", object_id=uuid.uuid4(), by=user, at=at)
    acts.close_account(user=user, by=people.SETUP, at=at)
    assert access.find_token(text, at) is None
    assert not Grant.objects.live(at).exists()
    assert not RoleGrant.objects.filter(ended_at=None).exists()


def test_session_keys_are_stored_as_digests() -> None:
    store = SessionStore()
    store["x"] = 1
    store.create()
    key = store.session_key
    assert key is not None
    assert not Session.objects.filter(session_key=key).exists()
    assert SessionStore(session_key=key)["x"] == 1
    assert store.exists(key)
    assert SessionStore(session_key="unknown").load() == {}
    store.delete(key)
    assert not Session.objects.exists()
    SessionStore().delete()


def test_verify_is_green_after_all_this(at: datetime.datetime) -> None:
    test_closing_an_account_ends_all_it_could_do(at)
    call_command("verify")


def test_the_first_two_accounts_come_from_a_command_that_works_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.management import CommandError

    monkeypatch.setattr("getpass.getpass", lambda prompt: people.PASSWORD)
    first = ["first_people", "--administrator", "elm", "--second-officer", "birch"]
    call_command(*first)
    assert User.objects.get(username="elm").has("people.manage")
    assert User.objects.get(username="birch").has("approvals.decide")
    with pytest.raises(CommandError) as stop:
        call_command(*first)
    assert stop.value.returncode == 2


def test_a_weak_first_password_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.management import CommandError

    monkeypatch.setattr("getpass.getpass", lambda prompt: "short")
    with pytest.raises(CommandError, match="too short"):
        call_command("first_people", "--administrator", "elm", "--second-officer", "birch")
    assert not User.objects.exists()
