"""Where archives lie, and writing one: members in order, each with its hash, the manifest last."""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from reports.archive.models import Archive

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
FORMAT = "abarona-archive-1"
_CHUNK = 1 << 16
# One moment for all members: the same content gives the same bytes.
_STAMP = (1980, 1, 1, 0, 0, 0)


def path_of(archive: Archive) -> Path:
    """Where the file of an archive lies."""
    return Path(settings.REPORTS_DIR) / f"archive-{archive.pk}.zip"


class Writer:
    """A ZIP under way. Use as a context; without :meth:`close` nothing that looks whole is left."""

    def __init__(self, target: Path) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self.members: list[dict[str, Any]] = []

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write one member and note its hash."""
        digest, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(name, _STAMP)
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
        with self._zip.open(info, "w", force_zip64=True) as out:
            for piece in pieces:
                out.write(piece)
                digest.update(piece)
                size += len(piece)
        self.members.append({"name": name, "sha256": digest.hexdigest(), "size": size})

    def add_text(self, name: str, text: str) -> None:
        self.add(name, [text.encode()])

    def add_json(self, name: str, content: Any) -> None:
        self.add_text(name, json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n")

    def add_file(self, name: str, path: Path) -> None:
        self.add(name, pieces_of(path))

    def close(self, about: dict[str, Any]) -> None:
        """Write the list of hashes for ``sha256sum -c``, then the manifest, and end the file."""
        self.add_text(SUMS, "".join(f"{one['sha256']}  {one['name']}\n" for one in self.members))
        self.add_json(MANIFEST, {"format": FORMAT, **about, "members": self.members})
        self._zip.close()


def pieces_of(path: Path) -> Iterator[bytes]:
    """A file in pieces."""
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            yield piece
