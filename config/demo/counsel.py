"""A lawyer abroad who uses the portal, and one who was disbarred this week."""

from accounts.actions.people import add_user, grant_role, role_terms
from accounts.permissions import LAWYER
from cases import kinds, worklist
from cases.actions import counsel
from cases.actions.losing import lose_lawyer
from cases.actions.portal import accept_through_portal, open_parties
from cases.models import Case, Representation
from config.demo.office import PASSWORD
from config.demo.world import World
from lawyers.actions.panel import Practice, add_lawyer, open_portal
from lawyers.models import Lawyer

ALIAS = "ibis"


def abroad(world: World) -> None:
    """They defend one case and are asked for another, of which they know a code and a region so far."""
    at, asks, by = world.now, world.staff["administrator"], world.staff["coordinator"]
    user = add_user(username=ALIAS, password=PASSWORD, name="Ibis", by=asks, at=at)
    world.agreed("role.grant", user.pk, role_terms(LAWYER, None), by=asks, at=at)
    grant_role(user=user, role=LAWYER, by=asks, at=at)
    lawyer = add_lawyer(
        code_name=world.people.lawyer_code(),
        languages="be ru",
        practice=Practice(licence_status="active", licence_from_on=world.start.date(), max_open=6),
        by=by,
        at=at,
    )
    world.agreed("lawyer.portal", lawyer.pk, {"user": str(user.pk)}, by=by, at=at)
    lawyer = open_portal(lawyer=lawyer, user=user, by=by, at=at)
    waiting = worklist.waiting_to_be_matched(Case.objects.filter(status=kinds.CaseStatus.SEEKING))
    free = waiting.exclude(representations__state="offered").order_by("year", "number")
    for number, case in enumerate(free[:2]):
        offer = counsel.offer_case(case=case, lawyer=lawyer, by=by, at=at)
        if number == 0:
            open_parties(representation=offer, by=user, at=at)
            accept_through_portal(representation=offer, by=user, at=at)


def disbarred(world: World) -> None:
    """Their cases seek counsel again; one commitment stays, as work was done."""
    defended = Representation.objects.defending()
    busy = [row for row in world.lawyers if defended.filter(lawyer=row).exists()]
    if not busy:
        return
    lawyer = Lawyer.objects.get(pk=busy[len(busy) // 2].pk)
    done = defended.filter(lawyer=lawyer).order_by("answered_at").values_list("pk", flat=True)[:1]
    lose_lawyer(
        lawyer=lawyer,
        kind=kinds.LossKind.REVOKED,
        since_on=world.now.date(),
        source="register of the bar",
        keep=set(done),
        by=world.staff["coordinator"],
        at=world.now,
    )
