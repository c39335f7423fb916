"""A lawyer disbarred or arrested: what hangs on them is shown, one act ends it, a repair is proposed."""

import datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.approvals import decide_approval, request_approval
from accounts.models import CutOff, User
from accounts.permissions import LAWYER
from audit.models import Event
from cases import losses, matches
from cases.actions.costs import enter_case_claim
from cases.actions.counsel import Fee, offer_case, record_answer
from cases.actions.losing import LostAlready, NotYetLost, lose_lawyer
from cases.actions.matching import run_match
from cases.kinds import Confidentiality, EpisodeReason, EpisodeState, LossKind
from cases.models import Case, LawyerLoss, MatchRun, Representation
from lawyers.actions.panel import open_portal
from lawyers.matching import Policy, solve
from lawyers.models import Lawyer
from tests import people
from tests.treasury.world import World
from tests.web.counsel import funded_world, lawyer
from tests.web.desk_cases import Desk, open_desk, words
from treasury import commitments
from treasury.kinds import Category, VoucherKind
from treasury.models import StandingAuthority

__all__ = ["funded_world", "open_desk"]
pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def defended(
    desk: Desk, name: str, days: float, by: Lawyer, fee_minor: int = 0, **known: Any
) -> tuple[Case, Representation]:
    case = desk.receive(name, days=days, **known)
    fee = Fee(fee_minor, authority=StandingAuthority.objects.get()) if fee_minor else None
    episode = record_answer(
        case=case, lawyer=by, answer=EpisodeState.ACCEPTED, fee=fee, by=desk.alder, at=desk.at
    )
    return case, episode


def claimed(desk: Desk, world: World, case: Case, episode: Representation, minor: int) -> None:
    enter_case_claim(
        case=case,
        payee=world.payee(),
        category=Category.FEE,
        amount_minor=minor,
        invoiced_on=desk.at.date(),
        voucher_kind=VoucherKind.OFFICE_RECEIPT,
        representation=episode,
        number="R-1",
        by=desk.alder,
        at=desk.at,
    )


def test_one_page_shows_it_and_one_press_does_it_all(desk: Desk, world: World) -> None:
    heron, crane = lawyer(desk), lawyer(desk, "Crane-08")
    later, worked = defended(desk, "Адам Ян", 9, heron, 9_000)
    restricted = Confidentiality.RESTRICTED
    sooner, idle = defended(desk, "Бор Барыс", 2, heron, 8_000, confidentiality=restricted)
    asked = offer_case(case=desk.receive("Новік Ніна", days=6), lawyer=heron, by=desk.alder, at=desk.at)
    claimed(desk, world, later, worked, 4_000)
    page = words(desk.get(desk.alder, "lawyer-lose", heron.pk))
    assert page.index(sooner.client.code_name) < page.index(later.client.code_name), "the next in court first"
    assert "170.00" in page, "held in all"
    assert "40.00" in page, "claimed and not paid"
    elsewhere = words(desk.get(people.coordinator("hazel"), "lawyer-lose", heron.pk))
    assert sooner.client.code_name not in elsewhere
    assert "A case outside your lists" in elsewhere
    assert later.client.code_name in elsewhere
    before = Event.objects.count()
    said = desk.done(
        desk.alder,
        "lawyer-lose",
        heron.pk,
        kind="revoked",
        since_on=desk.at.date(),
        source="the register",
        keep=[str(worked.pk)],
    )
    assert Event.objects.count() == before + 1
    assert "2 of their cases seek counsel" in said
    for episode, state in ((worked, "ended"), (idle, "ended"), (asked, "withdrawn")):
        episode.refresh_from_db()
        assert (episode.state, episode.reason) == (state, "licence-lost")
    assert worked.commitment is not None
    assert idle.commitment is not None
    assert commitments.held_minor(worked.commitment) == 9_000, "work was done there"
    assert commitments.held_minor(idle.commitment) == 0
    heron.refresh_from_db()
    assert not heron.is_active
    assert heron.licences.order_by("from_on").last().status == "revoked"  # type: ignore[union-attr]  # just recorded
    for case in (later, sooner):
        case.refresh_from_db()
        assert case.status == "seeking-counsel"
    page = words(desk.get(desk.alder, "worklist"))
    assert sooner.reference in page
    _repaired(desk, heron, crane, sooner)


def _repaired(desk: Desk, heron: Lawyer, crane: Lawyer, sooner: Case) -> None:
    """The proposal is one press away, and stands beside what was lost."""
    browser = desk.visitor(desk.alder)
    answer = browser.post(reverse("desk:lawyer-repair", args=[heron.pk]), {"once": "once-of-a-repair-1"})
    page = words(browser.get(answer["Location"]))  # type: ignore[arg-type]
    assert crane.code_name in page
    run = MatchRun.objects.get()
    assert run.policy["steady"] is True
    assert run.proposals.get(case=sooner).lawyer == crane
    back = desk.done(desk.alder, "lawyer-back", heron.pk)
    assert "Look at the licence" in back
    assert "On the panel already" not in back


def test_an_arrest_ends_the_account_and_nothing_can_be_asked(desk: Desk, world: World) -> None:
    heron = abroad(desk)
    case, _episode = defended(desk, "Адам Ян", 9, heron)
    lose_lawyer(lawyer=heron, kind=LossKind.ARRESTED, since_on=desk.at.date(), by=desk.alder, at=desk.at)
    assert CutOff.objects.get().user == heron.user
    assert Representation.objects.get(case=case).reason == EpisodeReason.ARRESTED
    assert not heron.licences.filter(status="revoked").exists(), "the licence is another matter"
    with pytest.raises(LostAlready):
        lose_lawyer(lawyer=heron, kind=LossKind.LEFT, since_on=desk.at.date(), by=desk.alder, at=desk.at)
    page = words(desk.get(desk.alder, "lawyer-lost", heron.pk))
    assert "it is cut off" in page
    (row,) = losses.after(LawyerLoss.objects.get(), desk.at)
    assert row.episode.case == case


def abroad(desk: Desk) -> Lawyer:
    """A lawyer with an account, as two officers open it."""
    user = people.person("ibis", LAWYER)
    heron, officer = lawyer(desk), people.second_officer("birch-2")
    approval = request_approval(
        kind="lawyer.portal", object_id=heron.pk, payload={"user": str(user.pk)}, by=desk.alder, at=desk.at
    )
    decide_approval(approval=approval, agrees=True, by=officer, at=desk.at)
    return open_portal(lawyer=heron, user=user, by=desk.alder, at=desk.at)


def test_a_loss_is_not_recorded_beforehand_and_strangers_find_none(desk: Desk) -> None:
    heron = lawyer(desk)
    tomorrow = desk.at.date() + DAY
    with pytest.raises(NotYetLost):
        lose_lawyer(lawyer=heron, kind=LossKind.REVOKED, since_on=tomorrow, by=desk.alder, at=desk.at)
    assert not LawyerLoss.objects.exists()
    others: list[tuple[User, Any]] = [(people.treasurer(), 404), (people.auditor(), 404)]
    for user, status in others:
        for page in ("lawyer-lose", "lawyer-lost"):
            assert desk.get(user, page, heron.pk).status_code == status
    assert desk.get(desk.alder, "lawyer-lost", heron.pk).status_code == 404, "nothing happened"


def test_past_midnight_in_minsk_today_is_no_tomorrow(desk: Desk) -> None:
    """In UTC it is still the day before."""
    late = desk.at.replace(hour=22)
    today = timezone.localdate(late)
    assert today > late.date()
    lose_lawyer(lawyer=lawyer(desk), kind=LossKind.REVOKED, since_on=today, by=desk.alder, at=late)
    assert LawyerLoss.objects.get().since_on == today


def test_a_repair_moves_less_than_a_new_plan(desk: Desk) -> None:
    """Crane serves one case well by the plan; that Heron would suit better moves nothing in a repair."""
    crane = lawyer(desk, "Crane-08", competences=(), max_open=9)
    kept = desk.receive("Адам Ян", days=5)
    run_match(by=desk.alder, at=desk.at)
    lawyer(desk, "Heron-03", max_open=9)
    steady = _plan(desk, steady=True)
    assert steady == {kept.pk: crane.pk}
    assert _plan(desk, steady=False) != steady, "the usual order would move it"


def _plan(desk: Desk, *, steady: bool) -> dict[Any, Any]:
    result = solve(matches.problem_now(desk.at, policy=Policy(steady=steady)))
    lawyers, cases = ({str(row.pk): row.pk for row in model.objects.all()} for model in (Lawyer, Case))
    return {cases[row.need_id]: lawyers[row.place_id] for row in result.assignments}
