"""Who acts, as far as the record of events needs to know: an opaque id."""

from dataclasses import dataclass
from typing import Protocol


class Actor(Protocol):
    """Anything with an opaque id: ``staff:<uuid>``, ``donor:<uuid>``, ``system:worker``, ``public``."""

    @property
    def actor_id(self) -> str: ...


@dataclass(frozen=True)
class Machine:
    """A part of the system that acts by itself, or the nameless public."""

    actor_id: str


SYSTEM = Machine("system:tick")
WORKER = Machine("system:worker")
PUBLIC = Machine("public")
