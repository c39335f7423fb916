"""The room of people: names, roles by two people, closing accounts, what waits for a colleague."""

import copy
import uuid

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.approvals import DECIDES, request_approval
from accounts.models import Approval, User
from accounts.permissions import ROLES, STAFF, TABLE
from tests import people
from tests.web.desk import Desk, send, signed_in, status, words
from web.desk.people.approvals import KINDS, waiting_count


@pytest.fixture
def desk(desk_made: Desk, db: None) -> Desk:
    return copy.deepcopy(desk_made)


def test_who_enters(desk: Desk) -> None:
    assert desk.who_enters("desk:people") == {"administrator", "second-officer"}
    assert desk.who_enters("desk:member", desk.treasurer.pk) == {"administrator", "second-officer"}
    assert desk.who_enters("desk:person-add") == {"administrator"}
    assert desk.who_enters("desk:role-ask", desk.treasurer.pk) == {"administrator"}
    assert desk.who_enters("desk:approvals") == STAFF
    assert desk.who_enters("desk:access") == STAFF


def test_names_are_read_here(desk: Desk) -> None:
    page = words(signed_in(desk.administrator).get(reverse("desk:people")))
    for user in (desk.treasurer, desk.stranger):
        assert user.username.title() in page
    assert "Treasurer" in page


def test_a_person_is_added_and_signs_in_with_the_password_shown_once(desk: Desk) -> None:
    client = signed_in(desk.administrator)
    fields = {"username": "juniper", "name": "An Invented Person", "language": "en"}
    page = send(client, "desk:person-add", **fields)
    added = User.objects.get(username="juniper")
    assert added.check_password(page.context["password"])
    assert page.context["password"] in words(page)
    again = send(client, "desk:person-add", **fields)
    assert "Somebody signs in under this alias already." in words(again)
    odd = send(client, "desk:person-add", **{**fields, "username": "Jane Doe"})
    assert "Small letters, figures, dots and dashes." in words(odd)


def test_a_role_is_given_by_two_people(desk: Desk) -> None:
    admin, second = signed_in(desk.administrator), signed_in(desk.second)
    whom = desk.stranger
    assert "Asked." in words(send(admin, "desk:role-ask", whom.pk, role="auditor", until="2099-12-31"))
    asked = Approval.objects.get(kind="role.grant")
    own = words(admin.get(reverse("desk:approvals")))
    assert "Waits for a colleague" in own
    assert admin.post(reverse("desk:approval-decide", args=[asked.pk]), {"answer": "yes"}).status_code == 302
    asked.refresh_from_db()
    assert asked.state == "asked"
    waiting = words(second.get(reverse("desk:approvals")))
    assert whom.short in waiting
    assert "Auditor" in waiting
    assert waiting_count(desk.second, timezone.now()) == 1
    assert "You agreed." in words(send(second, "desk:approval-decide", asked.pk, answer="yes"))
    link = next(row.page for row in admin.get(reverse("desk:approvals")).context["mine"])
    done = admin.post(
        link, {"role": "auditor", "until": "2099-12-31", "once": "role-of-a-test-0001"}, follow=True
    )
    assert "The role is given." in words(done)
    assert User.objects.get(pk=whom.pk).has("audit.see")
    ended = send(admin, "desk:role-end", whom.role_grants.get().pk)
    assert "The role has ended." in words(ended)
    assert not User.objects.get(pk=whom.pk).has("audit.see")


def test_a_refused_role_is_not_given(desk: Desk) -> None:
    admin = signed_in(desk.administrator)
    send(admin, "desk:role-ask", desk.stranger.pk, role="auditor", until="2099-12-31")
    asked = Approval.objects.get(kind="role.grant")
    refused = send(signed_in(desk.second), "desk:approval-decide", asked.pk, answer="no")
    assert "You refused." in words(refused)
    again = send(signed_in(desk.second), "desk:approval-decide", asked.pk, answer="yes")
    assert "This was decided already" in words(again)
    send(admin, "desk:role-ask", desk.stranger.pk, role="auditor", until="2099-12-31")
    assert not User.objects.get(pk=desk.stranger.pk).has("audit.see")


def test_an_account_is_closed_but_not_ones_own(desk: Desk) -> None:
    client = signed_in(desk.administrator)
    own = send(client, "desk:account-close", desk.administrator.pk)
    assert "This is your own account." in words(own)
    gone = signed_in(desk.coordinator)
    assert gone.get(reverse("desk:approvals")).status_code == 200
    assert "The account is closed" in words(send(client, "desk:account-close", desk.coordinator.pk))
    assert gone.get(reverse("desk:approvals")).status_code == 302
    assert status(desk.second, "desk:account-close", desk.coordinator.pk) == 405


@pytest.mark.parametrize("kind", sorted(DECIDES))
def test_each_kind_waits_for_those_who_decide_it(desk: Desk, kind: str) -> None:
    asker = people.person("aspen", "administrator", "coordinator", "second-officer", "treasurer")
    request_approval(
        kind=kind,
        object_id=uuid.uuid4(),
        payload={},
        summary="what it is about",
        by=asker,
        at=timezone.now(),
    )
    assert kind in KINDS
    asked = Approval.objects.get(kind=kind, state="asked")
    for role, user in desk.everybody.items():
        if role == "stranger":
            continue
        client = signed_in(user)
        listed = client.get(reverse("desk:approvals")).context["waiting"]
        decides = user.has(DECIDES[kind])
        assert [row.approval.pk for row in listed] == ([asked.pk] if decides else []), role
        if not decides:
            answer = client.post(reverse("desk:approval-decide", args=[asked.pk]), {"answer": "yes"})
            assert answer.status_code == 404
    assert "what it is about" in words(signed_in(asker).get(reverse("desk:approvals")))


def test_requests_that_ran_out_are_not_listed(desk: Desk) -> None:
    request_approval(kind="claim", object_id=uuid.uuid4(), payload={}, by=desk.treasurer, at=people.START)
    assert signed_in(desk.second).get(reverse("desk:approvals")).context["waiting"] == []


def test_the_access_table_is_the_one_the_program_uses(desk: Desk) -> None:
    page = signed_in(desk.auditor).get(reverse("desk:access"))
    assert len(page.context["rows"]) == len(TABLE)
    for permission, cells in page.context["rows"]:
        held = {role for role, cell in zip(ROLES, cells, strict=True) if cell}
        assert held == permission.roles
    assert all(str(permission.text) in words(page) for permission in TABLE)


def test_the_list_costs_the_same_however_long(desk: Desk) -> None:
    client = signed_in(desk.administrator)

    def count() -> int:
        client.get(reverse("desk:people"))
        with (
            CaptureQueriesContext(connections["default"]) as main,
            CaptureQueriesContext(connections["keys"]) as keys,
        ):
            client.get(reverse("desk:people"))
        return len(main) + len(keys)

    few = count()
    for number in range(4):
        people.person(f"person-{number}", "auditor")
    assert count() == few
    assert few <= 14
