"""A lawyer abroad who uses the portal, one who was disbarred this week, one who is suspended for a time."""

import datetime
from hashlib import sha256

from django.utils import timezone

from accounts.actions.people import add_user, grant_role, role_terms
from accounts.models import User
from accounts.permissions import LAWYER
from cases import kinds, worklist
from cases.actions import counsel
from cases.actions.losing import lose_lawyer
from cases.actions.portal import accept_through_portal, open_parties
from cases.actions.portal_claims import PaidAt, claim_through_portal
from cases.models import Case, Hearing, Representation
from config.demo.office import PASSWORD
from config.demo.world import World
from lawyers.actions.panel import Practice, add_lawyer, open_portal, record_licence
from lawyers.models import Lawyer, Licence
from treasury.kinds import VoucherKind
from vault.cleaning.kinds import FileType
from vault.files import Cleaned

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
            _claimed(offer, user, world)


def _claimed(episode: Representation, user: User, world: World) -> None:
    """They ask for a part of the fee; nobody has looked at it yet."""
    content = b"Invoice 4. An invented one, for the demo.\n"
    digest = sha256(content).hexdigest()
    episode.refresh_from_db()
    claim_through_portal(
        representation=episode,
        amount_minor=20_000,
        invoiced_on=world.now.date(),
        voucher_kind=VoucherKind.INVOICE,
        voucher=Cleaned(FileType.TEXT, content, digest, digest),
        number="4",
        paid_at=PaidAt(world.people.person().name_latin, "LT", "LT121000011101001000"),
        by=user,
        at=world.now,
    )


def suspended(world: World) -> None:
    """For three weeks, with hearings in them; they keep their cases."""
    at, today = world.now, timezone.localdate(world.now)
    last = today + datetime.timedelta(days=21)
    soon = Hearing.objects.coming(at).filter(starts_at__lt=at + datetime.timedelta(days=20))
    led = Representation.objects.lead().defending().filter(case__defendants__trial__hearings__in=soon)
    episode = led.filter(lawyer__is_active=True, lawyer__user=None).order_by("case__number").last()
    if episode is None or episode.lawyer is None:
        return
    record_licence(
        lawyer=episode.lawyer,
        status=Licence.Status.SUSPENDED,
        from_on=today,
        until_on=last,
        source="register of the bar",
        by=world.staff["coordinator"],
        at=at,
    )


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
