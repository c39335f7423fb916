"""The list of proofs; every room adds its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

# A proof yields one line for each bad row: table and key, never a value.
Proof = Callable[[], Iterator[str]]


@dataclass(frozen=True)
class Named:
    name: str
    proof: Proof


_proofs: list[Named] = []


def register(name: str, proof: Proof) -> None:
    """Add a proof; called from a room's ``AppConfig.ready``. A name is registered once."""
    if all(known.name != name for known in _proofs):
        _proofs.append(Named(name, proof))


def proofs() -> list[Named]:
    """All proofs in the order in which they should be run."""
    from audit.checkpoints import reads
    from audit.proof import checkpoints, guarded, records, shapes, tree

    own = [
        Named("log tree", tree.problems),
        Named("records and events", records.problems),
        Named("rows and history", records.rows_differ_from_history),
        Named("sealed readings", reads.problems),
        Named("checkpoints and keys", checkpoints.problems),
        Named("shapes of tables", shapes.problems),
        Named("triggers", guarded.problems),
    ]
    return own + _proofs
