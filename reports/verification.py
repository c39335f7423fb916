"""Is a file what we issued, and is it what the log says?"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from reports import files
from reports.build import RULES, build
from reports.models import IssuedFile, Snapshot
from reports.render.read_back import NotAReport, ReadBack, read_report
from reports.scope import Scope, position_at


@dataclass
class Verdict:
    """What was found; ``problems`` in words for the person who asked, empty when all is well."""

    report: ReadBack | None = None
    issued: bool = False
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems


def verify(path: Path) -> Verdict:
    """Compare a file with itself, with its kept hash, and with rows computed anew from the log."""
    verdict = Verdict()
    try:
        with path.open("rb") as file:
            verdict.report = read_report(file)
            file.seek(0)
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except NotAReport as error:
        verdict.problems.append(str(error))
        return verdict
    verdict.problems += [
        f"the file contradicts itself: {difference}" for difference in verdict.report.differences()
    ]
    verdict.issued = IssuedFile.objects.filter(sha256=sha256).exists()
    if not verdict.issued:
        verdict.problems.append("no file with these bytes was issued here")
    verdict.problems += list(_against_log(verdict.report))
    return verdict


def problems() -> Iterator[str]:
    """For ``verify``: issued files that are gone or changed, and reports that compute to other rows now."""
    for file in IssuedFile.objects.iterator():
        path = files.path_of(file)
        if not path.is_file():
            yield f"report file {file.pk} is gone"
        elif files.digest(path) != file.sha256:
            yield f"report file {file.pk} is not as it was issued"
    for snapshot in Snapshot.objects.filter(ruleset=RULES).iterator():
        scope = Scope(snapshot.type, snapshot.starts_on, snapshot.ends_on, snapshot.fund_code)
        again = build(scope, position_at(snapshot.log_size), language="en").identity
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
    scope = Scope(report.type, report.period[0], report.period[1], chosen.get("fund", ""))
    again = build(scope, position, language=report.language)
    if again.identity.content_hash != identity.content_hash:
        return ["computed again from the log, the rows are others"]
    return []
