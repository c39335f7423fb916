"""The clock does what is due, and one job's failure does not stop the others."""

import datetime

import pytest
from django.core.management import call_command
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from config.clockwork import JOBS, STUCK, run_due
from donations.tasks import drain_inbox
from reports import actions
from reports.scope import Scope
from tests import people

pytestmark = pytest.mark.django_db


def test_an_idle_system_has_nothing_to_do(at: datetime.datetime) -> None:
    assert dict(run_due(JOBS, at=at)) == dict.fromkeys(JOBS, 0)


def test_a_failing_job_leaves_the_others_running(at: datetime.datetime) -> None:
    def broken(moment: datetime.datetime) -> int:
        raise ValueError("no")

    assert list(run_due({"broken": broken, "fine": lambda moment: 3}, at=at)) == [("broken", 0), ("fine", 3)]


def test_a_task_whose_worker_was_killed_is_taken_up_again(at: datetime.datetime) -> None:
    drain_inbox.enqueue()
    long_ago = at - STUCK - datetime.timedelta(minutes=1)
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=long_ago)
    assert dict(run_due(JOBS, at=at))["tasks taken up again"] == 1
    assert DBTaskResult.objects.get().status == TaskResultStatus.READY


def test_a_report_whose_task_was_lost_is_queued_again(at: datetime.datetime) -> None:
    day = at.date()
    actions.ask_report(
        scope=Scope("trial-balance", day, day), formats=["csv"], language="en", by=people.auditor(), at=at
    )
    later = at + STUCK + datetime.timedelta(minutes=1)
    assert dict(run_due(JOBS, at=later))["lost reports queued again"] == 1
    assert DBTaskResult.objects.count() == 1


def test_the_command_says_only_what_was_done(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("tick")
    assert capsys.readouterr().out == ""
