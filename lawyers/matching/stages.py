"""Staged exact solves: each pack of stages chooses among the optimal flows of the packs before it."""

from collections.abc import Iterable
from dataclasses import dataclass

from lawyers.matching.codes import Stage
from lawyers.matching.engines import least_cost_flow
from lawyers.matching.network import Flow, Network, NoFlow
from lawyers.matching.objectives import Pack
from lawyers.matching.proof import Proof, optimal_face, prove


class NotProved(RuntimeError):
    """The solver's answer failed its own proof; nothing is returned rather than something unproved."""


@dataclass(frozen=True)
class Solved:
    """One pack with the network it was solved in and the proof of its flow."""

    pack: Pack
    network: Network
    proof: Proof


@dataclass(frozen=True)
class Staged:
    """A flow that is optimal in every stage, each with its proof."""

    network: Network
    flow: Flow
    solved: tuple[Solved, ...]
    face: Network
    """Its flows are exactly the optimal ones."""

    def attains(self, flow: Flow) -> bool:
        """This flow of the network is as good as the proved bound in every stage."""
        return all(each.pack.costs.of(flow) == each.proof.bound for each in self.solved)

    @property
    def bounds(self) -> dict[Stage, int]:
        """Proved bound of each stage, equal to its value."""
        out: dict[Stage, int] = {}
        for each in self.solved:
            out |= each.pack.unpack(each.proof.bound)
        return out


def solve_pack(face: Network, pack: Pack, done: tuple[Solved, ...]) -> Staged | None:
    """One pack among the optimal flows of those before it; None when there is none, or nothing is proved."""
    try:
        flow = least_cost_flow(face, pack.costs, pack.spread)
    except NoFlow:
        return None
    proof = prove(face, pack.costs, flow)
    if proof is None:
        return None
    network = done[0].network if done else face
    return Staged(network, flow, (*done, Solved(pack, face, proof)), optimal_face(face, pack.costs, proof))


def attempt(network: Network, method: Iterable[Pack]) -> Staged | None:
    """Every pack in turn; None when one fails its proof."""
    staged: Staged | None = None
    for pack in method:
        staged = solve_pack(staged.face if staged else network, pack, staged.solved if staged else ())
        if staged is None:
            return None
    return staged
