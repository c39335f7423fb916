"""How a lawyer's licence stands on a day, made of its episodes; pure, no queries."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from lawyers.models import Licence

SOON = datetime.timedelta(days=30)


class State(StrEnum):
    """What to tell a coordinator. The first three mirror the episode that covers the day."""

    ACTIVE = "active"
    LAPSING = "lapsing"  # active, and known to end within thirty days
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    REFUSED = "attestation-refused"
    EXPIRED = "expired"  # something is known, and nothing of it covers the day
    UNKNOWN = "unknown"  # nothing is known: ask


LOST = (State.SUSPENDED, State.REVOKED, State.REFUSED, State.EXPIRED)


@dataclass(frozen=True)
class Standing:
    """``since_on`` and ``until_on`` are those of the episode that decides; None where open or unknown."""

    state: State
    since_on: datetime.date | None = None
    until_on: datetime.date | None = None

    @property
    def in_force(self) -> bool:
        return self.state in (State.ACTIVE, State.LAPSING)


def standing(licences: Iterable[Licence], on: datetime.date) -> Standing:
    """The standing on one day. Where entries overlap, the one that says "no" decides."""
    rows = sorted(licences, key=lambda row: row.from_on)
    if not rows:
        return Standing(State.UNKNOWN)
    covering = [row for row in rows if row.from_on <= on and (row.until_on is None or on <= row.until_on)]
    if not covering:
        past = [row.until_on for row in rows if row.until_on is not None and row.until_on < on]
        return Standing(State.EXPIRED, until_on=max(past, default=None))
    deciding = next((row for row in covering if row.status != Licence.Status.ACTIVE), covering[-1])
    if deciding.status != Licence.Status.ACTIVE:
        return Standing(State(deciding.status), deciding.from_on, deciding.until_on)
    lapsing = deciding.until_on is not None and deciding.until_on <= on + SOON
    return Standing(State.LAPSING if lapsing else State.ACTIVE, deciding.from_on, deciding.until_on)
