"""One walk over everything that answers: nothing sealed leaves unrecorded, nothing at all when it cannot be
recorded, and no page outside the room of people names a colleague.

Each role begins at its worklist and follows every link of ours; one page for each kind of address. The API's
reads are asked besides, with names.
"""

import io
import re
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from accounts.models import User
from audit.models import ReadSubject
from tests.api import world as worlds
from tests.api.addresses import key_of, reads
from vault import fields, reading

LINK = re.compile(r'(?:href|action)="(/(?:desk|account)/[^"#]*)"')
STAFF_NAME = "Zyx{}wvut Qponmlk"  # no page has a word like it
SEED = ["desk:worklist", "desk:cases", "desk:people", "desk:audit", "desk:money", "desk:lawyers", "sessions"]


@dataclass
class Walk:
    """What was opened in each answer, and what the answers were."""

    opened: list[tuple[uuid.UUID, str]] = field(default_factory=list)
    shown: dict[str, tuple[User, str]] = field(default_factory=dict)  # pages that opened something
    asked: set[str] = field(default_factory=set)
    unrecorded: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    shut: list[str] = field(default_factory=list)


@pytest.fixture
def world(db: None) -> worlds.World:
    return worlds.with_all(worlds.make())


def ask(walk: Walk, user: User, client: Any, url: str, name: str, **headers: Any) -> str:
    """One GET: whatever was opened on the way must be in a committed record of this reader by the end."""
    walk.opened.clear()
    before = ReadSubject.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    answer = client.get(url, **headers)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    walk.asked.add(name)
    if answer.status_code == 404 and name not in SEED and not name.startswith("api:"):
        walk.shut.append(f"{user.username}: {url}")
    recorded = {
        (row.subject_id, label)
        for row in ReadSubject.objects.filter(pk__gt=before, read__actor_id=user.actor_id)
        for label in row.fields.replace(reading.COMPARED, "").split()
    }
    if set(walk.opened) - recorded:
        walk.unrecorded.append(name)
    if walk.opened and answer.status_code == 200:
        walk.shown.setdefault(name, (user, url))
    text = body.decode(errors="replace") if "html" in answer.get("Content-Type", "") else ""
    if "wvut" in text and "/desk/people/" not in url:
        walk.named.append(name)
    return text


def links(page: str) -> Iterator[tuple[str, str]]:
    for url in LINK.findall(page):
        path = url.replace("&amp;", "&")
        try:
            yield path, resolve(path.partition("?")[0]).view_name
        except Resolver404:
            continue


def follow(walk: Walk, user: User, most: int = 80) -> None:
    """Every kind of page that this person reaches by links, each once."""
    client = Client()
    client.force_login(user)
    waiting, seen = [(reverse(name), name) for name in SEED], set(SEED)
    while waiting and len(seen) <= most:
        url, name = waiting.pop(0)
        for found, kind in links(ask(walk, user, client, url, name)):
            if kind not in seen:
                seen.add(kind)
                waiting.append((found, kind))


@pytest.fixture
def walk(monkeypatch: pytest.MonkeyPatch) -> Walk:
    """Hears of every value that opens, whoever asks."""
    found, really = Walk(), fields.SealedField.open

    def heard(self: fields.SealedField, instance: Any, token: Any) -> Any:
        value = really(self, instance, token)
        found.opened.append((self.subject_id(instance), self.label))
        return value

    monkeypatch.setattr(fields.SealedField, "open", heard)
    return found


def rename(world: worlds.World) -> None:
    """Give each colleague a name that stands out."""
    from audit.actions import action
    from tests.people import SETUP

    @action("user.renamed")
    def renamed(*, user: User, name: str, by: Any, at: Any) -> None:
        user.name = name
        user.save()

    for number, user in enumerate(User.objects.all()):
        renamed(user=user, name=STAFF_NAME.format(number), by=SETUP, at=world.at)


@pytest.mark.long
def test_nothing_leaves_without_its_record(
    world: worlds.World, walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename(world)
    people = list({user.pk: user for user in world.everybody if user is not None}.values())
    if connection.vendor == "postgresql":  # it reads and records for two as for all
        people = [world.coordinator, world.second]
    for user in people:
        follow(walk, User.objects.get(pk=user.pk))
    for user in (world.coordinator, world.auditor, world.treasurer):
        caller = world.client(user)
        for name, address, view in reads():
            key = key_of(view, world, user)
            url = f"/api/v1/{address.format(key=key)}"
            names = {"names": "true"} if getattr(getattr(view, "resource", None), "opening", None) else {}
            ask(walk, user, caller, url, f"api:{name}", **({"data": names} if names else {}))
    assert walk.unrecorded == []
    assert walk.named == []
    assert walk.shut == [], "somebody was given a link to a door that is shut to them"
    assert len(walk.asked) > 110
    assert {"desk:case", "desk:cases", "desk:lawyer", "desk:people", "api:list-client"} <= set(walk.shown)
    assert len(walk.shown) >= 20
    commands_record(world, walk)
    nothing_without_the_log(world, walk, monkeypatch)


def commands_record(world: worlds.World, walk: Walk) -> None:
    """Commands open no sealed value for their reader; those that compare names record it."""
    walk.opened.clear()
    for name in ("blast_radius",):
        call_command(name, world.coordinator.username, "--json", stdout=io.StringIO())
    call_command("check_money", "--json", stdout=io.StringIO())
    assert walk.opened == []


def nothing_without_the_log(world: worlds.World, walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same pages with a log that cannot be written: 503, and none of the values."""

    def full(_opened: reading.Reading) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(reading, "_recorder", [full])
    answers: dict[int, list[str]] = defaultdict(list)
    for name, (user, url) in walk.shown.items():
        walk.opened.clear()
        if name.startswith("api:"):
            client: Any = world.client(user)
            answer = client.get(url, {"names": "true"})
        else:
            client = Client()
            client.force_login(user)
            answer = client.get(url)
        if not walk.opened:
            continue  # without "names" it opens nothing
        answers[answer.status_code].append(name)
        text = answer.content.decode()
        assert "Каваленка" not in text, name
        assert "wvut" not in text, name
    assert set(answers) == {503}
    assert len(answers[503]) >= 20


def test_a_stream_leaves_in_recorded_pieces(world: worlds.World) -> None:
    """A hundred rows are opened, their record is committed, then they leave."""
    from django.http import StreamingHttpResponse
    from django.test import RequestFactory

    from cases.models import Case
    from cases.models import Client as Defended
    from web.reading import PER_PIECE, ReadingMiddleware, in_pieces

    for number in range(4):
        world.receive(f"Зязюля Янка {number}", seeking=False)
    clients = list(Defended.objects.all())
    assert Case.objects.exists()
    assert PER_PIECE == 100

    def view(request: Any) -> StreamingHttpResponse:
        request.reading.actor_id = world.coordinator.actor_id
        request.reading.purpose = "test:stream"
        return StreamingHttpResponse(in_pieces(clients, lambda row: f"{row.name}\n", size=2))

    response = ReadingMiddleware(view)(RequestFactory().get("/"))
    assert isinstance(response, StreamingHttpResponse)
    left = 0
    for piece in response:
        left += len(piece.decode().strip().split("\n"))
        recorded = ReadSubject.objects.filter(read__purpose="test:stream").count()
        assert recorded >= left
    assert left == len(clients) > 4
    assert ReadSubject.objects.filter(read__purpose="test:stream").values("read").distinct().count() >= 3
