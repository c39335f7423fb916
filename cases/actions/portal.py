"""What lawyers abroad do themselves: ask for the names, answer, report what is public of a hearing."""

import datetime
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.actions import DomainError, action, touch
from cases import kinds, portal
from cases.actions import counsel_rules as rules
from cases.actions.counsel import Fee, accept_offer, decline_offer
from cases.actions.hearing_reports import report_hearing
from cases.actions.papers import is_silenced
from cases.kinds import EpisodeReason, EpisodeState, ReportedVia
from cases.models import Hearing, PartiesOpened, Representation
from treasury.eligible import CeilingShort, NotEnoughMoney
from treasury.tariffs import OutsideAuthority


class NotYours(DomainError):
    code = "not-yours"
    message = _("This is not an offer to you.")


class NotSettled(DomainError):
    """The money behind it is the organisation's own matter: the lawyer learns no figure."""

    code = "fee-not-settled"
    message = _(
        "The fee has to be settled first. Nobody is told by this: please speak to your coordinator now."
    )


class BoundToSilence(DomainError):
    code = "bound-to-silence"
    message = _("You are bound to silence in this case. Please tell us nothing of it.")


class NotTold(DomainError):
    code = "names-not-opened"
    message = _("Look at the names for a conflict of interest first, then accept.")


@action("parties.opened")
def open_parties(*, representation: Representation, by: User, at: datetime.datetime) -> PartiesOpened:
    """Let the lawyer who was asked see who it is about, and record that they asked. Once more is no harm.

    Raises NotYours, rules.NotOffered.
    """
    _refuse_others(representation, by)
    rules.refuse_not_offered(representation)
    known = PartiesOpened.objects.filter(representation=representation).first()
    if known is not None:
        return known
    opened = PartiesOpened(
        id=uuid.uuid4(), representation=representation, opened_at=at, opened_by=by.actor_id
    )
    opened.save()
    touch(representation.case_id, representation.pk, representation.client_id)
    return opened


@action("portal.accepted")
def accept_through_portal(
    *, representation: Representation, by: User, at: datetime.datetime
) -> Representation:
    """Accept at the tariff's fee. Raises NotYours, NotTold, NotSettled, and what accepting raises."""
    _refuse_others(representation, by)
    if not PartiesOpened.objects.filter(representation=representation).exists():
        raise NotTold()
    offered = portal.fee_of(representation, at.date())
    fee = Fee(offered.amount_minor, authority=offered.authority) if offered else None
    try:
        return accept_offer(
            representation=representation, fee=fee, reported_via=ReportedVia.PORTAL, by=by, at=at
        )
    except (OutsideAuthority, CeilingShort, NotEnoughMoney):
        raise NotSettled() from None


@action("portal.declined")
def decline_through_portal(
    *, representation: Representation, reason: EpisodeReason, by: User, at: datetime.datetime
) -> Representation:
    """Decline; for conflict it excludes for good. Raises NotYours, and what declining raises."""
    _refuse_others(representation, by)
    return decline_offer(
        representation=representation, reason=reason, reported_via=ReportedVia.PORTAL, by=by, at=at
    )


@action("portal.reported")
def report_through_portal(
    *, representation: Representation, hearing: Hearing, by: User, at: datetime.datetime, **public: Any
) -> Hearing:
    """What is public of a hearing of a case they defend; ``public`` as ``report_hearing`` takes it.

    Raises NotYours, BoundToSilence, and what reporting raises.
    """
    _refuse_others(representation, by)
    placed = hearing.trial.defendants.filter(case=representation.case_id).exists()
    if representation.state not in kinds.DEFENDING or not placed:
        raise NotYours()
    if is_silenced(representation.case):
        raise BoundToSilence()
    touch(representation.case_id, representation.pk)
    return report_hearing(hearing=hearing, source=kinds.Source.COUNSEL, **public, by=by, at=at)


def _refuse_others(representation: Representation, by: User) -> None:
    lawyer = representation.lawyer
    if lawyer is None or lawyer.user_id != by.pk or not lawyer.is_active:
        raise NotYours()
    if representation.state not in (EpisodeState.OFFERED, *kinds.DEFENDING):
        raise rules.NotOffered()
