"""Staged exact solves: each pack of stages chooses among the optimal flows of the packs before it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lawyers.matching.codes import Stage
from lawyers.matching.engines import is_large, least_cost_flow
from lawyers.matching.network import Flow, Network
from lawyers.matching.objectives import Objective, Pack, packs, single_packs
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


def solve_stages(network: Network, stages: list[Objective]) -> Staged:
    """All stages in as few solves as stay exact; with the smallest numbers if large, or if a proof fails."""
    for method in (single_packs,) if is_large(network) else (packs, single_packs):
        staged = attempt(network, stages, method)
        if staged is not None:
            return staged
    raise NotProved("the assignment solver returned a flow that is not optimal")


def attempt(
    network: Network, stages: list[Objective], method: Callable[[list[Objective]], Iterable[Pack]]
) -> Staged | None:
    solved: list[Solved] = []
    face, flow = network, None
    for pack in method(stages):
        flow = least_cost_flow(face, pack.costs, pack.spread)
        proof = prove(face, pack.costs, flow)
        if proof is None:
            return None
        solved.append(Solved(pack, face, proof))
        face = optimal_face(face, pack.costs, proof)
    return Staged(network, flow, tuple(solved), face) if flow is not None else None
