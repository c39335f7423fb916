"""What the demo shows of forgetting: somebody erased, somebody under a legal hold, a request that waits."""

from accounts.actions import erasure, handing_out, holds
from accounts.approvals import request_approval
from accounts.erasing import carrying_out, registry
from accounts.models import Erasure
from cases.actions.intake import receive_case
from cases.actions.status import change_status, close_case
from cases.intake.facts import Intake
from cases.kinds import CaseStatus, ClosingReason
from config.demo.world import World


def forget(world: World) -> None:
    """A client who asked to be erased, a hold on another one, a copy a third one asked for."""
    admin, coordinator = world.staff["administrator"], world.staff["coordinator"]
    received = world.moment(60)
    intake = Intake(name="Верасень Пробны", contacts="by a friend")
    case = receive_case(intake=intake, by=coordinator, at=received)
    change_status(case=case, to=CaseStatus.ELIGIBLE, by=coordinator, at=received)
    close_case(case=case, reason=ClosingReason.WITHDRAWN, by=coordinator, at=world.moment(50))
    then = world.moment(40)
    basis = Erasure.Basis.ASKED
    world.agreed("erasure", case.client_id, erasure.erasure_terms(basis=basis), by=admin, at=then)
    carrying_out.erase(subject_id=case.client_id, basis=basis, by=admin, at=then)

    held, asking = world.cases[0].client_id, world.cases[1].client_id
    put = world.moment(20)
    world.agreed(holds.PUT, held, holds.hold_terms(), by=admin, at=put)
    holds.put_hold(
        subject_id=held, reason="A complaint to the bar is pending; its file is needed.", by=admin, at=put
    )
    kind, person = registry.find(asking)
    request_approval(
        kind=handing_out.KIND,
        object_id=asking,
        payload=handing_out.export_terms(),
        summary=f"{kind.title} {person.called} asked for a copy by their sister, on the safe line.",
        by=admin,
        at=world.moment(1),
    )
