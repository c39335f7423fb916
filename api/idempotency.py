"""A POST happens once, however often it arrives: the key, the act and the answer.

The key is noted first, then the act spends it in its own transaction (``audit.actions.once``), then the
answer is kept. A crash between the last two loses the answer only: asking again is refused as done.
"""

import datetime
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from rest_framework.request import Request
from rest_framework.response import Response

from api.models import Answer
from api.problems import InProgress, KeyMissing, KeyReused
from api.tokens import caller
from audit.actions import once
from audit.canonical import canonical, digest
from vault import box
from vault.indexes import exact_index

KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
# Longer than any request may take here: whoever worked on it is gone.
LEASE = datetime.timedelta(seconds=90)
KEPT = datetime.timedelta(hours=24)
REPLAYED = "Idempotency-Replayed"
_LABEL = "api.answer"
_HEADERS = ("ETag", "Location")


@dataclass(frozen=True)
class Ask:
    """One request as its key and its content tell it apart; the content is kept as a keyed digest."""

    key: str
    fingerprint: str
    at: datetime.datetime

    @classmethod
    def of(cls, request: Request, at: datetime.datetime) -> "Ask":
        """Raises KeyMissing."""
        given = request.headers.get("Idempotency-Key", "")
        if not KEY.fullmatch(given):
            raise KeyMissing()
        content = canonical([request.method, request.path, request.data])
        # A keyed digest: a bare one would let a thief try names.
        return cls(digest(f"{caller(request).pk}|{given}"), exact_index("api.request", digest(content)), at)

    def told_before(self) -> Response | None:
        """The answer that was given. Raises KeyReused, and InProgress while another request works on it."""
        found = Answer.objects.filter(pk=self.key).first()
        if found is None:
            return None
        if found.fingerprint != self.fingerprint:
            raise KeyReused()
        if found.sealed:
            return _opened(found.sealed)
        if found.begun_at > self.at - LEASE:
            raise InProgress()
        Answer.objects.filter(pk=self.key, sealed="", begun_at=found.begun_at).delete()
        return None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Work on it alone; the first action inside happens once for this key, even after a crash.

        A refusal frees the key: nothing happened. Raises InProgress, audit.actions.AlreadyDone.
        """
        try:
            with transaction.atomic():
                Answer.objects.create(digest=self.key, fingerprint=self.fingerprint, begun_at=self.at)
        except IntegrityError:
            raise InProgress() from None
        try:
            with once(f"api|{self.key}"):
                yield
        except BaseException:
            Answer.objects.filter(pk=self.key, sealed="").delete()
            raise

    def keep(self, response: Response) -> None:
        """Keep what is answered."""
        headers = {name: response[name] for name in _HEADERS if name in response}
        text = json.dumps([response.status_code, headers, _plain(response.data)])
        Answer.objects.filter(pk=self.key).update(sealed=box.lock(_LABEL, text))


def forget_old(at: datetime.datetime) -> int:
    """Delete answers older than a day; how many. The spent keys stay, so nothing happens twice."""
    return Answer.objects.filter(begun_at__lt=at - KEPT).delete()[0]


def _opened(sealed: str) -> Response:
    status, headers, body = json.loads(box.unlock(_LABEL, sealed))
    return Response(body, status=status, headers={**headers, REPLAYED: "true"})


def _plain(data: Any) -> Any:
    from rest_framework.utils.encoders import JSONEncoder

    return json.loads(json.dumps(data, cls=JSONEncoder))
