"""Reading sealed values leaves a trace: they open only inside a reading, which is recorded.

``vault`` declares the port; ``audit`` fills it with the function that writes the record.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


class NoReader(Exception):
    """A sealed value was asked for where nobody said who reads and why."""


class ReadLogUnwritable(Exception):
    """What was read could not be recorded, so nothing of it may be shown."""


@dataclass
class Reading:
    """Who reads and why; ``opened`` collects what was read: subject -> field labels.

    Data keys are remembered here and nowhere else, so an erased person stays closed.
    """

    actor_id: str
    purpose: str
    opened: dict[uuid.UUID, set[str]] = field(default_factory=dict)
    keys: dict[uuid.UUID, bytes] = field(default_factory=dict, repr=False)

    def note(self, subject_id: uuid.UUID, label: str) -> None:
        self.opened.setdefault(subject_id, set()).add(label)


Recorder = Callable[[Reading], None]
_current: ContextVar[Reading | None] = ContextVar("reading", default=None)
_recorder: list[Recorder] = []


def set_recorder(recorder: Recorder) -> None:
    """Called once at start by ``audit``."""
    _recorder[:] = [recorder]


def current() -> Reading | None:
    """The reading that is open in this context."""
    return _current.get()


def commit(opened: Reading) -> None:
    """Record what was opened so far and begin anew. Raises ReadLogUnwritable."""
    if not opened.opened:
        return
    if not _recorder:
        raise ReadLogUnwritable("no recorder")
    try:
        _recorder[0](opened)
    except Exception as error:  # noqa: BLE001  whatever the reason, nothing may be shown
        raise ReadLogUnwritable(type(error).__name__) from None
    opened.opened = {}


@contextmanager
def reading(actor_id: str, purpose: str) -> Iterator[Reading]:
    """Open sealed values in this block; the record is committed on the way out.

    Callers show what they read only after the block, so that nothing is shown without its record.
    Raises ReadLogUnwritable. What was opened before an error is recorded too.
    """
    opened = Reading(actor_id=actor_id, purpose=purpose[:100])
    token = _current.set(opened)
    try:
        yield opened
    finally:
        _current.reset(token)
        opened.keys.clear()
        commit(opened)
