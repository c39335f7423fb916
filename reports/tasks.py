"""Reports are made behind the pages."""

import datetime
import logging
import uuid
from collections.abc import Callable

from django.utils import timezone
from django_tasks import task

from audit.actors import WORKER
from reports import actions, restating
from reports.build import build
from reports.models import Job
from reports.scope import Scope, position_signed

log = logging.getLogger("reports")


@task()
def make_report(job_id: str) -> None:
    """Make the report of a job; a second run of a finished one does nothing."""
    run(uuid.UUID(job_id))


def run(job_id: uuid.UUID, clock: Callable[[], datetime.datetime] = timezone.now) -> Job:
    """Make the report now, in this process. A failure is recorded with the job."""
    job = Job.objects.get(pk=job_id)
    if job.state == Job.State.DONE:
        return job
    actions.mark_job(job=job, state=Job.State.RUNNING, by=WORKER, at=clock())
    try:
        scope = restating.with_past(Scope.of(job), job.definition_id)
        position = position_signed(by=WORKER, at=clock())
        document = build(scope, position, language=job.language, mark=job.asked_by.short)
        written: actions.Written = {}
        formats = job.formats.split()
        for count, file_format in enumerate(formats, start=1):
            written |= actions.write_files(document, [file_format])
            if count < len(formats):
                actions.mark_job(job=job, state=Job.State.RUNNING, done=count, by=WORKER, at=clock())
        actions.issue(document=document, scope=scope, written=written, job=job, by=WORKER, at=clock())
    except Exception as error:
        log.exception("report %s failed", job.pk)
        job.refresh_from_db()
        actions.mark_job(job=job, state=Job.State.FAILED, error=type(error).__name__, by=WORKER, at=clock())
    return job
