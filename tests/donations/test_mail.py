"""The outbox: sealed at rest, content-free, at most once, gone with the person."""

import datetime
import smtplib
import uuid
from typing import Any

import pytest
from django.core import mail as django_mail
from django.db import IntegrityError, connection, transaction
from django.utils.translation import override

from accounts.models import Mail
from accounts.outbox import letters, posting, sending
from accounts.retention import applying, registry
from audit.actors import SYSTEM
from audit.models import ReadSubject
from tests import people
from vault import keys

pytestmark = pytest.mark.django_db
AT = people.START
ADDRESS = "juniper.quill@example.org"


def post(**more: Any) -> Mail:
    return posting.post(**{"letter": letters.MESSAGE, "language": "en", "address": ADDRESS, "at": AT, **more})


class Relay:
    """A relay that answers as it is told; ``None`` takes the letter."""

    answers: list[Exception | None] = []
    taken: list[Any] = []
    away = False

    def open(self) -> None:
        if self.away:
            raise ConnectionRefusedError

    def close(self) -> None:
        """Nothing to close."""

    def send_messages(self, messages: list[Any]) -> int:
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        self.taken += messages
        return 1


@pytest.fixture
def relay(monkeypatch: pytest.MonkeyPatch) -> Relay:
    made = Relay()
    made.answers, made.taken = [], []
    monkeypatch.setattr(django_mail, "get_connection", lambda: made)
    return made


def test_a_letter_is_sealed_says_nothing_and_leaves_nothing_behind(settings: Any) -> None:
    letter = post(secret="HOLLOW-SECRET")
    with connection.cursor() as cursor:
        cursor.execute("select * from accounts_mail")
        stored = str(cursor.fetchall())
    assert ADDRESS not in stored
    assert "HOLLOW" not in stored
    done = sending.send_due(at=AT)
    assert done.sent == 1
    (sent,) = django_mail.outbox
    assert sent.to == [ADDRESS]
    assert sent.from_email == settings.DEFAULT_FROM_EMAIL
    assert sent.subject == "You have a message"
    headers = sent.message()
    assert headers["Message-ID"] == f"<{letter.pk}@example.org>", "no name of this machine"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert not Mail.objects.exists()
    assert not keys.exists(letter.pk)
    assert ReadSubject.objects.filter(subject_id=letter.pk, read__actor_id="system:worker").exists()


@pytest.mark.parametrize("language", ["en", "be", "ru"])
def test_every_letter_is_translated_and_neutral(language: str) -> None:
    names = list(letters._letters)
    assert {"message", "donor-code", "donor-receipt", "donor-yearly", "donor-failed"} <= set(names)
    subjects = set()
    for name in names:
        subject, text = letters.write(name, language, "AAAA-BBBB")
        subjects.add(subject)
        for word in ("abarona", "gift", "donat", "receipt", "fund", "lawyer", "падарун", "пожертв", "ахвяр"):
            assert word not in (subject + text).lower()
        assert len(text) < 300
        with override("en"):
            assert language == "en" or letters.write(name, "en", "AAAA-BBBB")[1] != text
    assert len(subjects) == 1, "a subject tells one letter from another to nobody"


def test_what_the_relay_refuses_for_now_waits_and_what_it_refuses_for_good_ends(relay: Relay) -> None:
    letter = post()
    relay.answers = [smtplib.SMTPDataError(451, b"later")]
    assert sending.send_due(at=AT).later == 1
    assert sending.send_due(at=AT).sent == 0, "not before its time"
    soon = AT + datetime.timedelta(minutes=2)
    relay.answers = [smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"no such box")})]
    assert sending.send_due(at=soon).refused == 1
    row = Mail.objects.get()
    assert (row.state, row.about_id) == ("refused", None)
    assert not keys.exists(letter.pk)
    run = applying.apply_one(
        next(rule for rule in registry.rules() if rule.name == "mail-undelivered"),
        by=SYSTEM,
        at=AT + datetime.timedelta(days=15),
    )
    assert run.removed == 1


def test_a_relay_that_is_away_costs_no_letter_a_try(relay: Relay) -> None:
    post()
    relay.away = True
    assert sending.send_due(at=AT) == sending.Sent()
    assert Mail.objects.get().tries == 0
    relay.away = False
    assert sending.send_due(at=AT).sent == 1


def test_a_line_that_breaks_half_way_is_not_tried_again_and_costs_the_others_nothing(relay: Relay) -> None:
    post()
    post()
    relay.answers = [smtplib.SMTPServerDisconnected("gone")]
    assert sending.send_due(at=AT).lost == 1
    assert sorted(Mail.objects.values_list("state", flat=True)) == ["lost", "waiting"]
    assert sending.send_due(at=AT).sent == 1
    assert len(relay.taken) == 1, "the lost one may have arrived: it never goes twice"


def test_a_claim_that_nobody_ended_is_given_up(relay: Relay) -> None:
    letter = post()
    Mail.objects.filter(pk=letter.pk).update(state="sending")
    assert sending.send_due(at=AT + datetime.timedelta(minutes=5)).lost == 0, "its worker may be alive"
    assert sending.send_due(at=AT + datetime.timedelta(minutes=11)).lost == 1
    assert not relay.taken


def test_letters_wait_for_what_they_tell_of_and_go_with_their_person(relay: Relay) -> None:
    person, gift = uuid.uuid4(), uuid.uuid4()
    held = post(held=True, about_id=person, occasion_id=gift)
    other = post(held=True, occasion_id=uuid.uuid4())
    assert sending.send_due(at=AT).sent == 0
    assert posting.forget_person(person) == 1
    assert not keys.exists(held.pk)
    assert posting.release(occasion_id=other.occasion_id, at=AT) == 1
    assert sending.send_due(at=AT).sent == 1
    late = post(held=True, occasion_id=gift)
    assert posting.drop(occasion_id=gift) == 1
    assert not keys.exists(late.pk)
    # A person erased between posting and sending: the key is gone, so nothing leaves.
    gone = post()
    keys.destroy_key(gone.pk)
    assert sending.send_due(at=AT).sent == 0
    old = post(lasts=datetime.timedelta(minutes=15))
    assert sending.send_due(at=AT + datetime.timedelta(minutes=16)).sent == 0
    assert not Mail.objects.filter(pk=old.pk).exists()


def test_the_database_refuses_a_letter_without_or_with_two_addresses() -> None:
    letter = post()
    for change in ("address = null", "recipient = 'staff'", "state = 'lost'"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"update accounts_mail set {change}")
    assert Mail.objects.get().pk == letter.pk
