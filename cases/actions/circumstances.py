"""Recording what happens around a case. Each entry is sealed for the client; a mistake is struck out."""

import datetime
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from cases import kinds
from cases.actions.papers import refuse_silence
from cases.circumstances import (
    Criteria,
    IncidentKind,
    ObserverKind,
    OfficialKind,
    PartyKind,
    ReferralKind,
    ReferralOutcome,
)
from cases.models import (
    Case,
    Client,
    CustodyPeriod,
    Hearing,
    HearingObserver,
    Incident,
    OfficialPart,
    Recognition,
    Referral,
    RelatedParty,
    Testimony,
)
from cases.models.circumstances import Entry
from cases.reference.load import places_of_detention

E = TypeVar("E", bound=Entry)
PUBLIC_SOURCES = (kinds.Source.MONITOR, kinds.Source.MEDIA, kinds.Source.COURT)


class UnknownPlace(DomainError):
    code = "unknown-place"
    message = _("This place of detention is not on the list. Choose one of it, or leave it open.")


class HeldAlready(DomainError):
    code = "held-already"
    message = _("Somebody is held in one place at a time. End the open period first.")


class NotYetHappened(DomainError):
    code = "not-yet-happened"
    message = _("This day has not come yet.")


class EndsBeforeItBegins(DomainError):
    code = "ends-before-it-begins"
    message = _("It cannot end before it began. Check the day.")


class OverAlready(DomainError):
    code = "over-already"
    message = _("This has ended, or was struck out. Record a new one.")


class NamesNobody(DomainError):
    code = "names-nobody"
    message = _("Write what happened, or who it is.")


class MoreAdmittedThanCame(DomainError):
    code = "more-admitted-than-came"
    message = _("No more can be let in than came, and at least one came.")


class NotOfThisCase(DomainError):
    code = "not-of-this-case"
    message = _("This hearing belongs to another case.")


class TheClient(DomainError):
    code = "the-client"
    message = _("This is the client of the case. A related person is somebody else.")


@action("custody.recorded")
def record_custody(
    *,
    case: Case,
    place: str = "",
    from_on: datetime.date,
    from_precision: kinds.Precision = kinds.Precision.DAY,
    until_on: datetime.date | None = None,
    source: kinds.Source,
    detail: str = "",
    by: Actor,
    at: datetime.datetime,
) -> CustodyPeriod:
    """Held in a place since a day. An open period elsewhere ends on the day the new one begins.

    Raises UnknownPlace, NotYetHappened, EndsBeforeItBegins, HeldAlready.
    """
    if place and place not in {one.code for one in places_of_detention()}:
        raise UnknownPlace()
    _refuse_future(from_on, at)
    _refuse_backwards(from_on, until_on)
    earlier = CustodyPeriod.objects.standing().filter(case=case, until_on=None).first()
    if earlier is not None and until_on is None:
        if earlier.from_on > from_on:
            raise HeldAlready()
        earlier.until_on = from_on
        earlier.save()
    period = CustodyPeriod(
        place=place,
        from_on=from_on,
        from_precision=from_precision,
        until_on=until_on,
        source=source,
        detail=detail,
        **_about(case, by, at),
    )
    return _keep(period)


@action("custody.ended")
def end_custody(
    *, period: CustodyPeriod, until_on: datetime.date, by: Actor, at: datetime.datetime
) -> CustodyPeriod:
    """Not held there any more. Raises OverAlready, NotYetHappened, EndsBeforeItBegins."""
    if period.until_on is not None or period.struck_at is not None:
        raise OverAlready()
    _refuse_future(until_on, at)
    _refuse_backwards(period.from_on, until_on)
    period.until_on = until_on
    return _keep(period)


@action("incident.recorded")
def record_incident(
    *,
    case: Case,
    kind: IncidentKind,
    occurred_on: datetime.date,
    precision: kinds.Precision = kinds.Precision.DAY,
    source: kinds.Source,
    reliability: kinds.Reliability,
    account: str,
    codes: str = "",
    by: Actor,
    at: datetime.datetime,
) -> Incident:
    """What was done to the client. Raises NotYetHappened, NamesNobody."""
    _refuse_future(occurred_on, at)
    _refuse_empty(account)
    refuse_silence(case, is_public=source in PUBLIC_SOURCES)
    incident = Incident(
        kind=kind,
        occurred_on=occurred_on,
        precision=precision,
        source=source,
        reliability=reliability,
        account=account,
        codes=codes,
        **_about(case, by, at),
    )
    fact(kind=kind)
    return _keep(incident)


@action("testimony.taken")
def take_testimony(
    *,
    case: Case,
    told_on: datetime.date,
    account: str,
    told_by: str = "",
    basis: kinds.Basis,
    relation: kinds.Relation,
    may_share: bool = False,
    by: Actor,
    at: datetime.datetime,
) -> Testimony:
    """What was told, and on whose word it may be used. Raises NotYetHappened, NamesNobody."""
    _refuse_future(told_on, at)
    _refuse_empty(account)
    refuse_silence(case, is_public=False)
    testimony = Testimony(
        told_on=told_on,
        account=account,
        told_by=told_by,
        basis=basis,
        relation=relation,
        may_share=may_share,
        **_about(case, by, at),
    )
    return _keep(testimony)


@action("testimony.withdrawn")
def withdraw_testimony(
    *, testimony: Testimony, withdrawn_on: datetime.date, by: Actor, at: datetime.datetime
) -> Testimony:
    """It may not be used any more. Raises OverAlready, EndsBeforeItBegins."""
    if testimony.withdrawn_on is not None or testimony.struck_at is not None:
        raise OverAlready()
    _refuse_backwards(testimony.told_on, withdrawn_on)
    testimony.withdrawn_on, testimony.may_share = withdrawn_on, False
    return _keep(testimony)


@action("official.named")
def name_official(
    *, case: Case, kind: OfficialKind, name: str, office: str = "", by: Actor, at: datetime.datetime
) -> OfficialPart:
    """An official and their part. Raises NamesNobody."""
    _refuse_empty(name)
    fact(kind=kind)
    return _keep(OfficialPart(kind=kind, name=name, office=office, **_about(case, by, at)))


@action("party.named")
def name_party(
    *, case: Case, kind: PartyKind, name: str, remark: str = "", by: Actor, at: datetime.datetime
) -> RelatedParty:
    """Somebody whom counsel must not be bound to. Raises NamesNobody."""
    _refuse_empty(name)
    return _keep(RelatedParty(kind=kind, name=name, remark=remark, **_about(case, by, at)))


@action("party.recognised")
def recognise_party(
    *, party: RelatedParty, person: Client | None, by: Actor, at: datetime.datetime
) -> RelatedParty:
    """This related person is that client of ours, or none (any more). Raises TheClient."""
    if person is not None and person.pk == party.client_id:
        raise TheClient()
    party.person = person
    party.save()
    touch(party.case_id, party.client_id, *([person.pk] if person is not None else []))
    return party


@action("recognition.recorded")
def record_recognition(
    *,
    case: Case,
    organisation: str,
    criteria: Criteria,
    recognised_on: datetime.date,
    by: Actor,
    at: datetime.datetime,
) -> Recognition:
    """An organisation recognised the client. Raises NamesNobody, NotYetHappened."""
    _refuse_empty(organisation)
    _refuse_future(recognised_on, at)
    recognition = Recognition(
        organisation=organisation.strip(),
        criteria=criteria,
        recognised_on=recognised_on,
        **_about(case, by, at),
    )
    return _keep(recognition)


@action("recognition.ended")
def end_recognition(
    *, recognition: Recognition, ended_on: datetime.date, by: Actor, at: datetime.datetime
) -> Recognition:
    """The organisation took it back. Raises OverAlready, EndsBeforeItBegins."""
    if recognition.ended_on is not None or recognition.struck_at is not None:
        raise OverAlready()
    _refuse_backwards(recognition.recognised_on, ended_on)
    recognition.ended_on = ended_on
    return _keep(recognition)


@action("referral.made")
def refer_client(
    *,
    case: Case,
    kind: ReferralKind,
    referred_on: datetime.date,
    whom: str = "",
    remark: str = "",
    by: Actor,
    at: datetime.datetime,
) -> Referral:
    """Sent on for help. Raises NotYetHappened."""
    _refuse_future(referred_on, at)
    fact(kind=kind)
    return _keep(
        Referral(kind=kind, referred_on=referred_on, whom=whom, remark=remark, **_about(case, by, at))
    )


@action("referral.answered")
def record_referral_outcome(
    *,
    referral: Referral,
    outcome: ReferralOutcome,
    outcome_on: datetime.date,
    by: Actor,
    at: datetime.datetime,
) -> Referral:
    """What came of it. Raises OverAlready, EndsBeforeItBegins."""
    if referral.outcome or referral.struck_at is not None:
        raise OverAlready()
    _refuse_backwards(referral.referred_on, outcome_on)
    referral.outcome, referral.outcome_on = outcome, outcome_on
    fact(outcome=outcome)
    return _keep(referral)


@action("hearing.observed")
def record_observers(
    *,
    case: Case,
    hearing: Hearing,
    kind: ObserverKind,
    came: int,
    admitted: int,
    by: Actor,
    at: datetime.datetime,
) -> HearingObserver:
    """Who came to a hearing and how many were let in; said again, it replaces what was said.

    Raises NotOfThisCase, NotYetHappened, MoreAdmittedThanCame.
    """
    if not hearing.trial.defendants.filter(case=case).exists():
        raise NotOfThisCase()
    if hearing.starts_at > at:
        raise NotYetHappened()
    if came < 1 or not 0 <= admitted <= came:
        raise MoreAdmittedThanCame()
    row = HearingObserver.objects.standing().filter(case=case, hearing=hearing, kind=kind).first()
    row = row or HearingObserver(hearing=hearing, kind=kind, **_about(case, by, at))
    row.came, row.admitted = came, admitted
    return _keep(row)


@action("entry.struck")
def strike_entry(*, entry: Entry, by: Actor, at: datetime.datetime) -> Entry:
    """It was recorded by mistake; it stays in History. Raises OverAlready."""
    if entry.struck_at is not None:
        raise OverAlready()
    entry.struck_at = at
    fact(entry=entry._meta.model_name)
    return _keep(entry)


def _about(case: Case, by: Actor, at: datetime.datetime) -> dict[str, object]:
    return {"case": case, "client": case.client, "recorded_by": by.actor_id, "recorded_at": at}


def _keep(entry: E) -> E:
    entry.save()
    touch(entry.id, entry.case_id, entry.client_id)
    return entry


def _refuse_future(day: datetime.date, at: datetime.datetime) -> None:
    if day > at.date() + datetime.timedelta(days=1):
        raise NotYetHappened()


def _refuse_backwards(start: datetime.date, end: datetime.date | None) -> None:
    if end is not None and end < start:
        raise EndsBeforeItBegins()


def _refuse_empty(text: str) -> None:
    if not text.strip():
        raise NamesNobody()
