"""Asking for a report and putting it in the queue, both or neither."""

import datetime

from accounts.models import User
from audit.actions import action
from reports.actions import ask_report
from reports.models import Definition, Job
from reports.scope import Scope
from reports.tasks import make_report


@action("report.queued")
def queue_report(
    *,
    scope: Scope,
    formats: list[str],
    language: str,
    definition: Definition | None = None,
    by: User,
    at: datetime.datetime,
) -> Job:
    """Ask and enqueue in the same transaction. Raises what :func:`ask_report` raises."""
    job = ask_report(scope=scope, formats=formats, language=language, definition=definition, by=by, at=at)
    make_report.enqueue(str(job.pk))
    return job
