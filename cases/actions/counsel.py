"""Who defends: offers, answers, acceptances with their fee, refusals, and ends.

Most of it is said on a phone and recorded by one person; ``reported_via`` says how the word came.
"""

import datetime
import uuid
from dataclasses import dataclass

from audit.actions import action, fact, touch
from audit.actors import Actor
from cases import kinds
from cases.actions import counsel_rules as rules
from cases.actions import episodes
from cases.actions.fees import commit_fee, release_fee
from cases.kinds import CaseStatus, CounselSource, EpisodeReason, EpisodeState
from cases.models import (
    Agreement,
    Case,
    Exclusion,
    MatchProposal,
    Representation,
    Warrant,
)
from lawyers.models import Lawyer
from treasury.models import StandingAuthority, Tariff

OFFER_LASTS = datetime.timedelta(hours=48)


@dataclass(frozen=True)
class Fee:
    """What was agreed, in minor units of the currency of the books.

    Under an ``authority`` it counts against that month's envelope; ``tariff`` (the authority's own, unless
    given) opens a first ceiling for a case that has none. ``agreed_*`` say it in another currency.
    """

    amount_minor: int
    authority: StandingAuthority | None = None
    tariff: Tariff | None = None
    agreed_minor: int | None = None
    agreed_currency: str | None = None


@action("representation.offered")
def offer_case(
    *,
    case: Case,
    lawyer: Lawyer,
    role: kinds.Role = kinds.Role.LEAD,
    until: datetime.datetime | None = None,
    reported_via: kinds.ReportedVia | str = kinds.ReportedVia.PHONE,
    proposal: MatchProposal | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Representation:
    """Ask a lawyer. The offer lapses after two days, or when the hearing begins, unless said otherwise.

    Raises rules.NotOpen, HasCounsel, Excluded, BoundToOther, NoChannel, LicenceLapsed, AskedAlready;
    AskedOther while another offer is out and no hearing within 48 hours makes it lawful to ask several.
    """
    case = rules.locked(case)
    rules.refuse_offer(case, lawyer, role, at)
    episode = Representation(
        case=case,
        client=case.client,
        lawyer=lawyer,
        role=role,
        source=CounselSource.MATCH,
        state=EpisodeState.OFFERED,
        offered_at=at,
        offered_until=until or rules.offer_ends(case, at, OFFER_LASTS),
        reported_via=reported_via,
        recorded_by=by.actor_id,
        proposal=proposal,
    )
    episode.save()
    if case.status in (CaseStatus.ELIGIBLE, CaseStatus.REOPENED):
        episodes.set_status(case, CaseStatus.SEEKING)
    touch(case.id, lawyer.id, episode.id)
    fact(role=role, via=str(reported_via))
    return episode


@action("representation.accepted")
def accept_offer(
    *,
    representation: Representation,
    fee: Fee | None = None,
    reported_via: kinds.ReportedVia | str = kinds.ReportedVia.PHONE,
    by: Actor,
    at: datetime.datetime,
) -> Representation:
    """Record an acceptance and commit its fee in one: both happen, or neither.

    The first acceptance recorded wins; other offers of the lead are withdrawn. Raises
    rules.NotOffered, HasCounsel, Excluded, LicenceLapsed, and of treasury OutsideAuthority, CeilingShort,
    NotEnoughMoney (with ``missing_minor`` and ``ways_out``).
    """
    case = rules.locked(representation.case)
    representation.refresh_from_db()
    rules.refuse_acceptance(representation, at)
    if fee is not None:
        representation.commitment = commit_fee(
            case=case,
            role=kinds.Role(representation.role),
            amount_minor=fee.amount_minor,
            authority=fee.authority,
            tariff=fee.tariff,
            agreed_minor=fee.agreed_minor,
            agreed_currency=fee.agreed_currency,
            by=by,
            at=at,
        )
    representation.state, representation.answered_at = EpisodeState.ACCEPTED, at
    representation.reported_via = reported_via
    representation.recorded_by = by.actor_id
    representation.save()
    if representation.role == kinds.Role.LEAD:
        episodes.take_lead(case, representation, kinds.DefendedBy.PANEL, at=at)
    touch(case.id, representation.id, *([representation.lawyer_id] if representation.lawyer_id else []))
    fact(via=str(reported_via), fee_minor=fee.amount_minor if fee else 0)
    return representation


@action("representation.declined")
def decline_offer(
    *,
    representation: Representation,
    reason: EpisodeReason,
    reported_via: kinds.ReportedVia | str = kinds.ReportedVia.PHONE,
    by: Actor,
    at: datetime.datetime,
) -> Representation:
    """Record a refusal. One for conflict excludes the lawyer from this client for good.

    Raises rules.NotOffered, rules.NotADeclineReason.
    """
    rules.locked(representation.case)
    representation.refresh_from_db()
    rules.refuse_decline(representation, reason)
    representation.state, representation.reason = EpisodeState.DECLINED, reason
    representation.answered_at = representation.ended_at = at
    representation.reported_via, representation.recorded_by = reported_via, by.actor_id
    representation.save()
    if reason == EpisodeReason.CONFLICT and representation.lawyer is not None:
        exclude(
            case=representation.case,
            lawyer=representation.lawyer,
            kind=kinds.ExclusionKind.CONFLICT,
            by=by,
            at=at,
        )
    touch(representation.case_id, representation.id)
    fact(reason=reason, via=str(reported_via))
    return representation


@action("lawyer.excluded")
def exclude(
    *, case: Case, lawyer: Lawyer, kind: kinds.ExclusionKind, by: Actor, at: datetime.datetime
) -> Exclusion:
    """This lawyer never defends this client, in this case or another. Open offers end."""
    found = Exclusion.objects.filter(client=case.client, lawyer=lawyer).first()
    if found is not None:
        return found
    for episode in Representation.objects.offered().filter(client=case.client, lawyer=lawyer):
        episodes.finish_episode(episode, EpisodeReason.CONFLICT, at=at)
    exclusion = Exclusion(id=uuid.uuid4(), client=case.client, lawyer=lawyer, kind=kind, excluded_at=at)
    exclusion.save()
    touch(case.id, case.client_id, lawyer.id)
    return exclusion


@action("representation.answered")
def record_answer(
    *,
    case: Case,
    lawyer: Lawyer,
    answer: EpisodeState,
    role: kinds.Role = kinds.Role.LEAD,
    fee: Fee | None = None,
    reason: EpisodeReason = EpisodeReason.NOT_SAID,
    until: datetime.datetime | None = None,
    reported_via: kinds.ReportedVia | str = kinds.ReportedVia.PHONE,
    proposal: MatchProposal | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Representation:
    """Record what a lawyer said on the phone: offered, accepted or declined, in one step.

    Asks first where nobody had written that down. Raises what offering, accepting and declining raise,
    and ValueError for another answer.
    """
    episode = Representation.objects.offered().filter(case=case, lawyer=lawyer, role=role).first()
    if episode is None:
        episode = offer_case(
            case=case,
            lawyer=lawyer,
            role=role,
            until=until,
            reported_via=reported_via,
            proposal=proposal,
            by=by,
            at=at,
        )
    if answer == EpisodeState.ACCEPTED:
        return accept_offer(representation=episode, fee=fee, reported_via=reported_via, by=by, at=at)
    if answer == EpisodeState.DECLINED:
        return decline_offer(representation=episode, reason=reason, reported_via=reported_via, by=by, at=at)
    if answer != EpisodeState.OFFERED:
        raise ValueError(answer)
    return episode


@action("representation.own_counsel")
def record_own_counsel(
    *,
    case: Case,
    own_counsel: str = "",
    lawyer: Lawyer | None = None,
    appointed: bool = False,
    paid_by: kinds.PaidBy,
    fee: Fee | None = None,
    signed_by: kinds.SignedBy | None = None,
    signed_on: datetime.date | None = None,
    reported_via: kinds.ReportedVia | str = kinds.ReportedVia.FAMILY,
    by: Actor,
    at: datetime.datetime,
) -> Representation:
    """Counsel the family found, or the state appointed: no match, no offer; the fee committed if we pay.

    Raises rules.HasCounsel, NobodyNamed, NotOpen, Excluded, and what committing a fee raises.
    """
    case = rules.locked(case)
    rules.refuse_own(case, own_counsel, lawyer)
    episode = Representation(
        case=case,
        client=case.client,
        lawyer=lawyer,
        own_counsel=own_counsel,
        source=CounselSource.APPOINTED if appointed else CounselSource.OWN,
        state=EpisodeState.ACTIVE if signed_on else EpisodeState.ACCEPTED,
        paid_by=paid_by,
        answered_at=at,
        reported_via=reported_via,
        recorded_by=by.actor_id,
    )
    if fee is not None and paid_by == kinds.PaidBy.ORGANISATION:
        episode.commitment = commit_fee(
            case=case,
            role=kinds.Role.LEAD,
            amount_minor=fee.amount_minor,
            authority=fee.authority,
            tariff=fee.tariff,
            agreed_minor=fee.agreed_minor,
            agreed_currency=fee.agreed_currency,
            by=by,
            at=at,
        )
    episode.save()
    if signed_on is not None:
        Agreement(
            representation=episode,
            signed_on=signed_on,
            signed_by=signed_by or kinds.SignedBy.RELATIVE,
            payer=paid_by,
        ).save()
    defended_by = kinds.DefendedBy.APPOINTED if appointed else kinds.DefendedBy.OWN
    episodes.take_lead(case, episode, defended_by, at=at)
    touch(case.id, episode.id)
    fact(source=episode.source, paid_by=paid_by, fee_minor=fee.amount_minor if fee else 0)
    return episode


@action("representation.ended")
def end_representation(
    *,
    representation: Representation,
    reason: EpisodeReason,
    keep_commitment: bool = False,
    by: Actor,
    at: datetime.datetime,
) -> Representation:
    """It is over. What its commitment still holds is released, unless work was done that will be claimed.
    An end for conflict excludes the lawyer from this client for good, as a refusal does.

    Raises rules.NotDefending.
    """
    case = rules.locked(representation.case)
    representation.refresh_from_db()
    rules.refuse_end(representation)
    episodes.finish_episode(representation, reason, at=at)
    if not keep_commitment:
        release_fee(representation, by=by, at=at)
    if representation.role == kinds.Role.LEAD and reason != EpisodeReason.FINISHED:
        episodes.lose_lead(case)
    if reason == EpisodeReason.CONFLICT and representation.lawyer is not None:
        conflict = kinds.ExclusionKind.CONFLICT
        exclude(case=case, lawyer=representation.lawyer, kind=conflict, by=by, at=at)
    touch(case.id, representation.id)
    fact(reason=reason, kept=keep_commitment)
    return representation


@action("representation.withdrawn")
def withdraw_offer(
    *, representation: Representation, reason: EpisodeReason, by: Actor, at: datetime.datetime
) -> Representation:
    """Take an offer back. Raises rules.NotOffered."""
    representation.refresh_from_db()
    rules.refuse_not_offered(representation)
    episodes.finish_episode(representation, reason, at=at)
    touch(representation.case_id, representation.id)
    return representation


@action("offers.lapsed")
def lapse_offers(*, by: Actor, at: datetime.datetime) -> int:
    """End offers nobody answered in time; how many."""
    late = list(Representation.objects.offered().filter(offered_until__lte=at))
    for episode in late:
        episodes.finish_episode(episode, EpisodeReason.NO_ANSWER, at=at)
        touch(episode.case_id, episode.id)
    fact(lapsed=len(late))
    return len(late)


@action("agreement.recorded")
def record_agreement(
    *,
    representation: Representation,
    signed_on: datetime.date,
    signed_by: kinds.SignedBy,
    payer: kinds.PaidBy,
    by: Actor,
    at: datetime.datetime,
) -> Agreement:
    """The contract was signed: an accepted episode becomes active. Raises rules.NotDefending."""
    rules.refuse_end(representation)
    agreement = Agreement(
        representation=representation, signed_on=signed_on, signed_by=signed_by, payer=payer
    )
    agreement.save()
    if representation.state == EpisodeState.ACCEPTED:
        representation.state = EpisodeState.ACTIVE
        representation.save()
    touch(representation.case_id, representation.id)
    return agreement


@action("warrant.recorded")
def record_warrant(
    *,
    representation: Representation,
    state: kinds.WarrantState,
    filed_on: datetime.date,
    decided_on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Warrant:
    """Whether the court or prison took the warrant; a later word changes the same row."""
    warrant = Warrant.objects.filter(representation=representation, filed_on=filed_on).first() or Warrant(
        representation=representation, filed_on=filed_on
    )
    warrant.state, warrant.decided_on = state, decided_on
    warrant.save()
    touch(representation.case_id, representation.id)
    fact(warrant=state)
    return warrant
