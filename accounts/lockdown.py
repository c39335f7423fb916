"""What else a lockdown ends, and what else is ended for one person: rooms above name it here.

``accounts`` cannot know campaign pages, mandates or calendar feeds; each room registers its part from
``AppConfig.ready``. Parts run after the lockdown itself is committed, each on its own, so that one that
fails (a payment processor that does not answer) keeps none of the others from running; running all of
them again is harmless.
"""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from accounts.models import Lockdown, User
from audit.actors import Actor

# Ends its part for everybody; gives how many things it ended. Takes keywords ``by`` and ``at``.
Part = Callable[..., int]
# Ends its part for one person, inside the action that cuts them off. Takes ``user``, ``by``, ``at``.
PersonalPart = Callable[..., int]

_parts: dict[str, Part] = {}
_personal: dict[str, PersonalPart] = {}


@dataclass(frozen=True)
class Done:
    """What became of one part; ``error`` is the name of an exception, "" if all went well."""

    name: str
    count: int
    error: str = ""


def standing() -> Lockdown | None:
    """The lockdown that stands, if any."""
    found: Lockdown | None = Lockdown.objects.filter(lifted_at=None).first()
    return found


def register(name: str, part: Part) -> None:
    """Let a room take part in a lockdown: ``part(by=..., at=...)`` ends its things for everybody."""
    _parts[name] = part


def register_personal(name: str, part: PersonalPart) -> None:
    """Let a room take part in cutting one person off: ``part(user=..., by=..., at=...)``."""
    _personal[name] = part


def parts() -> list[str]:
    """The names of the parts, in the order in which they run."""
    return list(_parts)


def run_parts(*, by: Actor, at: datetime.datetime) -> Iterator[Done]:
    """Run every part; harmless to repeat."""
    for name, part in _parts.items():
        try:
            yield Done(name, part(by=by, at=at))
        except Exception as error:  # noqa: BLE001  the others have to run whatever befalls this one
            yield Done(name, 0, type(error).__name__)


def end_personal(*, user: User, by: Actor, at: datetime.datetime) -> dict[str, int]:
    """End every part for one person; in the caller's transaction."""
    return {name: part(user=user, by=by, at=at) for name, part in _personal.items()}
