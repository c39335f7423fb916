"""Two reports, one log: the proof that the later one was taken from a continuation of the earlier one's."""

from dataclasses import dataclass, field
from typing import Any

from audit import verifier
from audit.checkpoints.models import Checkpoint
from audit.proof import paths


@dataclass(frozen=True)
class Place:
    """Where a report was taken from, as it says itself."""

    log_size: int
    root_hex: str


@dataclass(frozen=True)
class Consistency:
    """``holds`` by the verifier's own arithmetic; notes are the checkpoints, where there are any."""

    older: Place
    newer: Place
    holds: bool
    proof: dict[str, Any] = field(default_factory=dict)
    older_note: Checkpoint | None = None
    newer_note: Checkpoint | None = None

    @property
    def signed(self) -> bool:
        """Whether both states were signed, so that the verifier file alone can repeat the proof."""
        notes = (self.older_note, self.newer_note)
        return all(
            note is not None and note.root_hash == place.root_hex
            for note, place in zip(notes, (self.older, self.newer), strict=True)
        )


def between(one: Place, other: Place) -> Consistency:
    """The proof between two states, whichever is older. It fails for a state that this log never had."""
    older, newer = sorted((one, other), key=lambda place: place.log_size)
    notes = {row.size: row for row in Checkpoint.objects.filter(size__in=[older.log_size, newer.log_size])}
    signed = (notes.get(older.log_size), notes.get(newer.log_size))
    try:
        hashes = paths.consistency(older.log_size, newer.log_size)
    except paths.NoSuchPlace:
        return Consistency(older, newer, False, {}, *signed)
    roots = (bytes.fromhex(older.root_hex), bytes.fromhex(newer.root_hex))
    holds = verifier.consistency_holds(older.log_size, newer.log_size, *roots, hashes)
    told = {"first": older.log_size, "second": newer.log_size, "hashes": [one.hex() for one in hashes]}
    return Consistency(older, newer, holds, told, *signed)
