"""Making an archive: inspect, sign, build every report at one position, lay all that proves them beside."""

import csv
import datetime
import io
import logging
import os
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.utils import timezone
from django_tasks import task

from accounts.models import User
from audit import verifier
from audit.actions import action
from audit.actors import WORKER
from audit.checkpoints.models import Checkpoint, LogKey
from audit.models import Event
from audit.proof import paths
from reports import actions as reports
from reports import files as report_files
from reports.archive import contents
from reports.archive.actions import ask_archive, finish_archive, mark_archive
from reports.archive.files import Writer, path_of
from reports.archive.models import Archive
from reports.audit_pack.inspecting import inspect
from reports.build import build
from reports.models import Job
from reports.render import RENDERERS
from reports.sampling_room.models import Sample
from reports.sampling_room.population import payments
from reports.scope import Position, Scope, position_at, position_signed
from treasury import hledger
from treasury.models import Grant

log = logging.getLogger("reports")
TYPES = ("funding-statement", "trial-balance", "case-costs", "ledger-extract", "audit-pack")
Clock = Callable[[], datetime.datetime]


@action("archive.queued")
def queue_archive(
    *,
    starts_on: datetime.date,
    ends_on: datetime.date,
    recipient: User,
    by: User,
    at: datetime.datetime,
) -> Archive:
    """Ask and enqueue in the same transaction. Raises what :func:`ask_archive` raises."""
    asked = ask_archive(starts_on=starts_on, ends_on=ends_on, recipient=recipient, by=by, at=at)
    make_archive.enqueue(str(asked.pk))
    return asked


@task()
def make_archive(archive_id: str) -> None:
    """Make an archive; a second run of a finished one does nothing."""
    run(uuid.UUID(archive_id))


def run(archive_id: uuid.UUID, clock: Clock = timezone.now) -> Archive:
    """Make it now, in this process. A failure is recorded with it."""
    archive: Archive = Archive.objects.select_related("recipient").get(pk=archive_id)
    if archive.state == Job.State.DONE:
        return archive
    target = path_of(archive)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".draft-")
    os.close(handle)
    draft = Path(name)
    try:
        position = _write(archive, draft, clock)
        draft.replace(target)
        finish_archive(
            archive=archive,
            sha256=report_files.digest(target),
            size=target.stat().st_size,
            log_size=position.log_size,
            by=WORKER,
            at=clock(),
        )
    except Exception as error:
        log.exception("archive %s failed", archive.pk)
        archive.refresh_from_db()
        name = type(error).__name__
        mark_archive(archive=archive, state=Job.State.FAILED, error=name, by=WORKER, at=clock())
    finally:
        draft.unlink(missing_ok=True)
    return archive


def _write(archive: Archive, draft: Path, clock: Clock) -> Position:
    inspect(by=WORKER, at=clock())
    position = position_signed(by=WORKER, at=clock())
    writer = Writer(draft)
    parts = (_reports, _ledger, _log, _samples, contents.findings, contents.read_me)
    for number, part in enumerate(parts, start=1):
        part(writer, archive, position)
        if number < len(parts):
            mark_archive(archive=archive, state=Job.State.RUNNING, done=number, by=WORKER, at=clock())
    writer.close(contents.about(archive, position))
    return position


def _reports(writer: Writer, archive: Archive, position: Position) -> None:
    period = (archive.starts_on, archive.ends_on)
    scopes = [Scope(name, *period) for name in TYPES]
    grants = Grant.objects.filter(starts_on__lte=archive.ends_on, ends_on__gte=archive.starts_on)
    codes = grants.order_by("fund__code").values_list("fund__code", flat=True)
    scopes += [Scope("grant-report", *period, code) for code in codes]
    for scope in scopes:
        document = build(scope, position, language=archive.recipient.language, mark=archive.recipient.short)
        written = reports.write_files(document, list(RENDERERS))
        made = reports.issue(document=document, scope=scope, written=written, by=WORKER, at=timezone.now())
        folder = f"reports/{scope.type}" + (f"-{scope.fund_code}" if scope.fund_code else "")
        for file in made.files.all():
            writer.add_file(f"{folder}.{file.format}", report_files.path_of(file))


def _ledger(writer: Writer, archive: Archive, position: Position) -> None:
    lines = hledger.export(position.journal_number)
    writer.add("ledger/books.hledger", (f"{line}\n".encode() for line in lines))


def _log(writer: Writer, archive: Archive, position: Position) -> None:
    bodies = Event.objects.filter(seq__lt=position.log_size).order_by("seq").values_list("body", flat=True)
    writer.add("log/events.txt", (f"{body}\n".encode() for body in bodies.iterator(chunk_size=2000)))
    keys = LogKey.objects.order_by("number")
    writer.add_text("log/key.txt", keys[0].public_key + "\n")
    writer.add_text("log/keys.txt", "\n\n".join(key.statement for key in keys if key.statement))
    for point in Checkpoint.objects.filter(size__lte=position.log_size).order_by("size"):
        writer.add_text(f"log/checkpoint-{point.size}.txt", point.note)
        if 0 < point.size < position.log_size:
            writer.add_json(
                f"log/proof-{point.size}-{position.log_size}.json",
                proof_between(point.size, position.log_size),
            )
    writer.add_file("verifier.py", Path(verifier.__file__))


def proof_between(first: int, second: int) -> dict[str, Any]:
    """A consistency proof as the verifier reads it. Raises NoSuchPlace."""
    hashes = [hash_.hex() for hash_ in paths.consistency(first, second)]
    return {"first": first, "second": second, "hashes": hashes}


def _samples(writer: Writer, archive: Archive, position: Position) -> None:
    drawn = Sample.objects.filter(starts_on__lte=archive.ends_on, ends_on__gte=archive.starts_on)
    for sample in drawn.select_related("checkpoint").order_by("number"):
        folder = f"samples/{sample.number}"
        writer.add(f"{folder}/items.csv", items_csv(sample))
        writer.add_json(f"{folder}/sample.json", contents.sample(sample))


def items_csv(sample: Sample) -> Iterator[bytes]:
    """What a sample was drawn from, as the verifier reads it."""
    upto = position_at(sample.checkpoint.size).journal_number
    out = io.StringIO(newline="")
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["id", "amount_minor"])
    for payment in payments(sample.starts_on, sample.ends_on, upto):
        table.writerow([payment.key, payment.amount_minor])
    yield out.getvalue().encode()
