"""What the loss of a lawyer touches: cases, days in court, and money; before it is recorded and after."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from cases.kinds import EpisodeState
from cases.models import Case, Hearing, LawyerLoss, MatchProposal, Representation
from lawyers.models import Lawyer
from treasury import commitments
from treasury.kinds import ClaimStatus
from treasury.models import Claim

WAITING = (ClaimStatus.ENTERED, ClaimStatus.APPROVED)


@dataclass(frozen=True)
class Touched:
    """One episode with the money that rests on it, in minor units of the currency of the books.

    ``held_minor`` is still committed; ``claims`` ask for some of it and are not paid; ``paid_minor`` was
    paid. ``next_at`` is the next hearing; ``proposed`` who the newest plan since would ask instead.
    """

    episode: Representation
    next_hearing: Hearing | None
    held_minor: int
    paid_minor: int
    claims: tuple[Claim, ...]
    proposed: MatchProposal | None = None

    @property
    def claimed_minor(self) -> int:
        return sum(claim.base_minor for claim in self.claims)


def before(lawyer: Lawyer, at: datetime.datetime) -> list[Touched]:
    """Their live episodes, the next in court first."""
    return _touched(Representation.objects.live().filter(lawyer=lawyer), at)


def after(loss: LawyerLoss, at: datetime.datetime) -> list[Touched]:
    """The episodes that it ended, the next in court first."""
    ended = Representation.objects.filter(lawyer=loss.lawyer_id, ended_at=loss.known_at)
    return _touched(ended.exclude(state="declined"), at, since=loss.known_at)


def seekers(loss: LawyerLoss) -> QuerySet[Case]:
    """Cases that seek counsel since."""
    ended = Representation.objects.lead().filter(
        lawyer=loss.lawyer_id, ended_at=loss.known_at, state=EpisodeState.ENDED
    )
    return Case.objects.open().without_counsel().filter(id__in=ended.values("case"))


def _touched(
    episodes: QuerySet[Representation], at: datetime.datetime, since: datetime.datetime | None = None
) -> list[Touched]:
    rows = list(episodes.select_related("case__client", "commitment"))
    ids = [row.case_id for row in rows]
    hearings = _next_hearings(ids, at)
    claims = _claims(row.commitment_id for row in rows)
    proposals = _proposals(ids, since) if since else {}
    found = [
        Touched(
            row,
            hearings.get(row.case_id),
            commitments.held_minor(row.commitment) if row.commitment else 0,
            commitments.paid_minor(row.commitment) if row.commitment else 0,
            tuple(claims.get(row.commitment_id, ())),
            proposals.get(row.case_id),
        )
        for row in rows
    ]
    far = datetime.datetime.max.replace(tzinfo=datetime.UTC)
    return sorted(
        found,
        key=lambda one: (one.next_hearing.starts_at if one.next_hearing else far, one.episode.case.reference),
    )


def _next_hearings(ids: list[uuid.UUID], at: datetime.datetime) -> dict[uuid.UUID, Hearing]:
    found: dict[uuid.UUID, Hearing] = {}
    rows = Hearing.objects.coming(at).filter(trial__defendants__case__in=ids).order_by("starts_at")
    placed = rows.values_list("trial__defendants__case", "pk")
    by_id = {row.pk: row for row in rows.select_related("trial__court")}
    for case_id, hearing_id in placed:
        if case_id in ids:
            found.setdefault(case_id, by_id[hearing_id])
    return found


def _claims(commitment_ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID | None, list[Claim]]:
    wanted = [key for key in commitment_ids if key is not None]
    found: dict[uuid.UUID | None, list[Claim]] = {}
    for claim in Claim.objects.filter(commitment__in=wanted, status__in=WAITING).order_by("entered_at"):
        found.setdefault(claim.commitment_id, []).append(claim)
    return found


def _proposals(ids: list[uuid.UUID], since: datetime.datetime) -> dict[uuid.UUID, MatchProposal]:
    """Who the newest plan made since then proposes for each of these cases."""
    rows = (
        MatchProposal.objects.filter(case__in=ids, run__solved_at__gte=since)
        .select_related("lawyer", "run")
        .order_by("run__number")
    )
    return {row.case_id: row for row in rows}
