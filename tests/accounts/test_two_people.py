"""The whole table of what takes two people, by one mechanism: for every kind the same refusals."""

import datetime
import re
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from accounts import approvals
from accounts.actions.people import end_role
from accounts.approvals import ASKS, DECIDES
from accounts.models import Approval, RoleGrant, User
from accounts.permissions import PERMISSIONS
from audit.actions import action
from tests import people

ROOMS = ("accounts", "treasury", "lawyers", "cases", "donations", "reports", "web", "config")
# What the design lists -> the kinds that stand for it.
DESIGN = {
    "payee or route change": "payee.change",
    "payment above limits": "payment",
    "refund above limits": "refund",
    "allocation": "allocation",
    "standing authority": "standing-authority",
    "erasure": "erasure",
    "bulk export": "bulk-export",
    "role grant": "role.grant",
    "portal for a lawyer": "lawyer.portal",
}


@action("test.done")
def act(*, kind: str, object_id: uuid.UUID, by: User, at: datetime.datetime) -> Approval:
    return approvals.use_approval(kind=kind, object_id=object_id, payload={"x": 1}, by=by, at=at)


def test_every_kind_says_who_asks_and_who_decides() -> None:
    assert set(ASKS) == set(DECIDES)
    assert set(DESIGN.values()) <= set(DECIDES)
    named = {permission for asks in ASKS.values() for permission in asks} | set(DECIDES.values())
    assert named <= set(PERMISSIONS)
    for kind, permission in DECIDES.items():
        assert PERMISSIONS[permission].roles, kind


def test_every_kind_is_used_up_by_an_act() -> None:
    acts = [
        text
        for room in ROOMS
        for path in Path(settings.BASE_DIR, room).rglob("*.py")
        if re.search(r"\b(use_approval|second_person)\(", text := path.read_text())
        and path.name not in {"approvals.py", "second.py"}
    ]
    used = {kind for kind in DECIDES if any(f'"{kind}"' in text for text in acts)}
    assert set(DECIDES) == used


def test_no_room_keeps_a_two_person_rule_of_its_own() -> None:
    """Whoever writes a column of a second person has used the one mechanism up before."""
    own = re.compile(r"\bApproval\.objects\.(create|insert_many)\b|state=.approved.,\s*decided_by")
    found = [
        str(path.relative_to(settings.BASE_DIR))
        for room in ROOMS
        for path in Path(settings.BASE_DIR, room).rglob("*.py")
        if own.search(path.read_text())
    ]
    assert found == ["accounts/approvals.py"]


def _person(permission: str, alias: str) -> User:
    return people.person(alias, min(PERMISSIONS[permission].roles))


@pytest.mark.django_db
def test_for_every_kind_one_person_is_never_two(at: datetime.datetime) -> None:
    """One walk over the table: same person, same session, a decider or an asker who lost the role."""
    for number, kind in enumerate(sorted(DECIDES)):
        asker = _person(ASKS[kind][0], f"asker-{number}")
        decider = _person(DECIDES[kind], f"decider-{number}")
        outsider = people.person(f"outsider-{number}")
        _refusals(kind, asker, decider, outsider, at)


def _refusals(kind: str, asker: User, decider: User, outsider: User, at: datetime.datetime) -> None:
    def asked(by: User = asker) -> Approval:
        return approvals.request_approval(kind=kind, object_id=uuid.uuid4(), payload={"x": 1}, by=by, at=at)

    def agreed() -> Approval:
        return approvals.decide_approval(approval=asked(), agrees=True, by=decider, at=at)

    def carry_out(approval: Approval, by: User) -> Callable[[], object]:
        return lambda: act(kind=kind, object_id=approval.object_id, by=by, at=at)

    with pytest.raises(approvals.MayNotAsk):
        asked(outsider)
    with pytest.raises(approvals.NeedsSecondPerson):
        carry_out(asked(), asker)()
    with pytest.raises(approvals.SamePerson):
        approvals.decide_approval(approval=asked(), agrees=True, by=asker, at=at)
    with pytest.raises(approvals.MayNotDecide):
        approvals.decide_approval(approval=asked(), agrees=True, by=outsider, at=at)
    asker.session_mark = decider.session_mark = f"one browser for {kind}"
    with pytest.raises(approvals.SamePerson):
        agreed()
    decider.session_mark = "another browser"
    with pytest.raises(approvals.SamePerson):  # whoever agreed does not carry it out too
        carry_out(agreed(), decider)()
    taken = agreed()
    asker.session_mark = "another browser"
    with pytest.raises(approvals.SamePerson):
        carry_out(taken, asker)()
    asker.session_mark = "a third browser"
    assert act(kind=kind, object_id=taken.object_id, by=asker, at=at).state == "used"
    with pytest.raises(approvals.NeedsSecondPerson):
        carry_out(taken, asker)()
    _roles_change(kind, agreed(), agreed(), asker, decider, at)


def _roles_change(
    kind: str, first: Approval, second: Approval, asker: User, decider: User, at: datetime.datetime
) -> None:
    """Between the agreement and the act the asker and the decider change roles."""
    for role in RoleGrant.objects.filter(user=asker, ended_at=None):
        end_role(role_grant=role, by=people.SETUP, at=at)
    with pytest.raises(approvals.MayNotAsk):
        act(kind=kind, object_id=first.object_id, by=decider_stand_in(asker), at=at)
    people._roles(user=asker, roles=tuple(sorted(PERMISSIONS[DECIDES[kind]].roles)), by=people.SETUP, at=at)
    again = User.objects.get(pk=asker.pk)
    waiting = Approval.objects.filter(kind=kind, state="asked", asked_by=asker).first()
    assert waiting is not None
    with pytest.raises(approvals.SamePerson):  # the new role does not make the asker their own second person
        approvals.decide_approval(approval=waiting, agrees=True, by=again, at=at)
    for role in RoleGrant.objects.filter(user=decider, ended_at=None):
        end_role(role_grant=role, by=people.SETUP, at=at)
    with pytest.raises(approvals.MayNotDecide):
        act(kind=kind, object_id=second.object_id, by=again, at=at)


def decider_stand_in(asker: User) -> User:
    """The asker as the database knows them now, without what an instance remembers of roles."""
    return User.objects.get(pk=asker.pk)


@pytest.mark.django_db
def test_without_the_check_at_the_act_a_lost_role_would_still_count(
    at: datetime.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: with the look at the decider's role switched off, the act goes through."""
    asker, decider = people.administrator(), people.second_officer()
    asked = approvals.request_approval(
        kind="role.grant", object_id=uuid.uuid4(), payload={"x": 1}, by=asker, at=at
    )
    approvals.decide_approval(approval=asked, agrees=True, by=decider, at=at)
    end_role(role_grant=RoleGrant.objects.get(user=decider), by=people.SETUP, at=at)
    with pytest.raises(approvals.MayNotDecide):
        act(kind="role.grant", object_id=asked.object_id, by=asker, at=at)
    monkeypatch.setattr(User, "has", lambda _user, _permission: True)
    assert act(kind="role.grant", object_id=asked.object_id, by=asker, at=at).state == "used"
