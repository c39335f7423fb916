"""When the clock last ran, as the time of an empty file: nothing for the log, nothing for a backup."""

import datetime
import os
from pathlib import Path

from django.conf import settings


def beat(at: datetime.datetime) -> None:
    """Note that the clock ran."""
    path = _path()
    path.touch(mode=0o600)
    os.utime(path, (at.timestamp(), at.timestamp()))


def last_beat_at() -> datetime.datetime | None:
    """When it last ran; None for never."""
    try:
        return datetime.datetime.fromtimestamp(_path().stat().st_mtime, tz=datetime.UTC)
    except FileNotFoundError:
        return None


def _path() -> Path:
    return Path(settings.DATA_DIR) / "tick"
