"""What may not happen between a case and a lawyer, each with its words; and the lock for checking it."""

import datetime

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError
from cases import kinds, status
from cases.conflicts import lawyers_bound
from cases.kinds import CaseStatus, EpisodeReason, EpisodeState
from cases.models import Case, Client, Exclusion, Hearing, Representation
from lawyers.models import Lawyer, Licence

HURRY = datetime.timedelta(hours=48)


class NotOpen(DomainError):
    code = "case-not-open"
    message = _("This case is “%(status)s”. Decide first that it is eligible, or reopen it.")


class HasCounsel(DomainError):
    code = "has-counsel"
    message = _("Somebody has accepted this case already. End that representation first.")


class Excluded(DomainError):
    code = "excluded"
    message = _("This lawyer is excluded from this client for good. Choose another.")


class BoundToOther(DomainError):
    code = "bound-to-other"
    message = _("This lawyer is bound to somebody who stands against this client. Choose another.")


class NoChannel(DomainError):
    code = "no-channel"
    message = _("There is no safe way to reach this lawyer now. Choose another.")


class LicenceLapsed(DomainError):
    code = "licence-lapsed"
    message = _("This lawyer's licence is not in force on %(on)s. Choose another, or record a newer licence.")


class LicenceSuspended(DomainError):
    code = "licence-suspended"
    message = _("This lawyer is suspended until %(until)s: nothing new before that. Choose another.")


class AskedAlready(DomainError):
    code = "asked-already"
    message = _("This lawyer has been asked and has not answered. Record the answer.")


class AskedOther(DomainError):
    code = "asked-other"
    message = _(
        "Another lawyer has been asked. Wait for the answer or withdraw that offer; several may be asked only"
        " inside 48 hours before a hearing."
    )


class NotOffered(DomainError):
    code = "not-offered"
    message = _("This offer is no longer open. Reload the page to see what became of it.")


class NotDefending(DomainError):
    code = "not-defending"
    message = _("This representation is not in force.")


class NotADeclineReason(DomainError):
    code = "not-a-decline-reason"
    message = _("Choose why the lawyer declined, or “did not say”.")


class NobodyNamed(DomainError):
    code = "nobody-named"
    message = _("Write who defends, or choose a lawyer of the panel.")


def locked(case: Case) -> Case:
    """The case as it is now, locked until the transaction ends, so that two answers cannot both win."""
    return Case.objects.select_for_update().select_related(None).get(pk=case.pk)


def next_hearing_at(case: Case, at: datetime.datetime) -> datetime.datetime | None:
    """When the case is next in court."""
    coming = Hearing.objects.coming(at).filter(trial__defendants__case=case).order_by("starts_at")
    return coming.values_list("starts_at", flat=True).first()


def refuse_offer(case: Case, lawyer: Lawyer, role: kinds.Role, at: datetime.datetime) -> None:
    """Raise unless this lawyer may be asked now."""
    if case.status not in (*status.DECIDED, CaseStatus.REPRESENTED):
        raise NotOpen(status=CaseStatus(case.status).label)
    if lawyer.channel == Lawyer.Channel.NONE or not lawyer.is_active:
        raise NoChannel()
    refuse_excluded(case, lawyer)
    coming = next_hearing_at(case, at)
    refuse_suspended(lawyer, at.date())
    refuse_licence(lawyer, (coming or at).date())
    episodes = Representation.objects.filter(case=case, role=role)
    if role == kinds.Role.LEAD and episodes.defending().exists():
        raise HasCounsel()
    if episodes.live().filter(lawyer=lawyer).exists():
        raise AskedAlready()
    in_a_hurry = coming is not None and coming - at <= HURRY
    if not in_a_hurry and episodes.offered().exists():
        raise AskedOther()


def refuse_excluded(case: Case, lawyer: Lawyer) -> None:
    if Exclusion.objects.filter(client=case.client_id, lawyer=lawyer).exists():
        raise Excluded()
    if lawyer.pk in lawyers_bound(Client.objects.filter(pk=case.client_id)).get(case.client_id, ()):
        raise BoundToOther()


def refuse_licence(lawyer: Lawyer, on: datetime.date) -> None:
    """Raise LicenceLapsed when what is known says so; a lawyer without any entry is unknown, not refused."""
    licences = list(Licence.objects.filter(lawyer=lawyer))
    in_force = [row for row in licences if row.from_on <= on and (row.until_on is None or row.until_on >= on)]
    if licences and not any(row.status == Licence.Status.ACTIVE for row in in_force):
        raise LicenceLapsed(on=on.isoformat())


def refuse_suspended(lawyer: Lawyer, on: datetime.date) -> None:
    """Raise LicenceSuspended while a suspension with an end lasts: cases go on, new ones wait."""
    rows = Licence.objects.in_force(on).filter(lawyer=lawyer, status=Licence.Status.SUSPENDED)
    last = rows.exclude(until_on=None).order_by("-until_on").first()
    if last is not None and last.until_on is not None:
        raise LicenceSuspended(until=last.until_on.isoformat())


def refuse_acceptance(episode: Representation, at: datetime.datetime) -> None:
    """Raise unless this offer can be accepted now."""
    lead = Representation.objects.lead().defending().filter(case=episode.case_id)
    if episode.role == kinds.Role.LEAD and lead.exists():
        raise HasCounsel()
    refuse_not_offered(episode)
    if episode.lawyer is not None:
        refuse_excluded(episode.case, episode.lawyer)
        refuse_suspended(episode.lawyer, at.date())
        refuse_licence(episode.lawyer, (next_hearing_at(episode.case, at) or at).date())


def refuse_not_offered(episode: Representation) -> None:
    if episode.state != EpisodeState.OFFERED:
        raise NotOffered()


def refuse_decline(episode: Representation, reason: EpisodeReason) -> None:
    refuse_not_offered(episode)
    if reason not in kinds.DECLINE_REASONS:
        raise NotADeclineReason()


def refuse_own(case: Case, own_counsel: str, lawyer: Lawyer | None) -> None:
    if case.status in (CaseStatus.CLOSED, CaseStatus.NOT_ELIGIBLE, CaseStatus.DUPLICATE):
        raise NotOpen(status=CaseStatus(case.status).label)
    if not own_counsel.strip() and lawyer is None:
        raise NobodyNamed()
    if Representation.objects.lead().defending().filter(case=case).exists():
        raise HasCounsel()
    if lawyer is not None:
        refuse_excluded(case, lawyer)


def refuse_end(episode: Representation) -> None:
    if episode.state not in kinds.DEFENDING:
        raise NotDefending()


def offer_ends(case: Case, at: datetime.datetime, lasts: datetime.timedelta) -> datetime.datetime:
    """When an offer lapses: after ``lasts``, or when the hearing begins if that is sooner."""
    coming = next_hearing_at(case, at)
    return min(at + lasts, coming) if coming is not None and coming > at else at + lasts
