"""Rules of the rooms, driven past their date: a day before nothing goes, a day after exactly what is over."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as program
from django.core.management import call_command
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts.models import RetentionRun
from accounts.retention import applying, registry
from audit.actions import action
from audit.actors import PUBLIC, SYSTEM, Actor
from cases.models import MatchRun
from donations.actions.giving import begin_gift
from donations.models import Donation, Hint
from lawyers.actions.panel import Practice, add_lawyer
from lawyers.models import Lawyer
from reports import files
from reports.models import IssuedFile
from tests import people
from tests.treasury.world import AT, World
from treasury.actions.payments import pay_claim
from treasury.models import Payee
from vault import keys, reading
from vault.fields import ERASED

DAY = datetime.timedelta(days=1)


@action("test.made")
def put(*, row: Any, by: Actor, at: datetime.datetime) -> None:
    row.save()


def old_task(_world: World) -> Callable[[], bool]:
    made = DBTaskResult.objects.create(
        status=TaskResultStatus.SUCCESSFUL, finished_at=AT, run_after=AT, args_kwargs={},
        task_path="reports.tasks.build_job", backend_name="default", exception_class_path="", traceback="",
    )  # fmt: skip
    return lambda: DBTaskResult.objects.filter(pk=made.pk).exists()


def old_hint(_world: World) -> Callable[[], bool]:
    words = {"type": "charge.updated", "object_id": "ch_1", "received_at": AT}
    Hint.objects.create(id="evt_done", state=Hint.State.DONE, **words)
    Hint.objects.create(id="evt_new", state=Hint.State.NEW, **words)  # still to be followed: it stays
    return lambda: Hint.objects.filter(pk="evt_done").exists() or not Hint.objects.filter(pk="evt_new")


def old_draft(world: World) -> Callable[[], bool]:
    gift, _code = begin_gift(
        fund=world.general, amount_minor=1_000, currency="EUR", level="quiet", language="en", by=PUBLIC, at=AT
    )
    return lambda: Donation.objects.filter(pk=gift.pk).exists()


def old_scores(_world: World) -> Callable[[], bool]:
    run = MatchRun(
        number=1, solved_at=AT, solved_by="staff:x", inputs_sha256="0" * 64, solver="exact", status="optimal",
        needs=1, places=1, placed=1, result={"pairs": [1]},
    )  # fmt: skip
    put(row=run, by=SYSTEM, at=AT)
    return lambda: bool(MatchRun.objects.get(pk=run.pk).result)


def old_lawyer(_world: World) -> Callable[[], bool]:
    practice = Practice(licence_status="active", licence_from_on=None, licence_until_on=None, coverage=())
    row = add_lawyer(
        code_name="Heron-03", name="Invented Лоер", practice=practice, by=people.coordinator(), at=AT
    )
    row.is_active = False
    put(row=row, by=SYSTEM, at=AT)
    return lambda: _readable(Lawyer, row.pk)


def old_payee(world: World) -> Callable[[], bool]:
    world.ceiling(fee=50_000)
    claim = world.approved(world.claim(10_000))
    pay_claim(claim=claim, by=world.treasurer, at=AT)
    return lambda: _readable(Payee, claim.payee_id)


def old_report(_world: World) -> Callable[[], bool]:
    call_command(
        "build_report", "trial-balance", "--from", "2026-01-01", "--to", "2026-12-31", "--format", "json",
        "--out", str(Path(program.REPORTS_DIR, "out")),
    )  # fmt: skip
    issued = IssuedFile.objects.get()
    return lambda: files.path_of(issued).exists()


def _readable(model: type[Any], pk: object) -> bool:
    with reading.reading("staff:x", "test"):
        name = model.objects.get(pk=pk).name
    assert (name is not ERASED) == keys.exists(pk)  # type: ignore[arg-type]
    return name is not ERASED


THINGS = {
    "tasks": old_task,
    "inbox": old_hint,
    "draft-gifts": old_draft,
    "match-scores": old_scores,
    "lawyers": old_lawyer,
    "payees": old_payee,
    "report-copies": old_report,
}


@pytest.mark.django_db
def test_each_rule_waits_for_its_day_and_then_takes_what_is_over(tmp_path: Path, settings: Any) -> None:
    """One walk over the table: all is made on one day, and each rule is driven to the day of its end."""
    settings.REPORTS_DIR = tmp_path
    world = World.made()
    there = {name: make(world) for name, make in THINGS.items()}
    known = {rule.name: rule for rule in registry.rules()}
    for name in sorted(THINGS, key=lambda name: known[name].days):
        rule = known[name]
        # What is made by the clock of this machine (an issued file) is younger than what is made at AT.
        made_at = max(AT, IssuedFile.objects.get().issued_at) if name == "report-copies" else AT
        ends = made_at + rule.days * DAY
        assert applying.apply_one(rule, by=SYSTEM, at=ends - DAY).due == 0, name
        assert there[name](), name
        outcome = applying.apply_one(rule, by=SYSTEM, at=ends + 2 * DAY)
        assert (outcome.due, outcome.removed, outcome.refused) == (1, 1, 0), name
        assert not there[name](), name
        assert RetentionRun.objects.get(rule=name).removed == 1
        assert applying.apply_one(rule, by=SYSTEM, at=ends + 2 * DAY).due == 0, name
    call_command("verify")
    call_command("check_money")
