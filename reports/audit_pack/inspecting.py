"""Looking at what the log cannot show: kept documents, rows of the tables, the money laws."""

import datetime
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from audit.actions import action, fact, touch
from audit.actors import Actor
from audit.proof import records as stored
from reports.audit_pack.models import Inspection
from treasury import laws
from treasury.models import VoucherFile
from vault import files, reading
from vault.sealing import SealBroken

PURPOSE = "inspection"
MOST_LINES = 200
EVERY = datetime.timedelta(days=7)


@dataclass
class Seen:
    """What an inspection met so far."""

    files: int = 0
    changed: int = 0
    gone: int = 0
    erased: int = 0
    records: int = 0
    laws: int = 0
    problems: list[str] = field(default_factory=list)


def inspect(*, by: Actor, at: datetime.datetime) -> Inspection:
    """Look at everything, then keep what was met. Opens each document; that is recorded as a comparison."""
    seen = Seen()
    with reading.reading(by.actor_id, PURPOSE), reading.comparing():
        _look_at_files(seen)
    seen.problems += [*stored.problems(), *stored.rows_differ_from_history()]
    seen.records = sum(model._base_manager.count() for model in stored.recorded_models())
    broken = list(laws.broken())
    seen.laws = len(broken)
    seen.problems += broken
    return keep_inspection(seen=seen, by=by, at=at)


@action("inspection.made")
def keep_inspection(*, seen: Seen, by: Actor, at: datetime.datetime) -> Inspection:
    """Put what was met under the log."""
    made = Inspection(
        files=seen.files,
        files_changed=seen.changed,
        files_gone=seen.gone,
        files_erased=seen.erased,
        records=seen.records,
        laws=seen.laws,
        problems=seen.problems[:MOST_LINES],
        more=max(0, len(seen.problems) - MOST_LINES),
        made_by=by.actor_id,
        made_at=at,
    )
    made.save()
    touch(made.pk)
    fact(files=made.files, problems=len(seen.problems))
    return made


def is_due(at: datetime.datetime) -> bool:
    """Once a week, if there is anything to look at."""
    last = Inspection.objects.order_by("-made_at").values_list("made_at", flat=True).first()
    return (last is None or at - last >= EVERY) and VoucherFile.objects.exists()


def _look_at_files(seen: Seen) -> None:
    for voucher in VoucherFile.objects.select_related("file").order_by("pk").iterator():
        if voucher.file.deleted_at is not None:
            seen.erased += 1
            continue
        seen.files += 1
        seen.problems += _problem_of(voucher, seen)


def _problem_of(voucher: VoucherFile, seen: Seen) -> Iterator[str]:
    digest = hashlib.sha256()
    try:
        for piece in files.open_file(voucher.file):
            digest.update(piece)
    except files.FileGone:
        seen.gone += 1
        yield f"treasury_voucherfile {voucher.pk}: the document is gone"
        return
    except SealBroken:
        digest = hashlib.sha256()
    if digest.hexdigest() != voucher.kept_sha256:
        seen.changed += 1
        yield f"treasury_voucherfile {voucher.pk}: the document is not the one that was kept"
