"""Hearings as an iCalendar feed: the day and the client's code name, and nothing else.

A hearing that the court adjourned is, to a calendar, the same entry on another day: the chain of
``adjourned_to`` has one UID, and its SEQUENCE is the sum of the writes along it, so it only ever grows
(RFC 5545 3.8.7.4, RFC 5546 2.1.4). One that was called off stays as STATUS:CANCELLED.
"""

import datetime
import hashlib
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Prefetch
from icalendar import Calendar, Event, vUri

from accounts.lockdown import standing
from accounts.models import User
from cases.kinds import HearingStatus
from cases.models import CalendarFeed, Case, Defendant, Hearing

BACK, AHEAD = datetime.timedelta(days=30), datetime.timedelta(days=400)
NEEDS = "cases.work"
_NAMES = uuid.UUID("6f6e7f8c-2b0e-4d53-9a56-5a6fb4b1d1c3")


@dataclass(frozen=True)
class Entry:
    """One hearing of one client as a calendar keeps it."""

    uid: uuid.UUID
    sequence: int
    on: datetime.date
    code_name: str
    cancelled: bool


def digest(secret: str) -> str:
    """What is kept of an address."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find_feed(secret: str, at: datetime.datetime) -> CalendarFeed | None:
    """The feed behind an address, while it, its owner's account and their role stand."""
    if standing() is not None:
        return None
    found = CalendarFeed.objects.live(at).filter(digest=digest(secret)).select_related("user").first()
    if found is None or not found.user.is_active or not found.user.has(NEEDS):
        return None
    return found


def live_of(user: User, at: datetime.datetime) -> int:
    """How many addresses of this person answer now; for ``accounts.blast``."""
    return CalendarFeed.objects.live(at).filter(user=user).count()


def entries_of(user: User, at: datetime.datetime) -> list[Entry]:
    """Hearings of the cases this person holds, from a month ago on, by day; three queries."""
    held = Case.objects.open_to(user, at).order_by().values("id")
    places = Defendant.objects.filter(case__in=held).select_related("client")
    rows = Hearing.objects.filter(trial__defendants__case__in=held).distinct()
    rows = rows.select_related("trial").prefetch_related(
        Prefetch("trial__defendants", queryset=places, to_attr="ours")
    )
    today = at.date()
    found = (entry for chain in chains(rows) for entry in _entries(chain))
    near = [entry for entry in found if today - BACK <= entry.on <= today + AHEAD]
    return sorted(near, key=lambda entry: (entry.on, entry.code_name))


def chains(hearings: Iterable[Hearing]) -> Iterator[list[Hearing]]:
    """Hearings in the order in which the court put one off to the next; most stand alone."""
    rows = list(hearings)
    by_id: dict[uuid.UUID | None, Hearing] = {row.pk: row for row in rows}
    later = {row.adjourned_to_id for row in rows}
    for row in rows:
        if row.pk in later:
            continue
        chain = [row]
        while (key := chain[-1].adjourned_to_id) in by_id:
            chain.append(by_id[key])
        yield chain


def _entries(chain: list[Hearing]) -> Iterator[Entry]:
    first, last = chain[0], chain[-1]
    on = last.starts_at.astimezone(ZoneInfo(last.zone)).date()
    sequence = sum(row.version for row in chain)
    # An adjournment whose new day is not known is no date to keep free.
    cancelled = last.status in (HearingStatus.CANCELLED, HearingStatus.ADJOURNED)
    ours: list[Defendant] = last.trial.ours  # type: ignore[attr-defined]  # put there by the prefetch
    for place in ours:
        uid = uuid.uuid5(_NAMES, f"{first.pk}:{place.case_id}")
        yield Entry(uid, sequence, on, place.client.code_name, cancelled)


def as_icalendar(entries: Iterable[Entry], feed_id: uuid.UUID, at: datetime.datetime) -> bytes:
    """The feed's text. Its words are neutral: a phone that is searched shows a list of dates."""
    calendar = Calendar()
    calendar.add("prodid", "-//Dates//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("refresh-interval", datetime.timedelta(hours=1), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        calendar.add_component(_event(entry, feed_id, at))
    text: bytes = calendar.to_ical()
    return text


def _event(entry: Entry, feed_id: uuid.UUID, at: datetime.datetime) -> Event:
    event = Event()
    event.add("uid", str(entry.uid))
    # With a METHOD, the moment at which this copy was written (RFC 5545 3.8.7.2).
    event.add("dtstamp", at.astimezone(datetime.UTC).replace(microsecond=0))
    # PUBLISH wants an organizer (RFC 5546 3.2.1); an address of mail would name somebody.
    event["organizer"] = vUri(f"urn:uuid:{feed_id}")
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.on)
    event.add("dtend", entry.on + datetime.timedelta(days=1))
    event.add("summary", entry.code_name)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event
