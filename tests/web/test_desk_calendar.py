"""The agenda, secret addresses for calendar apps, reports of hearings, clashes, the morning's letters."""

import datetime
import itertools
import re
import uuid
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from accounts import lockdown
from accounts.actions import teams
from accounts.actions.cutting import cut_off
from accounts.actions.notices import set_notice_address
from accounts.blast import blast_radius
from accounts.models import Mail
from cases import clashes, reminders
from cases.actions import court
from cases.actions.counsel import record_answer
from cases.actions.feeds import LASTS, MOST, make_feed
from cases.actions.reminders import remind
from cases.kinds import EpisodeState
from cases.models import CalendarFeed, Case, Deadline, Hearing
from config.clockwork import remind_colleagues
from tests import people
from tests.web.counsel import lawyer
from tests.web.desk_cases import Desk, open_desk, words

__all__ = ["open_desk"]
pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def dates(secret: str, browser: Client | None = None) -> dict[str, Any]:
    """What a calendar app reads, by what stands for the case; the library refuses what is no iCalendar."""
    answer = (browser or Client()).get(reverse("calendar-feed", args=[secret]))
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    assert answer["Cache-Control"] == "no-store"
    found = Calendar.from_ical(answer.content)
    assert found["METHOD"] == "PUBLISH"
    return {str(event["SUMMARY"]): event for event in found.walk("VEVENT")}


def test_a_page_of_the_agenda_ends_and_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [desk.receive(days=days) for days in (1, 2, 3)]
    assert "there are more" not in words(desk.get(desk.alder, "calendar"))
    monkeypatch.setattr("web.desk.calendar.page._MOST", 2)
    page = words(desk.get(desk.alder, "calendar"))
    assert "there are more. Choose a region" in page
    assert [case.reference in page for case in cases] == [True, True, False], "the soonest are shown"


def test_the_agenda_by_day_court_and_region(desk: Desk) -> None:
    held = desk.receive(days=1)
    other = desk.receive("Ліс Лада", days=8, by=people.coordinator("hazel"))
    week = words(desk.get(desk.alder, "calendar"))
    assert held.reference in week
    assert "Каваленка" in week
    assert other.reference not in week, "it is in court after these seven days"
    month = words(desk.get(desk.alder, "calendar", span="weeks", by="region"))
    assert "Homieĺ" in month
    assert other.client.code_name in month
    assert "Ліс" not in month, "no grant, no name"
    paper = words(desk.get(desk.alder, "calendar", span="weeks", by="court", paper="on"))
    assert held.client.code_name in paper
    assert "Каваленка" not in paper
    mine = words(desk.get(desk.alder, "calendar", span="weeks", mine="on"))
    assert held.reference in mine
    assert other.reference not in mine
    assert "No hearing in these days" in words(desk.get(desk.alder, "calendar", span="day", on="2026-01-01"))
    assert "No hearing" in words(desk.get(desk.alder, "calendar", span="weeks", region="brest"))
    auditor = words(desk.get(people.auditor(), "calendar", span="weeks"))
    assert held.client.code_name in auditor
    assert "Каваленка" not in auditor
    assert desk.get(people.treasurer(), "calendar").status_code == 404


def test_a_calendar_app_follows_what_the_court_does(desk: Desk) -> None:
    case = desk.receive(days=3)
    desk.receive("Ліс Лада", days=3, by=people.coordinator("hazel"))
    page = desk.post(desk.alder, "calendar-feeds", outside="on").content.decode()
    (secret,) = re.findall(r"/calendar/([\w-]{43})\.ics", page)
    assert secret not in desk.page(desk.alder, "calendar-feeds"), "shown once"
    code = case.client.code_name
    seen = [dates(secret)]
    assert set(seen[0]) == {code}, "only cases one holds"
    assert seen[0][code].decoded("DTSTART") == desk.at.date() + 3 * DAY
    first = Hearing.objects.get(trial__defendants__case=case)
    court.move_hearing(hearing=first, starts_at=desk.at + 4 * DAY, room="7", by=desk.alder, at=desk.at)
    seen.append(dates(secret))
    second = court.reschedule_hearing(
        hearing=first, starts_at=desk.at + 6 * DAY, by=desk.alder, at=desk.at
    ).pk
    seen.append(dates(secret))
    third = court.reschedule_hearing(
        hearing=Hearing.objects.get(pk=second), starts_at=desk.at + 9 * DAY, by=desk.alder, at=desk.at
    )
    seen.append(dates(secret))
    court.cancel_hearing(hearing=third, by=desk.alder, at=desk.at)
    seen.append(dates(secret))
    events = [found[code] for found in seen]
    assert len({str(event["UID"]) for event in events}) == 1
    sequences = [int(event["SEQUENCE"]) for event in events]
    assert all(one < other for one, other in itertools.pairwise(sequences)), sequences
    assert [event.decoded("DTSTART") for event in events] == [
        desk.at.date() + n * DAY for n in (3, 4, 6, 9, 9)
    ]
    assert [str(event["STATUS"]) for event in events] == ["CONFIRMED"] * 4 + ["CANCELLED"]
    assert all(event["ORGANIZER"] and "DTSTAMP" in event for event in events), "RFC 5546 3.2.1 wants both"


def test_a_feed_tells_a_day_and_a_code_only(desk: Desk) -> None:
    case = desk.receive(days=3)
    _feed, secret = make_feed(user=desk.alder, outside=True, by=desk.alder, at=desk.at)
    text = Client().get(reverse("calendar-feed", args=[secret])).content.decode()
    told = {line.partition(":")[0].partition(";")[0] for line in text.split("\r\n") if line}
    assert told == {
        "BEGIN", "END", "PRODID", "VERSION", "METHOD", "REFRESH-INTERVAL", "X-PUBLISHED-TTL", "UID",
        "DTSTAMP", "ORGANIZER", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "STATUS", "CLASS", "TRANSP",
    }  # fmt: skip
    assert "DTSTART;VALUE=DATE:" in text
    for never in (case.reference, "Каваленка", "Kavalenka", str(case.pk), "mailto", "Homie", "abarona"):
        assert never not in text


def test_an_address_is_secret_and_ends(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.receive(days=3)
    assert "Confirm" in desk.refused(desk.alder, "calendar-feeds")
    feed, secret = make_feed(user=desk.alder, outside=True, by=desk.alder, at=desk.at)
    assert secret not in str(list(CalendarFeed.objects.values()) + list(CalendarFeed.history.values()))
    assert "never" in desk.page(desk.alder, "calendar-feeds")
    dates(secret)
    feed.refresh_from_db()
    assert feed.last_used_on == timezone.localdate(desk.at)
    version = feed.version
    dates(secret)
    feed.refresh_from_db()
    assert feed.version == version, "a use is noted once a day"
    assert Client().get(reverse("calendar-feed", args=[secret[:-1]])).status_code == 404
    reach = {row.name: row.count for row in blast_radius(desk.alder, desk.at).could}
    assert reach["feeds"] == 1
    hazel = people.coordinator("hazel")
    assert desk.post(hazel, "calendar-feed-end", feed.pk).status_code == 404, "nobody else's"
    for _again in range(MOST - 1):
        make_feed(user=desk.alder, outside=True, by=desk.alder, at=desk.at)
    assert "End one of them first" in desk.refused(desk.alder, "calendar-feeds", outside="on")
    assert "has ended" in desk.done(desk.alder, "calendar-feed-end", feed.pk)
    assert Client().get(reverse("calendar-feed", args=[secret])).status_code == 404
    late, late_secret = make_feed(user=desk.alder, outside=True, by=desk.alder, at=desk.at)
    monkeypatch.setattr(timezone, "now", lambda: late.expires_at)
    assert Client().get(reverse("calendar-feed", args=[late_secret])).status_code == 404
    assert late.expires_at == desk.at + LASTS


def test_cutting_off_and_lockdown_end_addresses(desk: Desk) -> None:
    hazel = people.coordinator("hazel")
    mine, theirs = (
        make_feed(user=user, outside=True, by=user, at=desk.at)[0] for user in (desk.alder, hazel)
    )
    cut_off(user=desk.alder, reason="arrested", by=people.administrator(), at=desk.at)
    for feed in (mine, theirs):
        feed.refresh_from_db()
    assert mine.ended_at == desk.at
    assert theirs.ended_at is None
    done = {row.name: row for row in lockdown.run_parts(by=people.SETUP, at=desk.at)}
    assert done["calendar addresses ended"].count == 1
    theirs.refresh_from_db()
    assert theirs.ended_at == desk.at


def test_a_feed_without_an_end_or_of_a_known_hash_cannot_be(desk: Desk) -> None:
    feed, _secret = make_feed(user=desk.alder, outside=True, by=desk.alder, at=desk.at)
    for change in ("expires_at = made_at", "ended_at = '2020-01-01 00:00:00+00'"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"update cases_calendarfeed set {change}")
    twin = "insert into cases_calendarfeed (id, version, user_id, digest, made_at, expires_at)"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"{twin} select %s, 0, user_id, digest, made_at, expires_at from cases_calendarfeed",
            [uuid.uuid4().hex if connection.vendor == "sqlite" else uuid.uuid4()],
        )
    assert feed.digest


def test_one_report_says_held_judged_and_from_whom(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    case = desk.receive(days=1)
    hearing = Hearing.objects.get()
    monkeypatch.setattr(timezone, "now", lambda: desk.at + 2 * DAY)
    desk.visitors.clear()
    held = {"happened": "held", "source": "counsel", "outcome": "judgment"}
    where = ("case-hearing-outcome", case.pk, hearing.pk)
    assert "Choose an answer: Known from" in desk.refused(desk.alder, *where, **{**held, "source": ""})
    assert "Say what came of it" in desk.refused(desk.alder, *where, **{**held, "outcome": ""})
    wrong = {**held, "outcome": "continues", "verdict": "convicted"}
    assert "comes with the outcome" in desk.refused(desk.alder, *where, **wrong)
    unheld = {**held, "happened": "adjourned", "next_day": "2026-03-12", "verdict": "convicted"}
    assert "comes with the outcome" in desk.refused(desk.alder, *where, **unheld), "nobody sat, nobody judged"
    hearing.refresh_from_db()
    assert hearing.status == "scheduled", "nothing of a refused report stays"
    sentence = {"verdict": "convicted", "sentence": "2 years 6 months, general regime"}
    desk.done(desk.alder, *where, **held, **sentence)
    hearing.refresh_from_db()
    assert (hearing.status, hearing.outcome, hearing.source) == ("held", "judgment", "counsel")
    assert case.defendants.get().verdict == "convicted"
    assert Deadline.objects.filter(case=case).exists(), "the appeal's term runs from the verdict"


def test_a_report_of_an_adjournment_wants_its_day(desk: Desk) -> None:
    case = desk.receive(days=1)
    hearing = Hearing.objects.get()
    where = ("case-hearing-outcome", case.pk, hearing.pk)
    put_off = {"happened": "adjourned", "source": "family"}
    assert "Write the day" in desk.refused(desk.alder, *where, **put_off)
    desk.done(desk.alder, *where, **put_off, next_day="2026-03-12")
    hearing.refresh_from_db()
    assert (hearing.status, hearing.source) == ("adjourned", "family")
    following = hearing.adjourned_to
    assert following is not None
    assert not following.time_known
    desk.done(desk.alder, "case-hearing-outcome", case.pk, following.pk, happened="cancelled", source="court")
    following.refresh_from_db()
    assert (following.status, following.source) == ("cancelled", "court")


def _defended(desk: Desk, name: str, days: float, by: Any) -> Case:
    case = desk.receive(name, days=days)
    record_answer(case=case, lawyer=by, answer=EpisodeState.ACCEPTED, by=desk.alder, at=desk.at)
    return case


def test_two_hearings_of_one_lawyer_at_once_are_told(desk: Desk) -> None:
    heron = lawyer(desk)
    first, second = (_defended(desk, name, 2, heron) for name in ("Адам Ян", "Бор Барыс"))
    apart = _defended(desk, "Новік Ніна", 2.5, heron)
    (clash,) = clashes.clashes(Case.objects.all(), desk.at)
    assert {case.pk for case in clash.cases} == {first.pk, second.pk}
    assert apart.pk not in {case.pk for case in clash.cases}
    page = words(desk.get(desk.alder, "worklist"))
    assert "Two hearings at once" in page
    assert "Two hearings at once" not in words(desk.get(people.coordinator("hazel"), "worklist"))
    other = Hearing.objects.filter(trial__defendants__case=second).get()
    court.move_hearing(hearing=other, starts_at=desk.at + 5 * DAY, by=desk.alder, at=desk.at)
    assert not clashes.clashes(Case.objects.all(), desk.at)


def test_the_morning_letter_tells_nothing(desk: Desk) -> None:
    hazel = people.coordinator("hazel")
    case = desk.receive(days=1)
    for user in (desk.alder, hazel):
        set_notice_address(
            user=user, address=f"{user.username}@example.org", language="en", by=user, at=desk.at
        )
    assert remind(by=people.SETUP, at=desk.at) == 1, "hazel holds nothing that is due"
    letter = Mail.objects.get()
    assert letter.about_id == desk.alder.pk
    assert letter.letter == "message"
    assert case.reference not in str(letter.__dict__)
    assert remind(by=people.SETUP, at=desk.at) == 0, "one letter on the way is enough"
    assert remind_colleagues(desk.at) == 0, "only at its hour"
    assert not mail.outbox


def test_the_morning_letter_reaches_each_of_a_team_once(desk: Desk) -> None:
    hazel, rowan, birch = people.coordinator("hazel"), people.coordinator("rowan"), people.second_officer()
    case, other = desk.receive(days=1), desk.receive("Бор Барыс", days=20)
    team = teams.add_team(name="Homiel", by=birch, at=desk.at)
    told = {"object_kind": "case", "reason": "their region", "by": birch, "at": desk.at}
    grant = teams.grant_team(team=team, object_id=case.pk, **told)
    teams.grant_team(team=team, object_id=other.pk, **told)
    for user in (desk.alder, hazel):
        teams.join_team(team=team, user=user, by=birch, at=desk.at)
    left = teams.join_team(team=team, user=rowan, by=birch, at=desk.at)
    teams.leave_team(member=left, by=birch, at=desk.at)
    due = reminders.cases_due(desk.at)
    assert due == {case.pk}
    assert reminders.answering_for(due, desk.at) == sorted([desk.alder.pk, hazel.pk]), "each once"
    teams.end_team_access(grant=grant, reason="done", by=birch, at=desk.at)
    assert reminders.answering_for(due, desk.at) == [desk.alder.pk]
