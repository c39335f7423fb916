"""Letters that say nothing: who hears that something waits, when, and the head of the log for outsiders."""

import datetime
import smtplib
import uuid
from pathlib import Path
from typing import Any

import pytest

from accounts import approvals
from accounts.actions.access import grant_access
from accounts.actions.freezing import freeze_reading
from accounts.actions.glass import break_glass
from accounts.actions.notices import set_notice_address
from accounts.models import Mail, NoticeAddress, User
from accounts.outbox import posting, sending
from audit import log
from audit.actors import SYSTEM
from audit.checkpoints import keys as log_keys
from audit.checkpoints import notes, signing
from audit.proof import checkpoints
from tests import people
from tests.donations.test_mail import Relay, relay

__all__ = ["relay"]
pytestmark = pytest.mark.django_db
AT = people.START + datetime.timedelta(minutes=40)
HOUR = posting.NOTICES_EVERY
NINE = people.START + HOUR


def reachable(user: User) -> User:
    set_notice_address(user=user, address=f"{user.username}@example.org", language="en", by=user, at=AT)
    return user


def told() -> set[str]:
    """Whom a letter on its way is for."""
    users = User.objects.filter(pk__in=Mail.objects.on_the_way().values("about_id"))
    return set(users.values_list("username", flat=True))


def forget_all() -> None:
    for letter in Mail.objects.all():
        posting.forget(letter)


@pytest.fixture
def everybody() -> dict[str, User]:
    """Each with an address for notices; hazel has none."""
    found = [people.coordinator(), people.second_officer(), people.treasurer(), people.auditor()]
    found += [people.administrator(), people.second_officer("rowan")]
    return {user.username: reachable(user) for user in found} | {"hazel": people.second_officer("hazel")}


def test_a_colleague_hears_once_in_an_hour_that_something_waits(relay: Relay) -> None:
    user = people.treasurer()
    assert posting.tell_staff([user.pk], at=AT) == 0, "nobody is written to who gave no address"
    set_notice_address(user=user, address="juniper@example.org", language="be", by=user, at=AT)
    assert "juniper" not in str(NoticeAddress.objects.values().get())
    assert posting.tell_staff([user.pk], at=AT) == 1
    # Many things in one hour: one letter, at the full hour, whenever they came.
    for minute in range(20):
        assert posting.tell_staff([user.pk], at=AT + datetime.timedelta(minutes=minute)) == 0
    assert sending.send_due(at=NINE - datetime.timedelta(seconds=1)).sent == 0
    assert sending.send_due(at=NINE).sent == 1
    assert posting.tell_staff([user.pk], at=NINE) == 1
    assert sending.send_due(at=NINE + HOUR - datetime.timedelta(seconds=1)).sent == 0
    relay.answers = [smtplib.SMTPResponseException(451, b"later")]
    assert sending.send_due(at=NINE + HOUR).later == 1
    put_off = Mail.objects.get()
    assert put_off.next_at == NINE + 2 * HOUR, "put off by the relay, it keeps to its hours"
    set_notice_address(user=user, address="", language="be", by=user, at=AT)
    assert posting.tell_staff([user.pk], at=AT) == 0
    assert [one.to for one in relay.taken] == [["juniper@example.org"]]


def test_without_the_hour_a_letter_would_tell_when(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: letters that leave at once tell a watcher of the line when something was done."""
    user = reachable(people.treasurer())
    monkeypatch.setattr(posting, "next_round", lambda at: at)
    sent = 0
    for minute in range(3):
        moment = AT + datetime.timedelta(minutes=minute)
        posting.tell_staff([user.pk], at=moment)
        sent += sending.send_due(at=moment).sent
    assert sent == 3


def test_who_hears_of_what(everybody: dict[str, User], relay: Relay) -> None:
    alder, birch, cedar, elm = (everybody[name] for name in ("alder", "birch", "cedar", "elm"))
    freeze_reading(user=alder, subjects=41, by=SYSTEM, at=AT)
    assert told() == {"birch", "rowan"}
    forget_all()
    freeze_reading(user=birch, subjects=41, by=SYSTEM, at=AT)
    assert told() == {"rowan"}, "nobody hears of their own freeze from us"
    forget_all()

    case = uuid.uuid4()
    hours = {"until": AT + datetime.timedelta(days=9), "by": people.SETUP, "at": AT}
    grant_access(user=cedar, object_kind="case", object_id=case, kind="deputy", **hours)
    grant_access(user=elm, object_kind="case", object_id=case, kind="helper", **hours)
    break_glass(object_kind="case", object_id=case, reason="hearing now", by=birch, at=AT)
    assert told() == {"rowan", "cedar"}, "second officers and whose case it is, not who broke it"
    forget_all()

    asked = approvals.request_approval(
        kind="payment", object_id=case, payload={}, summary="Каваленка", by=cedar, at=AT
    )
    assert told() == {"birch", "rowan"}
    forget_all()
    approvals.decide_approval(approval=asked, agrees=True, by=birch, at=AT)
    assert told() == {"cedar"}, "whoever asked can go on"
    assert sending.send_due(at=NINE).sent == 1
    (letter,) = relay.taken
    assert letter.subject == "You have a message"
    assert letter.body == "Something waits for you. Sign in as usual to read it.\n"


def test_an_act_that_is_undone_tells_nobody(
    everybody: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The letter is in the transaction of what it tells of: undone with it."""

    def full(_act: Any) -> None:
        assert told() == {"birch", "rowan"}
        raise OSError("disk full")

    monkeypatch.setattr(log, "append", full)
    with pytest.raises(OSError, match="disk full"):
        freeze_reading(user=everybody["alder"], subjects=1, by=SYSTEM, at=AT)
    assert told() == set()


@pytest.fixture
def log_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_keys, "path", lambda: tmp_path / "log.json")


@pytest.mark.usefixtures("log_key")
def test_the_day_s_first_checkpoint_goes_to_those_outside(relay: Relay, settings: Any) -> None:
    settings.CHECKPOINT_ADDRESSES = ["board@example.org", "audit@example.net"]
    people.coordinator()
    first = signing.checkpoint_now(by=SYSTEM, at=AT)
    people.second_officer()
    signing.checkpoint_now(by=SYSTEM, at=AT + HOUR)
    assert sending.send_due(at=AT + HOUR).sent == 2
    assert {one.to[0] for one in relay.taken} == set(settings.CHECKPOINT_ADDRESSES)
    assert {one.subject for one in relay.taken} == {"You have a message"}
    # What arrived is enough to check the log with, letter by letter.
    note = relay.taken[0].body.split("-----\n")[1]
    assert note == first.note
    assert list(checkpoints.outside_problems(note, signing.public_keys())) == []
    forged = notes.sign(notes.TreeHead("x/log", 1, bytes(32)).text, [notes.Signer("x/log", bytes(32))])
    assert list(checkpoints.outside_problems(forged, signing.public_keys())) != []
    assert f"/{settings.LANGUAGE_CODE}/transparency/" in relay.taken[0].body
    people.treasurer()
    signing.checkpoint_now(by=SYSTEM, at=AT + datetime.timedelta(days=1))
    assert Mail.objects.on_the_way().count() == 2, "and tomorrow again"


@pytest.mark.usefixtures("log_key")
def test_without_a_teller_or_addresses_nothing_leaves(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    people.coordinator()
    signing.checkpoint_now(by=SYSTEM, at=AT)
    settings.CHECKPOINT_ADDRESSES = ["board@example.org"]
    monkeypatch.setattr(signing, "_tell", [])
    people.second_officer()
    signing.checkpoint_now(by=SYSTEM, at=AT + datetime.timedelta(days=1))
    assert not Mail.objects.exists()
