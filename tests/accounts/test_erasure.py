"""Erasing a person: two people, one way, nothing left to read, and the books still prove."""

import datetime
import uuid

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from accounts import approvals
from accounts.actions import holds
from accounts.actions.access import find_token, grant_access, issue_token
from accounts.actions.erasure import erasure_terms
from accounts.erasing import carrying_out, proof, registry, staff
from accounts.erasing.obstacles import CannotBeErased, ErasedAlready, Held, obstacles
from accounts.models import Approval, Erasure, LegalHold, User
from accounts.sessions import SessionStore, stored_key
from audit.models import Event
from cases.actions.court import add_trial, schedule_hearing
from cases.actions.intake import receive_case
from cases.intake.facts import Intake
from cases.models import Case
from tests import people
from tests.accounts.erasing import agree, erase
from tests.treasury.world import AT, World
from treasury.actions.claims import reject_claim
from treasury.kinds import ReasonCode
from treasury.models import Payee
from vault import indexes, keys, reading
from vault.fields import ERASED
from vault.models import IndexEntry

pytestmark = pytest.mark.django_db
ASKED = Erasure.Basis.ASKED


@pytest.fixture
def admin() -> User:
    return people.administrator()


@pytest.fixture
def officer() -> User:
    return people.second_officer()


@pytest.fixture
def case(at: datetime.datetime) -> Case:
    intake = Intake(name="Каваленка Алена Пятроўна", contacts="sister, by message")
    return receive_case(intake=intake, by=people.coordinator(), at=at)


def test_one_person_alone_erases_nobody(case: Case, admin: User, at: datetime.datetime) -> None:
    with pytest.raises(approvals.NeedsSecondPerson):
        carrying_out.erase(subject_id=case.client_id, basis=ASKED, by=admin, at=at)
    asked = approvals.request_approval(
        kind="erasure", object_id=case.client_id, payload=erasure_terms(basis=ASKED), by=admin, at=at
    )
    with pytest.raises(approvals.SamePerson):
        approvals.decide_approval(approval=asked, agrees=True, by=admin, at=at)
    assert keys.exists(case.client_id)
    with pytest.raises(IntegrityError, match="accounts_erasure_two_people"), transaction.atomic():
        _forge(case.client_id)


def _forge(subject_id: uuid.UUID) -> None:
    value = str(subject_id) if connection.vendor == "postgresql" else subject_id.hex
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into accounts_erasure (id, version, subject_id, kind, basis, state, begun_at, figures)"
            " values (%s, 0, %s, 'client', 'asked', 'erasing', '2026-03-02 09:00:00', '{}')",
            [value, value],
        )


def test_an_erased_client_is_a_word_and_leaves_no_index(
    case: Case, admin: User, officer: User, at: datetime.datetime
) -> None:
    client = case.client
    assert IndexEntry.objects.filter(subject_id=client.pk).exists()
    done = erase(client.pk, admin, officer, at)
    assert done.state == Erasure.State.EMPTIED  # the sweep waits for the end of this test's transaction
    assert done.figures["index"] > 0
    assert not IndexEntry.objects.filter(subject_id=client.pk).exists()
    with reading.reading("staff:x", "test") as opened:
        shown = type(client).objects.get(pk=client.pk)
        assert shown.name is ERASED
        assert shown.history.first().name is ERASED
        assert str(shown.name) == "erased"
        assert not opened.opened
        with pytest.raises(keys.Erased):
            indexes.replace("client.name", client.pk, ["abcdef"])
    kinds = list(Event.objects.filter(subjects__subject_id=str(client.pk)).values_list("kind", flat=True))
    assert kinds[-2:] == ["person.erasing", "person.emptied"]
    # What colleagues wrote to each other about it is forgotten as well, the decision is not.
    with reading.reading("staff:x", "test"):
        approval = Approval.objects.get(kind="erasure", object_id=client.pk)
        assert approval.summary is ERASED
        assert approval.state == "used"
    call_command("verify")
    with pytest.raises(ErasedAlready):
        erase(client.pk, admin, officer, at)
    # An older key store was restored: it is named, and destroyed again.
    keys.new_key(client.pk)
    assert [str(client.pk) in line for line in proof.problems()] == [True]
    assert carrying_out.destroy_again() == 1
    assert list(proof.problems()) == []


def test_a_hearing_ahead_an_unpaid_claim_and_a_hold_refuse(
    case: Case, admin: User, officer: User, at: datetime.datetime
) -> None:
    kind, _person = registry.find(case.client_id)
    trial = add_trial(court=None, case=case, by=officer, at=at)
    schedule_hearing(trial=trial, starts_at=at + datetime.timedelta(days=3), by=officer, at=at)
    agree("erasure", case.client_id, erasure_terms(basis=ASKED), admin, officer, at)
    with pytest.raises(CannotBeErased) as refused:
        carrying_out.erase(subject_id=case.client_id, basis=ASKED, by=admin, at=at)
    assert "close the case, or wait" in refused.value.text
    assert "close the case" not in str(refused.value)  # logs carry the code alone
    assert keys.exists(case.client_id)
    later = at + datetime.timedelta(days=4)
    assert [one.code for one in obstacles(kind, case.client_id, later)] == []

    agree("hold.put", case.client_id, holds.hold_terms(), admin, officer, at)
    held = holds.put_hold(subject_id=case.client_id, reason="court asks", by=admin, at=at)
    with pytest.raises(Held):
        carrying_out.erase(subject_id=case.client_id, basis=ASKED, by=admin, at=later)
    with pytest.raises(holds.HeldAlready):
        holds.put_hold(subject_id=case.client_id, reason="again", by=admin, at=at)
    with pytest.raises(approvals.NeedsSecondPerson):
        holds.lift_hold(hold=held, by=admin, at=at)
    agree("hold.lift", case.client_id, holds.hold_terms(), admin, officer, at)
    holds.lift_hold(hold=held, by=admin, at=later)
    assert not LegalHold.objects.live().exists()
    carrying_out.erase(subject_id=case.client_id, basis=ASKED, by=admin, at=later)
    assert not keys.exists(case.client_id)


def test_a_payee_with_an_unpaid_claim_stays_until_it_is_rejected() -> None:
    world = World.made()
    world.ceiling(fee=50_000)
    claim = world.claim(10_000)
    kind, _person = registry.find(claim.payee_id)
    assert [one.code for one in obstacles(kind, claim.payee_id, AT)] == ["unpaid-claims"]
    reject_claim(claim=claim, reason_code=ReasonCode.WRONG_AMOUNT, by=world.second, at=AT)
    erase(claim.payee_id, people.administrator(), world.second, AT)
    with reading.reading("staff:x", "test"):
        assert Payee.objects.get(pk=claim.payee_id).iban is ERASED
    call_command("verify")
    call_command("check_money")


def test_an_erased_colleague_leaves_an_opaque_id(admin: User, officer: User, at: datetime.datetime) -> None:
    gone = people.coordinator("hazel")
    session = SessionStore()
    session[SESSION_KEY] = str(gone.pk)
    session.save()
    Authenticator.objects.create(user_id=gone.pk, type="totp", data={"secret": "x"})
    grant_access(user=gone, object_kind="case", object_id=uuid.uuid4(), by=admin, at=at)
    _token, text = issue_token(user=gone, scopes=["cases.see"], by=gone, at=at)
    erase(gone.pk, admin, officer, at)
    assert find_token(text, at) is None
    assert not Session.objects.filter(session_key=stored_key(session.session_key)).exists()
    assert not Authenticator.objects.filter(user_id=gone.pk).exists()
    left = User.objects.get(pk=gone.pk)
    assert not left.is_active
    assert left.roles == frozenset()
    assert left.username == staff.alias_of(gone.pk)
    assert not left.has_usable_password()
    assert not any("hazel" in row.record for row in User.history.filter(id=gone.pk))
    kind, _person = registry.find(officer.pk)
    assert "last-of-role" in [one.code for one in obstacles(kind, officer.pk, at)]
    call_command("verify")
