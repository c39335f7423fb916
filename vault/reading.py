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


class ReadingFrozen(Exception):
    """The reader has opened more people than their budget allows: nothing of it may be shown."""


# Ends the label of a value that was compared by the program and shown to nobody.
COMPARED = "~"


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
        noted = f"{label}{COMPARED}" if _comparing.get() else label
        self.opened.setdefault(subject_id, set()).add(noted)

    def shown(self) -> set[uuid.UUID]:
        """Whose values were opened to be shown, not merely compared."""
        return {
            subject_id
            for subject_id, labels in self.opened.items()
            if any(not label.endswith(COMPARED) for label in labels)
        }


Recorder = Callable[[Reading], None]
Gate = Callable[[Reading], None]
_comparing: ContextVar[bool] = ContextVar("comparing", default=False)
_current: ContextVar[Reading | None] = ContextVar("reading", default=None)
_recorder: list[Recorder] = []
_gate: list[Gate] = []


def set_recorder(recorder: Recorder) -> None:
    """Called once at start by ``audit``."""
    _recorder[:] = [recorder]


def set_gate(gate: Gate) -> None:
    """Called once at start by ``accounts``; told of each recorded reading, and may raise ReadingFrozen."""
    _gate[:] = [gate]


def current() -> Reading | None:
    """The reading that is open in this context."""
    return _current.get()


def commit(opened: Reading) -> None:
    """Record what was opened so far and begin anew. Raises ReadLogUnwritable, ReadingFrozen."""
    if not opened.opened:
        return
    if not _recorder:
        raise ReadLogUnwritable("no recorder")
    try:
        _recorder[0](opened)
        for gate in _gate:
            gate(opened)
    except ReadingFrozen:
        opened.opened = {}
        raise
    except Exception as error:  # noqa: BLE001  whatever the reason, nothing may be shown
        raise ReadLogUnwritable(type(error).__name__) from None
    opened.opened = {}


@contextmanager
def comparing() -> Iterator[None]:
    """Values opened in this block are compared by the program and shown to nobody; recorded as such."""
    token = _comparing.set(True)
    try:
        yield
    finally:
        _comparing.reset(token)


@contextmanager
def reading(actor_id: str, purpose: str) -> Iterator[Reading]:
    """Open sealed values in this block; the record is committed on the way out.

    Callers show what they read only after the block, so that nothing is shown without its record.
    Raises ReadLogUnwritable, ReadingFrozen. What was opened before an error is recorded too.
    """
    opened = Reading(actor_id=actor_id, purpose=purpose[:100])
    token = _current.set(opened)
    try:
        yield opened
    finally:
        _current.reset(token)
        opened.keys.clear()
        commit(opened)
