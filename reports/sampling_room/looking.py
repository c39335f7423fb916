"""What the auditor sees of a voucher that was opened: words of the claim, sheets of its documents."""

import base64
import datetime
import json
import subprocess
import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.actions import DomainError
from reports.sampling_room.models import Unsealing
from treasury.models import VoucherFile
from vault import files
from vault.sealing import SealBroken

_TIMEOUT_S = 60


class NotDrawable(DomainError):
    code = "voucher-not-drawable"
    message = _("This document cannot be shown here. Ask the treasurer to show it to you on paper.")


@dataclass(frozen=True)
class Drawn:
    """A document as sheets: the words of each, which have a picture, and the picture that was asked for."""

    sheets: int
    words: Sequence[str]
    pictures: Sequence[bool]
    picture: bytes | None


def open_to(user: User, at: datetime.datetime, unsealing_id: uuid.UUID) -> Unsealing | None:
    """The voucher, if it was opened to this person and is still open; None for everybody else."""
    if not user.has("audit.work"):
        return None
    rows = Unsealing.objects.open(at).filter(pk=unsealing_id, asked_by=user.actor_id)
    return rows.select_related("item__claim__payee", "item__journal", "item__sample").first()


def documents_of(unsealing: Unsealing) -> list[VoucherFile]:
    """The documents of its claim that are still kept."""
    rows = VoucherFile.objects.filter(claim=unsealing.item.claim).select_related("file")
    return [row for row in rows if files.is_there(row.file)]


def draw(voucher: VoucherFile, mark: str, sheet: int = -1) -> Drawn:
    """Open a document and draw it in a process without keys; noted in the current reading.

    ``mark`` is written over every picture. Raises NotDrawable, vault.files.FileGone, NoReader.
    """
    try:
        content = b"".join(files.open_file(voucher.file))
    except SealBroken:  # the inspection names it; here there is nothing to be shown
        raise NotDrawable() from None
    command = [
        sys.executable, "-m", "reports.sampling_room.drawing", str(voucher.file.type), mark, str(sheet),
    ]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603  our own program; the mark is an id and a day
            command,
            input=content,
            env={},
            cwd=settings.BASE_DIR,
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
        told = json.loads(done.stdout) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, BrokenPipeError, ValueError):
        told = None
    if told is None:
        raise NotDrawable()
    picture = None if told["picture"] is None else base64.b64decode(told["picture"])
    return Drawn(told["sheets"], told["words"], told["pictures"], picture)
