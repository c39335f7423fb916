"""Two people for what needs two: the same person or session never counts twice."""

import datetime
import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import approvals
from accounts.actions.people import close_account, end_role, grant_role
from accounts.models import Approval, RoleGrant, User
from tests import people

pytestmark = pytest.mark.django_db


def ask(by: User, at: datetime.datetime, object_id: uuid.UUID, role: str = "treasurer") -> Approval:
    return approvals.request_approval(
        kind="role.grant", object_id=object_id, payload={"role": role}, summary="For the audit", by=by, at=at
    )


@pytest.fixture
def admin() -> User:
    return people.administrator()


@pytest.fixture
def officer() -> User:
    return people.second_officer()


@pytest.fixture
def newcomer() -> User:
    return people.stranger()


def test_a_role_takes_two_people(admin: User, officer: User, newcomer: User, at: datetime.datetime) -> None:
    with pytest.raises(approvals.NeedsSecondPerson):
        grant_role(user=newcomer, role="treasurer", by=admin, at=at)
    asked = ask(admin, at, newcomer.pk)
    with pytest.raises(approvals.NeedsSecondPerson):
        grant_role(user=newcomer, role="treasurer", by=admin, at=at)
    approvals.decide_approval(approval=asked, agrees=True, by=officer, at=at)
    grant_role(user=newcomer, role="treasurer", by=admin, at=at)
    assert User.objects.get(pk=newcomer.pk).has("money.pay")
    assert Approval.objects.get().state == "used"


def test_an_approval_covers_only_what_was_asked(
    admin: User, officer: User, newcomer: User, at: datetime.datetime
) -> None:
    approvals.decide_approval(approval=ask(admin, at, newcomer.pk), agrees=True, by=officer, at=at)
    with pytest.raises(approvals.NeedsSecondPerson):
        grant_role(user=newcomer, role="coordinator", by=admin, at=at)
    with pytest.raises(approvals.NeedsSecondPerson):
        grant_role(user=officer, role="treasurer", by=admin, at=at)
    grant_role(user=newcomer, role="treasurer", by=admin, at=at)
    end_role(role_grant=RoleGrant.objects.get(user=newcomer), by=admin, at=at)
    with pytest.raises(approvals.NeedsSecondPerson):
        grant_role(user=newcomer, role="treasurer", by=admin, at=at)


def test_nobody_decides_what_they_asked_for(admin: User, newcomer: User, at: datetime.datetime) -> None:
    with pytest.raises(approvals.SamePerson):
        approvals.decide_approval(approval=ask(admin, at, newcomer.pk), agrees=True, by=admin, at=at)


def test_nobody_decides_in_the_session_that_asked(
    admin: User, officer: User, newcomer: User, at: datetime.datetime
) -> None:
    admin.session_mark = officer.session_mark = "one browser"
    with pytest.raises(approvals.SamePerson):
        approvals.decide_approval(approval=ask(admin, at, newcomer.pk), agrees=True, by=officer, at=at)


def test_the_database_refuses_one_person_as_two(admin: User, newcomer: User, at: datetime.datetime) -> None:
    asked = ask(admin, at, newcomer.pk)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "update accounts_approval set state = 'approved', decided_by_id = asked_by_id,"
            " decided_at = asked_at"
        )
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update accounts_approval set state = 'approved'")
    assert Approval.objects.get(pk=asked.pk).state == "asked"


def test_only_some_roles_decide(admin: User, newcomer: User, at: datetime.datetime) -> None:
    with pytest.raises(approvals.MayNotDecide):
        approvals.decide_approval(
            approval=ask(admin, at, newcomer.pk), agrees=True, by=people.coordinator(), at=at
        )


def test_a_role_lost_in_between_takes_the_approval_with_it(
    admin: User, officer: User, newcomer: User, at: datetime.datetime
) -> None:
    approvals.decide_approval(approval=ask(admin, at, newcomer.pk), agrees=True, by=officer, at=at)
    end_role(role_grant=RoleGrant.objects.get(user=officer), by=admin, at=at)
    with pytest.raises(approvals.MayNotDecide):
        grant_role(user=newcomer, role="treasurer", by=admin, at=at)


def test_refused_and_old_requests_open_nothing(
    admin: User, officer: User, newcomer: User, at: datetime.datetime
) -> None:
    refused = approvals.decide_approval(approval=ask(admin, at, newcomer.pk), agrees=False, by=officer, at=at)
    with pytest.raises(approvals.AlreadyDecided):
        approvals.decide_approval(approval=refused, agrees=True, by=officer, at=at)
    old = ask(admin, at, newcomer.pk)
    later = at + datetime.timedelta(days=15)
    with pytest.raises(approvals.AlreadyDecided):
        approvals.decide_approval(approval=old, agrees=True, by=officer, at=later)
    with pytest.raises(approvals.NeedsSecondPerson):
        grant_role(user=newcomer, role="treasurer", by=admin, at=at)


def test_kinds_are_a_closed_list(admin: User, at: datetime.datetime) -> None:
    with pytest.raises(KeyError):
        approvals.request_approval(kind="anything", object_id=uuid.uuid4(), payload={}, by=admin, at=at)


def test_a_closed_account_may_do_nothing(officer: User, admin: User, at: datetime.datetime) -> None:
    close_account(user=officer, by=admin, at=at)
    again = User.objects.get(pk=officer.pk)
    assert not again.has("approvals.decide")
    assert again.roles == frozenset()
