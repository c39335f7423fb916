"""Asking for reports, issuing and taking them."""

import datetime
import uuid

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from reports import files
from reports.build import RULES
from reports.build import check as check_scope
from reports.models import Definition, Download, IssuedFile, Job, Snapshot
from reports.render import RENDERERS
from reports.render.document import Document
from reports.scope import Scope
from reports.types import TYPES

# Format -> id of the file, SHA-256, size in bytes.
Written = dict[str, tuple[uuid.UUID, str, int]]


class UnknownType(DomainError):
    code = "unknown-report"
    message = _("There is no report called %(type)s.")


class UnknownFormat(DomainError):
    code = "unknown-format"
    message = _("Reports come as pdf, xlsx, csv and json, a ledger extract as hledger too.")


@action("report.asked")
def ask_report(
    *,
    scope: Scope,
    formats: list[str],
    language: str,
    definition: Definition | None = None,
    by: User,
    at: datetime.datetime,
) -> Job:
    """Queue a report. Raises UnknownType, UnknownFormat and the scope's own refusals."""
    check(scope, formats)
    job = Job.objects.create(
        type=scope.type,
        starts_on=scope.starts_on,
        ends_on=scope.ends_on,
        fund_code=scope.fund_code,
        compare=scope.compare,
        definition=definition,
        language=language,
        formats=" ".join(dict.fromkeys(formats)),
        asked_by=by,
        asked_at=at,
    )
    touch(job.pk)
    fact(type=scope.type)
    return job


def check(scope: Scope, formats: list[str]) -> None:
    """Raises UnknownType, UnknownFormat, UnknownFund, PeriodReversed, and what the type refuses."""
    if scope.type not in TYPES:
        raise UnknownType(type=scope.type)
    if not formats or not set(formats) <= {*RENDERERS, *TYPES[scope.type].also_formats}:
        raise UnknownFormat()
    check_scope(scope)


@action("report.state")
def mark_job(
    *, job: Job, state: str, done: int = 0, error: str = "", by: Actor, at: datetime.datetime
) -> Job:
    """Record how far a report is. ``error`` is the name of an exception, never its words."""
    job.state, job.done, job.error = state, done, error
    job.save()
    touch(job.pk)
    return job


@action("report.issued")
def issue(
    *,
    document: Document,
    scope: Scope,
    written: Written,
    job: Job | None = None,
    definition: Definition | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Snapshot:
    """Keep what a report said and the hashes of its files."""
    identity, reported = document.identity, scope.reported
    snapshot = Snapshot(
        job=job,
        type=scope.type,
        starts_on=scope.starts_on,
        ends_on=scope.ends_on,
        fund_code=scope.fund_code,
        compare=scope.compare,
        reported_size=reported.log_size if reported else None,
        reported_to=reported.ends_on if reported else None,
        definition=job.definition if job is not None else definition,
        log_size=identity.log_size,
        root_hex=identity.root_hex,
        ruleset=RULES,
        content_hash=identity.content_hash,
        row_count=identity.row_count,
        taken_at=at,
    )
    snapshot.save()
    for file_format, (file_id, sha256, size) in written.items():
        IssuedFile(
            id=file_id,
            snapshot=snapshot,
            format=file_format,
            language=document.language,
            sha256=sha256,
            size=size,
            issued_at=at,
        ).save()
    if job is not None:
        mark_job(job=job, state=Job.State.DONE, done=len(written), by=by, at=at)
    touch(snapshot.pk)
    fact(type=scope.type, content_hash=identity.content_hash, log_size=identity.log_size)
    return snapshot


@action("report.taken")
def take(*, file: IssuedFile, by: User, at: datetime.datetime) -> Download:
    """Record a download before the bytes leave."""
    touch(file.snapshot_id)
    fact(sha256=file.sha256)
    download = Download(file=file, taken_by=by.actor_id, taken_at=at)
    download.save()
    return download


def write_files(document: Document, formats: list[str]) -> Written:
    """Render every format into REPORTS_DIR; what :func:`issue` then records."""
    written: Written = {}
    for file_format in formats:
        file_id = uuid.uuid4()
        target = settings.REPORTS_DIR / f"{file_id}.{file_format}"
        written[file_format] = (file_id, *files.write(document, file_format, target))
    return written
