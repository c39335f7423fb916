"""The table of retention: what is over goes, what is held stays, and nothing else can be taken away."""

import datetime
import re
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from accounts.actions import holds
from accounts.actions.people import close_account
from accounts.approvals import request_approval
from accounts.models import Approval, Erasure, RetentionRun, User
from accounts.retention import applying, document, registry
from audit.actors import SYSTEM
from audit.checkpoints.reads import seal_reads
from audit.models import Event, ReadRecord, ReadSubject, SpentKey
from cases.actions.intake import receive_case
from cases.actions.status import change_status, close_case
from cases.intake.facts import Intake
from cases.kinds import CaseStatus, ClosingReason
from cases.models import Case
from tests import people
from tests.accounts.erasing import agree
from tests.plugins.roles import as_owner
from vault import keys, reading
from vault.fields import ERASED

DAY = datetime.timedelta(days=1)


def test_the_page_of_the_table_is_current() -> None:
    page = Path(settings.BASE_DIR, "docs", "retention.md").read_text()
    assert page == document.as_markdown(), "run: manage.py apply_retention --table > docs/retention.md"


def test_every_rule_says_what_on_which_basis_and_how_long() -> None:
    table = registry.rules()
    assert len(table) >= 12
    for rule in table:
        assert re.fullmatch(r"[a-z-]{4,40}", rule.name)
        assert rule.days > 0
        assert all(map(str, (rule.records, rule.basis, rule.since, rule.decided)))
        assert "GDPR" in str(rule.basis), rule.name
        assert (rule.people is None) != (rule.remove is None), rule.name


def test_an_organisation_decides_other_periods(settings: object) -> None:
    settings.RETENTION_DAYS = "tasks=3 sessions=2"  # type: ignore[attr-defined]
    assert {rule.name: rule.period for rule in registry.rules()}["tasks"] == 3
    for wrong in ("tasks", "tasks=0", "tusks=4"):
        settings.RETENTION_DAYS = wrong  # type: ignore[attr-defined]
        with pytest.raises(registry.BadPeriod):
            registry.rules()[0].period  # noqa: B018


def _read(subject_id: uuid.UUID, at: datetime.datetime) -> ReadRecord:
    row = ReadRecord.objects.create(at=at, actor_id="staff:x", purpose="desk:case")
    ReadSubject.objects.create(read=row, subject_id=subject_id, fields="client.name")
    return row


def _delete_by_hand(table: str, column: str, key: int) -> None:
    with as_owner(connection), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"delete from {table} where {column} = %s", [key])


@pytest.mark.django_db
def test_readings_go_in_sealed_ranges_and_never_otherwise(at: datetime.datetime) -> None:
    case = receive_case(intake=Intake(name="Вярба Іна", contacts="sister"), by=people.coordinator(), at=at)
    rule = {rule.name: rule for rule in registry.rules()}["read-log"]
    old, young = at - 900 * DAY, at - 10 * DAY
    first = _read(case.client_id, old)
    seal_reads(by=SYSTEM, at=old + DAY)
    second = _read(case.client_id, young)
    seal_reads(by=SYSTEM, at=at)
    unsealed = _read(case.client_id, old)
    for table, column in (("audit_readsubject", "read_id"), ("audit_readrecord", "id")):
        for row in (first, second, unsealed):
            with pytest.raises(IntegrityError, match="append-only"):
                _delete_by_hand(table, column, row.pk)

    admin, officer = people.administrator(), people.second_officer()
    agree("hold.put", case.client_id, holds.hold_terms(), admin, officer, at)
    hold = holds.put_hold(subject_id=case.client_id, reason="a complaint", by=admin, at=at)
    assert applying.apply_one(rule, by=SYSTEM, at=at).removed == 0  # held
    agree("hold.lift", case.client_id, holds.hold_terms(), admin, officer, at)
    holds.lift_hold(hold=hold, by=admin, at=at)

    assert applying.apply_one(rule, by=SYSTEM, at=at).removed == 1
    left = set(
        ReadRecord.objects.filter(pk__in=[first.pk, second.pk, unsealed.pk]).values_list("pk", flat=True)
    )
    assert left == {second.pk, unsealed.pk}
    assert RetentionRun.objects.get(rule="read-log").removed == 1
    call_command("verify")
    with pytest.raises(IntegrityError, match="append-only"):
        _delete_by_hand("accounts_retentionrun", "removed", 1)


@pytest.mark.django_db
def test_closed_cases_are_erased_when_their_time_is_over(at: datetime.datetime) -> None:
    coordinator, years = people.coordinator(), 365 * DAY
    over, held, open_ = (
        receive_case(intake=Intake(name=name, contacts="sister"), by=coordinator, at=at)
        for name in ("Каваленка Алена", "Вярба Іна", "Дуб Ян")
    )
    for case in (over, held):
        _close(case, coordinator, at)
    admin, officer = people.administrator(), people.second_officer()
    agree("hold.put", held.client_id, holds.hold_terms(), admin, officer, at)
    holds.put_hold(subject_id=held.client_id, reason="a complaint", by=admin, at=at)
    rule = {rule.name: rule for rule in registry.rules()}["clients"]
    assert applying.apply_one(rule, by=SYSTEM, at=at + 5 * years).due == 0
    outcome = applying.apply_one(rule, by=SYSTEM, at=at + 7 * years)
    assert (outcome.due, outcome.removed) == (1, 1)
    assert [keys.exists(case.client_id) for case in (over, held, open_)] == [False, True, True]
    assert Erasure.objects.get(subject_id=over.client_id).approval is None
    assert applying.apply_one(rule, by=SYSTEM, at=at + 7 * years).due == 0


def _close(case: Case, by: User, at: datetime.datetime) -> None:
    change_status(case=case, to=CaseStatus.ELIGIBLE, by=by, at=at)
    close_case(case=case, reason=ClosingReason.ENDED, by=by, at=at)


@pytest.mark.django_db
def test_the_rest_of_the_table(at: datetime.datetime) -> None:
    admin = people.administrator()
    gone = people.coordinator("hazel")
    close_account(user=gone, by=admin, at=at)
    asked = request_approval(
        kind="role.grant", object_id=uuid.uuid4(), payload={}, summary="why", by=admin, at=at
    )
    SpentKey.objects.create(digest="0" * 64, at=at)
    Session.objects.create(session_key="x" * 40, session_data="", expire_date=at)
    events = Event.objects.count()
    assert all(outcome.due == 0 for outcome in applying.apply_all(by=SYSTEM, at=at))
    assert Event.objects.count() == events  # nothing is written for nothing

    much_later = at + 1200 * DAY
    call_command("apply_retention", dry_run=True)
    done = {outcome.rule.name: outcome for outcome in applying.apply_all(by=SYSTEM, at=much_later)}
    assert not any(outcome.failed for outcome in done.values())
    for name in ("accounts", "approval-words", "spent-keys", "sessions"):
        assert done[name].removed == done[name].due > 0, name
    with reading.reading("staff:x", "test"):
        assert User.objects.get(pk=gone.pk).name is ERASED
        assert Approval.objects.get(pk=asked.pk).summary is ERASED
    assert all(outcome.due == 0 for outcome in applying.look(by=SYSTEM, at=much_later))
    call_command("verify")


@pytest.mark.django_db
def test_the_command_refuses_what_it_cannot_do() -> None:
    with pytest.raises(CommandError, match="is no id"):
        call_command("erase_person", "nobody", by="elm", second="birch")
    with pytest.raises(CommandError, match="Nobody signs in"):
        call_command("erase_person", str(uuid.uuid4()), by="elm", second="birch")
