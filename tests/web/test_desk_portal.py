"""A lawyer's portal is opened by two people, and closed by one; a suspension has an end and a stand-in."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Approval, User
from accounts.permissions import LAWYER
from cases import standins
from cases.actions.counsel import accept_offer, offer_case, record_answer
from cases.actions.counsel_rules import LicenceLapsed, LicenceSuspended
from cases.kinds import EpisodeState, Role
from cases.models import Case
from cases.reminders import cases_due
from lawyers.actions.panel import NoPortal, close_portal, record_licence
from lawyers.models import Lawyer
from tests import people
from tests.treasury.world import raw
from tests.web.counsel import lawyer
from tests.web.desk_cases import Desk, open_desk, words

__all__ = ["open_desk"]
pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def agree(desk: Desk, birch: User) -> str:
    """The second officer agrees to what was asked last; the address that carries it out."""
    asked = Approval.objects.filter(state="asked").latest("asked_at")
    waiting = words(desk.get(birch, "approvals"))
    assert "Heron-03" in waiting
    assert "ibis" in waiting
    desk.done(birch, "approval-decide", asked.pk, answer="yes")
    return reverse("desk:lawyer-portal", args=[asked.object_id]) + f"?approval={asked.pk}"


def test_two_people_open_it_and_one_closes_it(desk: Desk) -> None:
    heron, birch = lawyer(desk), people.second_officer()
    assert "No account to open it to" in words(desk.get(desk.alder, "lawyer-portal", heron.pk))
    ibis = people.person("ibis", LAWYER)
    people.person("jay", LAWYER)  # a second account that is free
    page = words(desk.get(desk.alder, "lawyer-portal", heron.pk))
    for told in (
        "a code name, a region",
        "whatever else a case costs",
        "A second officer agrees first",
        "jay",
    ):
        assert told in page
    assert "Confirm: They live outside" in desk.refused(
        desk.alder, "lawyer-portal", heron.pk, account=ibis.pk
    )
    desk.done(desk.alder, "lawyer-portal", heron.pk, account=ibis.pk, abroad="on")
    heron.refresh_from_db()
    assert heron.user is None, "asked, not done"
    link = agree(desk, birch)
    browser = desk.visitor(desk.alder)
    assert "A colleague has agreed." in words(browser.get(link))  # type: ignore[arg-type]
    sent = {"account": str(ibis.pk), "abroad": "on", "once": "portal-of-a-test-1"}
    assert "The portal is open to them." in words(browser.post(link, sent, follow=True))  # type: ignore[arg-type]
    heron = Lawyer.objects.get(pk=heron.pk)
    assert (heron.user, heron.channel) == (ibis, Lawyer.Channel.PORTAL)
    offer = offer_case(case=desk.receive(days=3), lawyer=heron, by=desk.alder, at=desk.at)
    theirs = desk.visitor(ibis)
    assert theirs.get(reverse("counsel:one", args=[offer.pk])).status_code == 200
    assert "they defend 0 cases" in words(desk.get(desk.alder, "lawyer-portal", heron.pk))
    assert "The portal is closed." in desk.done(desk.alder, "lawyer-portal-close", heron.pk)
    heron.refresh_from_db()
    assert (heron.user, heron.channel) == (None, Lawyer.Channel.RELAY)
    assert theirs.get(reverse("counsel:own")).status_code == 302, "their session has ended"
    assert not User.objects.get(pk=ibis.pk).has("portal.enter")
    offer.refresh_from_db()
    assert offer.state == EpisodeState.OFFERED, "a coordinator asks for the answer"
    with pytest.raises(NoPortal):
        close_portal(lawyer=heron, by=desk.alder, at=desk.at)
    for user in (birch, people.auditor(), people.stranger()):
        assert desk.get(user, "lawyer-portal", heron.pk).status_code == 404


def defended(desk: Desk, heron: Lawyer, days: float, name: str) -> Case:
    case = desk.receive(name, days=days)
    record_answer(case=case, lawyer=heron, answer=EpisodeState.ACCEPTED, by=desk.alder, at=desk.at)
    return case


def test_a_suspension_keeps_the_cases_and_asks_for_stand_ins(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    heron, crane = lawyer(desk), lawyer(desk, "Crane-08")
    within, after = defended(desk, heron, 2, "Адам Ян"), defended(desk, heron, 30, "Бор Барыс")
    waiting = offer_case(case=desk.receive("Новік Ніна", days=40), lawyer=heron, by=desk.alder, at=desk.at)
    today = desk.at.date()
    assert not standins.needed(Case.objects.all(), desk.at)
    known = {"from_on": today.isoformat(), "until_on": (today + 10 * DAY).isoformat()}
    page = desk.done(desk.alder, "lawyer-suspend", heron.pk, **known)
    assert "Recorded for Heron-03." in page
    assert "again, by itself" in page
    assert "Hearings while suspended" in page
    (one,) = standins.needed(Case.objects.all(), desk.at)
    assert (one.case, one.lawyer, one.until_on) == (within, heron, today + 10 * DAY)
    assert within.representations.get().state == after.representations.get().state == "accepted"
    assert within.pk in cases_due(desk.at)
    worklist = words(desk.get(desk.alder, "worklist"))
    assert "Counsel suspended on the day: somebody has to stand in" in worklist
    assert "hearings to stand in at 1" in worklist
    assert "somebody has to stand in" not in words(desk.get(people.coordinator("hazel"), "worklist"))
    with pytest.raises(LicenceSuspended):
        offer_case(case=desk.receive("Ян Я", days=35), lawyer=heron, by=desk.alder, at=desk.at)
    with pytest.raises(LicenceSuspended):
        accept_offer(representation=waiting, by=desk.alder, at=desk.at)
    record_answer(
        case=within, lawyer=crane, answer=EpisodeState.ACCEPTED, role=Role.SECOND, by=desk.alder, at=desk.at
    )
    assert not standins.needed(Case.objects.all(), desk.at), "the second lawyer stands in"
    ended = desk.at + 11 * DAY
    assert Lawyer.objects.licensed(ended.date()).filter(pk=heron.pk).exists()
    accept_offer(representation=waiting, by=desk.alder, at=ended)
    record_licence(lawyer=heron, status="revoked", from_on=today + 5 * DAY, by=desk.alder, at=desk.at)
    assert not Lawyer.objects.licensed(ended.date()).filter(pk=heron.pk).exists(), "nothing comes back"
    with pytest.raises(LicenceLapsed):
        offer_case(case=desk.receive("Ян Яна", days=35), lawyer=heron, by=desk.alder, at=ended)
    with pytest.raises(IntegrityError), transaction.atomic():
        raw("update lawyers_licence set resumes_id = id where status = %s", "suspended")
    monkeypatch.setattr(timezone, "now", lambda: ended)
    assert "again, by itself" not in words(desk.get(desk.alder, "lawyer", heron.pk))
