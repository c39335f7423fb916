"""One table says who may open which page, and the pages keep to it."""

import pytest
from django.db import connection
from django.urls import reverse

from accounts.permissions import PERMISSIONS
from accounts.sheet import as_markdown
from tests.web.access import DOORS, SHEET, TABLE, addresses, table
from tests.web.desk import Desk, signed_in


def test_the_table_is_the_one_that_was_read_and_agreed() -> None:
    expected, found = TABLE.read_text().splitlines(), table().splitlines()
    missing = [row for row in expected if row not in found]
    new = [row for row in found if row not in expected]
    assert not missing, f"rows that are no longer so: {missing}; run python -m tests.web.access and read it"
    assert not new, f"pages that nobody wrote down: {new}; run python -m tests.web.access and read it"


def test_the_page_of_documentation_is_the_table_as_it_is() -> None:
    assert SHEET.read_text() == as_markdown(), "run python -m tests.web.access and read the difference"


def test_every_page_of_the_desk_is_guarded_by_permissions_that_exist() -> None:
    desk = [(path, view) for path, _name, view in addresses() if path.startswith("desk/")]
    assert len(desk) > 40
    for path, view in desk:
        assert getattr(view, "permissions", ()), f"{path} is open to everybody"
        assert set(view.permissions) <= set(PERMISSIONS), path


# Answers that must be asked for something; the tests of the log do.
ASKED_FOR = {"desk:log-proof"}


@pytest.mark.django_db
def test_pages_answer_as_the_table_says() -> None:
    """Every page of the desk without a key in its address, asked by one person for each role.

    Roles are compared before an engine is asked: PostgreSQL hears one who may and one who may not.
    """
    desk = Desk.made()
    clients = {role: (user, signed_in(user)) for role, user in desk.everybody.items()}
    asked = 0
    for path, name, view in addresses():
        if not path.startswith("desk/") or "<" in path or name in ASKED_FOR:
            continue
        url = reverse(name)
        heard: set[bool] = set()
        for role, (user, client) in clients.items():
            opened = any(user.has(permission) for permission in view.permissions)
            if opened in heard and connection.vendor == "postgresql":
                continue
            heard.add(opened)
            answer = client.get(url).status_code
            if answer == 405:
                continue
            assert answer == (200 if opened else 404), f"{role} at {path}: {answer}"
            asked += 1
        assert signed_in(None).get(url).status_code in (302, 405), path
    assert asked > 100


@pytest.mark.django_db
def test_the_account_sends_people_who_are_not_signed_in_to_sign_in() -> None:
    asked = 0
    for path, name, _view in addresses():
        if not path.startswith("account/") or name in DOORS or "<" in path:
            continue
        answer = signed_in(None).get(reverse(name))
        assert answer.status_code == 302, name
        assert "/account/login/" in answer["Location"], name
        asked += 1
    assert asked >= 10
