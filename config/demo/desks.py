"""What lies on the desks of two coordinators: words of a witness, related people, and work half done."""

import datetime
import uuid

from cases.actions import circumstances, desk, handing
from cases.actions.papers import is_silenced
from cases.circumstances import PartyKind
from cases.kinds import Basis, Relation
from cases.models import Case
from config.demo.world import World

_TOLD = (
    "They held him by the arms while an officer wrote the record. He asked for a lawyer twice.",
    "She was moved at night and nobody told the family for three days.",
)


def witnesses(world: World) -> None:
    """Two testimonies, one of them withdrawn, and people whom counsel must not be bound to."""
    alder, at = world.staff["coordinator"], world.moment(6)
    mine = Case.objects.open_to(alder, world.now).open().order_by("year", "number")
    spoken_of = [case for case in mine[:10] if not is_silenced(case)]
    for case, account, may_share in zip(spoken_of, _TOLD, (True, False), strict=False):
        told = circumstances.take_testimony(
            case=case,
            told_on=world.moment(12).date(),
            account=account,
            told_by=world.people.person().name_be,
            basis=Basis.SPOKEN,
            relation=Relation.SIBLING,
            may_share=may_share,
            by=alder,
            at=at,
        )
        if not may_share:
            gone = world.moment(4).date()
            circumstances.withdraw_testimony(testimony=told, withdrawn_on=gone, by=alder, at=world.moment(3))
        for kind in (PartyKind.WITNESS, PartyKind.CO_ACCUSED):
            name = world.people.person().name_be
            circumstances.name_party(case=case, kind=kind, name=name, remark="From the file", by=alder, at=at)


def half_done(world: World) -> None:
    """Filters that both keep, an intake that broke off, and a colleague's cases to be taken over."""
    alder, hazel = world.staff["coordinator"], world.staff["coordinator-2"]
    for owner, name, query in (
        (alder, "Nobody defends", "counsel=none"),
        (alder, "My urgent ones", "urgency=urgent&view=mine"),
        (hazel, "Offers out", "counsel=offered"),
    ):
        desk.keep_filter(owner=owner, name=name, query=query, by=owner, at=world.moment(9))
    at = world.now - datetime.timedelta(hours=3)
    typed = {"name": world.people.person().name_be, "contacts": "His mother, evenings", "summary": "Taken at"}
    desk.keep_draft(owner=alder, token=str(uuid.uuid4()), values=typed, by=alder, at=at)
    handing.propose_hand_over(giver=hazel, taker=alder, by=hazel, at=at)
