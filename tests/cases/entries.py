"""One entry of each kind about a case, by the real actions."""

import datetime
from typing import Any

from accounts.models import User
from cases import circumstances as lists
from cases import kinds
from cases.actions import circumstances as acts
from cases.actions import papers
from cases.actions.court import schedule_hearing
from cases.models import Case
from cases.papers import BoundBy, DocumentKind, Way
from vault.cleaning.kinds import FileType
from vault.files import Cleaned

DAY = datetime.timedelta(days=1)


def circumstances_of(case: Case, *, by: User, at: datetime.datetime) -> None:
    """Held, harmed, heard, recognised, referred and watched; two of each where a list is measured."""
    day = at.date() - 3 * DAY
    who: dict[str, Any] = {"case": case, "by": by, "at": at}
    trial = case.defendants.get().trial
    for number in range(2):
        acts.record_custody(from_on=day + number * DAY, source=kinds.Source.FAMILY, detail="cell", **who)
        acts.record_incident(
            kind=lists.IncidentKind.NO_CARE,
            occurred_on=day,
            source=kinds.Source.FAMILY,
            reliability=kinds.Reliability.PROBABLE,
            account="no insulin",
            **who,
        )
        acts.take_testimony(
            told_on=day, account="told", basis=kinds.Basis.SPOKEN, relation=kinds.Relation.SELF, **who
        )
        acts.name_official(kind=lists.OfficialKind.JUDGE, name="Invented J.", **who)
        acts.name_party(kind=lists.PartyKind.WITNESS, name="Invented W.", **who)
        acts.record_recognition(
            organisation=f"Monitor {number}", criteria=lists.Criteria.PACE, recognised_on=day, **who
        )
        acts.refer_client(kind=lists.ReferralKind.MEDICAL, referred_on=day, whom="a clinic", **who)
        digest = str(number) * 64
        content = Cleaned(FileType.TEXT, b"An invented ruling", digest, digest)
        papers.add_document(content=content, kind=DocumentKind.VERDICT, title="Ruling", **who)
        papers.log_contact(
            happened_at=at - DAY, way=Way.SAFE_LINE, relation=kinds.Relation.SPOUSE, said="told", **who
        )
        silence = papers.record_nondisclosure(bound=BoundBy.COUNSEL, signed_on=day, **who)
        papers.end_nondisclosure(nondisclosure=silence, ended_on=day, by=by, at=at)
        past = schedule_hearing(trial=trial, starts_at=at - (number + 2) * DAY, by=by, at=at)
        acts.record_observers(hearing=past, kind=lists.ObserverKind.MEDIA, came=2, admitted=number, **who)
