"""Issued files on disk: written whole or not at all, named by their row and nothing else."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings

from reports.models import IssuedFile
from reports.render import RENDERERS, SPECIAL_RENDERERS
from reports.render.document import Document


def path_of(file: IssuedFile) -> Path:
    """Where an issued file lies."""
    return Path(settings.REPORTS_DIR) / f"{file.pk}.{file.format}"


def write(document: Document, file_format: str, target: Path) -> tuple[str, int]:
    """Render into a file; SHA-256 and size in bytes. A crash leaves no half file under the name."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".draft-")
    try:
        with os.fdopen(handle, "w+b") as out:
            {**RENDERERS, **SPECIAL_RENDERERS}[file_format](document, out)
            out.flush()
            os.fsync(out.fileno())
        Path(draft).replace(target)
    finally:
        Path(draft).unlink(missing_ok=True)
    return digest(target), target.stat().st_size


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
