"""Is a file what we issued, and is it what the log says?"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db.models import Max

from accounts.models import RetentionRun
from audit.actions import DomainError
from reports import copies, files
from reports.build import RULES, build, scope_of
from reports.models import Download, IssuedFile, Snapshot
from reports.render.read_back import NotAReport, ReadBack, read_report
from reports.scope import Scope, position_at


@dataclass
class Verdict:
    """What was found; ``problems`` in words for the person who asked, empty when all is well."""

    report: ReadBack | None = None
    issued: bool = False
    copy: uuid.UUID | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems


def verify(path: Path) -> Verdict:
    """Compare a file with itself, with its kept hash, and with rows computed anew from the log.

    The mark of the copy at its end is taken off first; it must be that of a download of this very file.
    """
    verdict = Verdict()
    try:
        with path.open("rb") as file:
            verdict.report = read_report(file)
            sha256, verdict.copy = copies.digest_without_mark(file)
    except NotAReport as error:
        verdict.problems.append(str(error))
        return verdict
    verdict.problems += [
        f"the file contradicts itself: {difference}" for difference in verdict.report.differences()
    ]
    verdict.issued = IssuedFile.objects.filter(sha256=sha256).exists()
    if not verdict.issued:
        verdict.problems.append("no file with these bytes was issued here")
    if verdict.copy and not Download.objects.filter(pk=verdict.copy, file__sha256=sha256).exists():
        verdict.problems.append("the mark of this copy belongs to no download")
    verdict.problems += list(_against_log(verdict.report))
    return verdict


def problems() -> Iterator[str]:
    """For ``verify``: issued files that are gone or changed, and reports that compute to other rows now."""
    # A run of retention is append-only and bound by an event: a forged one is named by other checks.
    runs = RetentionRun.objects.filter(rule="report-copies")
    ended = runs.aggregate(border=Max("before_at"))["border"]
    for file in IssuedFile.objects.iterator():
        path = files.path_of(file)
        if not path.is_file():
            if ended is not None and file.issued_at < ended:
                continue
            yield f"report file {file.pk} is gone"
        elif files.digest(path) != file.sha256:
            yield f"report file {file.pk} is not as it was issued"
    for snapshot in Snapshot.objects.filter(ruleset=RULES).iterator():
        again = build(Scope.of(snapshot), position_at(snapshot.log_size), language="en").identity
        if (again.content_hash, again.root_hex) != (snapshot.content_hash, snapshot.root_hex):
            yield f"report {snapshot.pk}: computed again, its rows are others"


def _against_log(report: ReadBack) -> list[str]:
    identity = report.identity
    if identity.ruleset_version != RULES:
        return [f"made by rules {identity.ruleset_version}; this program has rules {RULES}"]
    try:
        position = position_at(identity.log_size)
    except LookupError:
        return [f"the log never had size {identity.log_size}"]
    if position.root_hex != identity.root_hex:
        return [f"at size {identity.log_size} the log's root is another"]
    chosen = {parameter.key: parameter.value for parameter in report.parameters}
    try:
        scope = scope_of(report.type, report.period, chosen)
        again = build(scope, position, language=report.language)
    except (ValueError, LookupError, DomainError):
        return ["it names a report that this system cannot make"]
    if again.identity.content_hash != identity.content_hash:
        return ["computed again from the log, the rows are others"]
    return []
