"""Sessions whose keys are stored as digests: a copy of the table signs nobody in.

A session ends after ``SESSION_IDLE_MINUTES`` in which nothing was done, and after ``SESSION_COOKIE_AGE``
whatever is done. Nothing about the browser or its address is kept.
"""

import datetime
import hashlib
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

# When the session began, as seconds; inside the session's own data.
BEGAN = "began"
# A session in use is written again this often at most, so that reading a page is rarely a write.
_LATE = datetime.timedelta(minutes=2)


def stored_key(session_key: str) -> str:
    """What stands in the table for a key that a browser holds."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


class SessionStore(DatabaseStore):
    """Django's database sessions, looked up by digest, with an idle and an absolute end."""

    _ends_at: datetime.datetime | None = None

    def _get_session_from_db(self) -> Any:
        try:
            row = self.model.objects.get(
                session_key=stored_key(self.session_key or ""), expire_date__gt=timezone.now()
            )
        except self.model.DoesNotExist:
            self._session_key = None
            return None
        self._ends_at = row.expire_date
        return row

    def exists(self, session_key: str) -> bool:
        return self.model.objects.filter(session_key=stored_key(session_key)).exists()

    def create_model_instance(self, data: Any) -> Any:
        data.setdefault(BEGAN, timezone.now().timestamp())
        row = super().create_model_instance(data)
        row.session_key = stored_key(row.session_key)
        row.expire_date = self._ends_at = _end(data[BEGAN])
        return row

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            self.model.objects.filter(session_key=stored_key(key)).delete()

    def begin(self) -> None:
        """Count the absolute limit from now: somebody has just signed in."""
        self[BEGAN] = timezone.now().timestamp()

    def keep_alive(self) -> None:
        """Something is being done: put the idle end off, never beyond the absolute one."""
        if self._ends_at is None or BEGAN not in self:
            return
        if _end(self[BEGAN]) - self._ends_at > _LATE:
            self.modified = True


def _end(began: float) -> datetime.datetime:
    idle = timezone.now() + datetime.timedelta(minutes=settings.SESSION_IDLE_MINUTES)
    absolute = datetime.datetime.fromtimestamp(began, datetime.UTC) + datetime.timedelta(
        seconds=settings.SESSION_COOKIE_AGE
    )
    return min(idle, absolute)
