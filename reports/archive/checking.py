"""Is an archive what was handed over? First by itself, then by our own records."""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from audit import verifier
from reports import files
from reports.archive.files import FORMAT, MANIFEST, SUMS
from reports.archive.models import Archive
from reports.scope import position_at
from reports.verification import verify

MOST_BYTES = 20_000_000_000  # all members unpacked: a bomb ends here
_CHUNK = 1 << 16


@dataclass
class ArchiveVerdict:
    """What was found; ``problems`` in words, empty when all is well."""

    about: dict[str, Any] = field(default_factory=dict)
    members: int = 0
    issued: bool = False
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems


def check_archive(path: Path) -> ArchiveVerdict:
    """Every member against the manifest, the log against its checkpoint, every report against the log."""
    verdict = ArchiveVerdict()
    try:
        with zipfile.ZipFile(path) as archive:
            verdict.problems += _by_itself(archive, verdict)
            if verdict.ok:
                verdict.problems += [*_log(archive, verdict), *_reports(archive)]
    except Exception:  # noqa: BLE001  whatever a hostile file brings about, it is no archive of ours
        verdict.problems.append("the file is no whole archive of ours")
        return verdict
    verdict.issued = Archive.objects.filter(sha256=files.digest(path)).exists()
    if not verdict.issued:
        verdict.problems.append("no archive with these bytes was made here")
    return verdict


def _by_itself(archive: zipfile.ZipFile, verdict: ArchiveVerdict) -> Iterator[str]:
    manifest = json.loads(archive.read(MANIFEST))
    listed = {one["name"]: one["sha256"] for one in manifest.pop("members")}
    verdict.about, verdict.members = manifest, len(listed)
    there = archive.namelist()
    if manifest.get("format") != FORMAT:
        yield "the manifest is of another format"
    if len(there) != len(set(there)) or set(there) != {*listed, MANIFEST}:
        yield "the members are not those of the manifest"
        return
    if sum(info.file_size for info in archive.infolist()) > MOST_BYTES:
        yield "it is larger than any archive of ours"
        return
    lines = [line.split("  ", 1) for line in archive.read(SUMS).decode().splitlines()]
    sums = {name: sha256 for sha256, name in lines}
    for name, sha256 in listed.items():
        found = hashlib.sha256()
        with archive.open(name) as member:
            while piece := member.read(_CHUNK):
                found.update(piece)
        if found.hexdigest() != sha256 or sums.get(name, sha256) != sha256:
            yield f"{name} is not as the manifest says"


def _log(archive: zipfile.ZipFile, verdict: ArchiveVerdict) -> Iterator[str]:
    size, root = int(verdict.about["log_size"]), str(verdict.about["root"])
    with archive.open("log/events.txt") as member:
        leaves = [verifier.leaf_hash(line.rstrip(b"\n")) for line in member]
    if len(leaves) != size or verifier.tree_root(leaves).hex() != root:
        yield "the events are not those of the root that the manifest names"
    try:
        ours = position_at(size).root_hex
    except LookupError:
        ours = ""
    if ours != root:
        yield "our log has another root at that size"


def _reports(archive: zipfile.ZipFile) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        for name in archive.namelist():
            if not name.startswith("reports/"):
                continue
            target = Path(folder, Path(name).name)
            with archive.open(name) as member, target.open("wb") as out:
                while piece := member.read(_CHUNK):
                    out.write(piece)
            yield from (f"{name}: {problem}" for problem in verify(target).problems)
            target.unlink()
