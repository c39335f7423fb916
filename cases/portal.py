"""What a lawyer abroad may know of one case, step by step: the region; then the names; then the facts."""

import datetime
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from cases import kinds
from cases.actions.fees import CATEGORY
from cases.actions.papers import is_silenced
from cases.circumstances import PartyKind
from cases.models import Hearing, PartiesOpened, RelatedParty, Representation
from treasury import commitments, tariffs
from treasury.models import Claim, Commitment, StandingAuthority
from vault.fields import prefetch


@dataclass(frozen=True)
class OfferedFee:
    """What the tariff in force pays for the role, under the authority it would be committed under."""

    amount_minor: int
    authority: StandingAuthority


def fee_of(episode: Representation, on: datetime.date) -> OfferedFee | None:
    """The fee an offer carries; None where the organisation pays nothing or no tariff is in force."""
    if episode.paid_by != kinds.PaidBy.ORGANISATION:
        return None
    standing = Q(ended_on=None) | Q(ended_on__gt=on)
    running = StandingAuthority.objects.filter(standing, valid_from__lte=on, valid_until__gte=on)
    for authority in running.select_related("tariff").order_by("valid_from", "pk"):
        if not tariffs.is_valid(authority.tariff, on):
            continue
        lines = authority.tariff.lines.filter(category=CATEGORY[kinds.Role(episode.role)])
        most = max(lines.values_list("amount_minor", flat=True), default=0)
        if most:
            return OfferedFee(most, authority)
    return None


def knows_parties(episode: Representation) -> bool:
    """Whether the names are open to them: they asked, or they defend."""
    defends = episode.state in kinds.DEFENDING
    return defends or (
        episode.state == kinds.EpisodeState.OFFERED
        and PartiesOpened.objects.filter(representation=episode).exists()
    )


def knows_facts(episode: Representation) -> bool:
    """Facts come after the acceptance, and end with a signed silence of counsel."""
    return episode.state in kinds.DEFENDING and not is_silenced(episode.case)


def parties(episode: Representation) -> list[str]:
    """Names to look for a conflict with: the client's spellings, and people on other sides.

    Never a co-defendant's who is another client. Opens them, so it needs a reading.
    """
    named = RelatedParty.objects.standing().filter(case=episode.case_id)
    others = list(named.exclude(kind=PartyKind.CO_ACCUSED, person__isnull=False).order_by("pk"))
    prefetch([episode.client], "name")
    prefetch(others, "name")
    return [*episode.client.spellings, *(str(party.name) for party in others)]


def hearings(episode: Representation) -> QuerySet[Hearing]:
    """Hearings of the case, the newest first."""
    rows = Hearing.objects.filter(trial__defendants__case=episode.case_id)
    return rows.select_related("trial__court").order_by("-starts_at")


def claimable(episode: Representation) -> Commitment | None:
    """The agreed fee on which a claim can be entered: they defend, or work done is still to be claimed."""
    agreed = episode.commitment
    if agreed is None or episode.paid_by != kinds.PaidBy.ORGANISATION:
        return None
    if episode.state in kinds.DEFENDING:
        return agreed
    over = episode.state == kinds.EpisodeState.ENDED
    return agreed if over and commitments.releasable_minor(agreed) > 0 else None


def claims(episode: Representation) -> QuerySet[Claim]:
    """What was claimed on the fee of this representation; how it gets to them by others is not theirs."""
    if episode.commitment_id is None:
        return Claim.objects.none()
    asked = Claim.objects.filter(commitment=episode.commitment_id, vouchers_due_on=None, closes=None)
    return asked.order_by("-entered_at")
