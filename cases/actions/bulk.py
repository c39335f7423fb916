"""What often happens to many on one day: release, transfer, re-arrest. One action for each person."""

import datetime

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from cases import kinds, stages
from cases.actions.circumstances import end_custody, record_custody
from cases.actions.intake import receive_case
from cases.actions.stage import record_stage
from cases.intake.facts import Intake
from cases.models import Case, CustodyPeriod
from lawyers.intake.cells import PartialDate


class ReleasedAlready(DomainError):
    code = "released-already"
    message = _("This case has ended already; the list repeats what is known.")


class ThereAlready(DomainError):
    code = "there-already"
    message = _("They are held there already; the list repeats what is known.")


class ArrestedAlready(DomainError):
    code = "arrested-already"
    message = _("There is a case of this client since that day already.")


@action("client.released")
def release_client(
    *,
    case: Case,
    released_on: datetime.date,
    end_kind: stages.EndKind = stages.EndKind.RELEASED,
    source: kinds.Source,
    by: Actor,
    at: datetime.datetime,
) -> Case:
    """The case ends and custody with it. The case itself is closed by people, who settle what is open.

    Raises ReleasedAlready, stage.FutureFact.
    """
    if case.stage in stages.ENDS:
        raise ReleasedAlready()
    administrative = case.kind == kinds.CaseKind.ADMINISTRATIVE
    record_stage(
        case=case,
        stage=stages.Stage.EXECUTED if administrative else stages.Stage.ENDED,
        occurred_on=released_on,
        end_kind=end_kind,
        source=source,
        reason=str(_("On a list of people released.")),
        by=by,
        at=at,
    )
    held = CustodyPeriod.objects.standing().filter(case=case, until_on=None, from_on__lte=released_on)
    for period in held:
        end_custody(period=period, until_on=released_on, by=by, at=at)
    touch(case.id, case.client_id)
    fact(end_kind=end_kind)
    return case


@action("client.transferred")
def transfer_client(
    *,
    case: Case,
    place: str,
    moved_on: datetime.date,
    source: kinds.Source,
    by: Actor,
    at: datetime.datetime,
) -> CustodyPeriod:
    """Held in another place since that day. Raises ThereAlready, and what record_custody raises."""
    held = CustodyPeriod.objects.standing().filter(case=case, until_on=None, place=place)
    if held.exists():
        raise ThereAlready()
    return record_custody(case=case, place=place, from_on=moved_on, source=source, by=by, at=at)


@action("client.rearrested")
def rearrest_client(
    *,
    case: Case,
    detained_on: datetime.date,
    source: kinds.Source,
    by: Actor,
    at: datetime.datetime,
) -> Case:
    """A new case of the same client; the old one stays what it is. Raises ArrestedAlready."""
    if Case.objects.filter(client=case.client, detained_on=detained_on).exists():
        raise ArrestedAlready()
    intake = Intake(
        case_kind=kinds.CaseKind(case.kind),
        languages=case.languages,
        is_minor=case.is_minor,
        is_ill=case.is_ill,
        detained=PartialDate(detained_on),
        region=case.region,
        confidentiality=kinds.Confidentiality(case.confidentiality),
        source=source,
    )
    new = receive_case(intake=intake, client=case.client, by=by, at=at)
    touch(case.id)
    return new
