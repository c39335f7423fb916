"""Lawyers abroad: code and region first, names when asked for, facts after the acceptance; nobody else's."""

import datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.approvals import decide_approval, request_approval
from accounts.models import Mail, User
from accounts.permissions import LAWYER
from audit.models import Event
from cases.actions import circumstances
from cases.actions.counsel import offer_case
from cases.actions.losing import lose_lawyer
from cases.actions.papers import record_nondisclosure
from cases.circumstances import PartyKind
from cases.kinds import LossKind
from cases.models import Exclusion, Hearing, PartiesOpened, Representation
from cases.papers import BoundBy
from lawyers.actions.panel import open_portal
from lawyers.models import Lawyer
from tests import people
from tests.treasury.world import World
from tests.web.counsel import funded_world, lawyer
from tests.web.desk_cases import Desk, open_desk, readings_of, words
from treasury import commitments
from treasury.actions.authorities import end_standing_authority
from treasury.models import StandingAuthority

__all__ = ["funded_world", "open_desk"]
pytestmark = pytest.mark.django_db
SURNAME = "Каваленка"


def abroad(desk: Desk, code_name: str, username: str) -> tuple[Lawyer, User]:
    """A lawyer with an account, as two officers open it."""
    user, found = people.person(username, LAWYER), lawyer(desk, code_name)
    officer = User.objects.filter(username="birch").first() or people.second_officer()
    approval = request_approval(
        kind="lawyer.portal", object_id=found.pk, payload={"user": str(user.pk)}, by=desk.alder, at=desk.at
    )
    decide_approval(approval=approval, agrees=True, by=officer, at=desk.at)
    return open_portal(lawyer=found, user=user, by=desk.alder, at=desk.at), user


def visit(desk: Desk, user: User | None, name: str, *ids: Any) -> HttpResponse:
    return desk.visitor(user).get(reverse(f"counsel:{name}", args=ids))  # type: ignore[return-value]


def say(desk: Desk, user: User | None, name: str, *ids: Any, **data: Any) -> str:
    """Send a form; the words of the page that follows, or the status of a refusal."""
    sent = {"once": f"once-of-{name}-{Event.objects.count():08}", **data}
    answer = desk.visitor(user).post(reverse(f"counsel:{name}", args=ids), sent, follow=True)
    return words(answer) if answer.status_code == 200 else str(answer.status_code)  # type: ignore[arg-type]


def asked(desk: Desk, code_name: str = "Heron-03", username: str = "ibis") -> tuple[Representation, User]:
    found, user = abroad(desk, code_name, username)
    case = desk.receive(days=1)
    return offer_case(case=case, lawyer=found, by=desk.alder, at=desk.at), user


def test_it_opens_step_by_step(desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    offer, ibis = asked(desk)
    here = (offer.pk,)
    hearing = Hearing.objects.get()
    court = str(hearing.trial.court)
    first = words(visit(desk, ibis, "own")) + words(visit(desk, ibis, "one", *here))
    assert offer.client.code_name in first
    assert "Homieĺ" in first
    for closed in (SURNAME, offer.case.reference, court, "342"):
        assert closed not in first, "the region and the code are all one learns"
    assert not any(row.actor_id == ibis.actor_id for row in readings_of(offer.client_id))
    assert "Look at the names" in say(desk, ibis, "accept", *here), "conflicts come first"
    told: dict[str, Any] = {"case": offer.case, "kind": PartyKind.CO_ACCUSED, "by": desk.alder, "at": desk.at}
    ours = circumstances.name_party(name="Зязюля Янка", **told)
    circumstances.name_party(name="Бусел Іван", **told)
    client = desk.receive("Зязюля Янка", days=None).client
    circumstances.recognise_party(party=ours, person=client, by=desk.alder, at=desk.at)
    second = say(desk, ibis, "names", *here)
    assert SURNAME in second
    assert "Бусел" in second
    assert "Зязюля" not in second, "another client of ours"
    assert court not in second, "facts come after the acceptance"
    assert PartiesOpened.objects.get().opened_by == ibis.actor_id
    assert Event.objects.filter(kind="parties.opened").count() == 1
    assert any(row.actor_id == ibis.actor_id for row in readings_of(offer.client_id))
    assert visit(desk, ibis, "report", offer.pk, hearing.pk).status_code == 404
    third = say(desk, ibis, "accept", *here)
    assert court in third
    offer.refresh_from_db()
    assert (offer.state, offer.reported_via) == ("accepted", "portal")
    assert offer.commitment is not None
    assert commitments.held_minor(offer.commitment) == 9_000, "at the tariff's fee"
    _reports(desk, ibis, offer, hearing, monkeypatch)


def _reports(
    desk: Desk, ibis: User, offer: Representation, hearing: Hearing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is public of the hearing; nothing more once counsel is bound to silence."""
    page = words(visit(desk, ibis, "report", offer.pk, hearing.pk))
    assert "Sentence" not in page
    assert "Known from" not in page
    monkeypatch.setattr(timezone, "now", lambda: desk.at + datetime.timedelta(days=2))
    desk.visitors.clear()
    said = say(desk, ibis, "report", offer.pk, hearing.pk, happened="held", outcome="continues")
    assert "Recorded" in said
    hearing.refresh_from_db()
    assert (hearing.status, hearing.source) == ("held", "counsel")
    record_nondisclosure(
        case=offer.case, bound=BoundBy.COUNSEL, signed_on=desk.at.date(), by=desk.alder, at=timezone.now()
    )
    silent = words(visit(desk, ibis, "one", offer.pk))
    assert "bound to silence" in silent
    assert str(hearing.trial.court) not in silent
    assert visit(desk, ibis, "report", offer.pk, hearing.pk).status_code == 404


def test_the_fee_is_that_of_the_books_day(desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Late in the evening the office's day is another than the books', by which an acceptance counts."""
    offer, ibis = asked(desk)
    late = desk.at.replace(hour=22)
    tomorrow = desk.at + datetime.timedelta(days=1)
    end_standing_authority(authority=StandingAuthority.objects.get(), by=world.treasurer, at=tomorrow)
    monkeypatch.setattr(timezone, "now", lambda: late)
    assert timezone.localdate(late) == tomorrow.date()
    assert "90.00" in words(visit(desk, ibis, "one", offer.pk))


def test_strangers_and_other_lawyers_find_nothing(desk: Desk) -> None:
    offer, ibis = asked(desk)
    _other, jay = abroad(desk, "Jay-11", "jay")
    hearing = Hearing.objects.get()
    assert offer.client.code_name not in words(visit(desk, jay, "own"))
    for user in (jay, desk.alder, people.stranger(), people.auditor()):
        for name, ids in (("one", (offer.pk,)), ("decline", (offer.pk,)), ("report", (offer.pk, hearing.pk))):
            assert visit(desk, user, name, *ids).status_code == 404, (user.username, name)
        for name in ("names", "accept", "decline"):
            assert say(desk, user, name, offer.pk) == "404"
    assert visit(desk, desk.alder, "own").status_code == 404
    assert visit(desk, None, "own").status_code == 302
    for page in ("worklist", "cases", "lawyers", "calendar", "match"):
        assert desk.get(ibis, page).status_code == 404, "the desk is not theirs"
    assert not PartiesOpened.objects.exists()


def test_a_decline_for_conflict_closes_the_names_again(desk: Desk) -> None:
    offer, ibis = asked(desk)
    assert SURNAME in say(desk, ibis, "names", offer.pk)
    assert "Thank you" in say(desk, ibis, "decline", offer.pk, reason="conflict")
    assert SURNAME not in words(visit(desk, ibis, "one", offer.pk))
    assert Exclusion.objects.get().lawyer_id == offer.lawyer_id
    assert "no longer open" in say(desk, ibis, "accept", offer.pk)


def test_without_money_the_lawyer_learns_no_figure(desk: Desk, world: World) -> None:
    offer, ibis = asked(desk)
    world.commit(world_left(world))
    say(desk, ibis, "names", offer.pk)
    refused = say(desk, ibis, "accept", offer.pk)
    assert "The fee has to be settled first. Nobody is told by this" in refused
    assert not Mail.objects.exists(), "so the lawyer is asked to speak"
    offer.refresh_from_db()
    assert offer.state == "offered"
    lose_lawyer(
        lawyer=Lawyer.objects.get(user=ibis),
        kind=LossKind.ARRESTED,
        since_on=desk.at.date(),
        by=desk.alder,
        at=desk.at,
    )
    assert visit(desk, ibis, "own").status_code == 302, "the account is cut off"


def world_left(world: World) -> int:
    """Commit all but one unit of the general fund, under a ceiling of another case."""
    world.ceiling(fee=99_999)
    return 99_999
