"""Handing letters to the relay, each at most once.

A letter is claimed by a commit of its own before the relay hears of it. If the process dies, or the line
breaks with the text half said, nobody knows whether the relay took it: such a letter is given up rather than
sent twice. What it would have told stands on the site, and a code can be asked for again. Only what the relay
has clearly refused for now is tried again, later each time.
"""

import datetime
import logging
import smtplib
import uuid
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core import mail as django_mail

from accounts.models.mail import Mail
from accounts.outbox import letters, posting, recipients
from audit.actors import WORKER
from vault import keys, reading

log = logging.getLogger("accounts.outbox")
# Whoever claimed a letter has handed it over by then, or is dead.
GIVE_UP = datetime.timedelta(minutes=10)
WAITS = tuple(datetime.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
_PERMANENT = 500


@dataclass
class Sent:
    """What one round did; ``lost`` letters may or may not have been taken by the relay."""

    sent: int = 0
    later: int = 0
    refused: int = 0
    lost: int = 0


def send_due(*, at: datetime.datetime, most: int = 200) -> Sent:
    """Send what is due at this moment, oldest first. A relay that is away costs no letter a try."""
    done = Sent(lost=_give_up(at))
    for mail in Mail.objects.on_the_way().filter(not_after_at__lte=at).exclude(state=Mail.State.SENDING):
        posting.forget(mail)
    due = list(Mail.objects.filter(state=Mail.State.WAITING, next_at__lte=at)[:most])
    for mail in [one for one in due if one.letter == letters.DECOY]:
        posting.forget(mail)
    due = [one for one in due if one.letter != letters.DECOY]
    if not due:
        return done
    relay = django_mail.get_connection()
    try:
        relay.open()
    except (OSError, smtplib.SMTPException) as error:
        log.warning("the mail relay cannot be reached: %s", type(error).__name__)
        return done
    try:
        for mail in due:
            if not _send(mail, relay, done, at):
                break  # the line is broken: the rest was not claimed and waits
    finally:
        relay.close()
    return done


def _send(mail: Mail, relay: Any, done: Sent, at: datetime.datetime) -> bool:
    """Claim, compose, hand over, forget; the claim is committed before anything leaves. False: it broke."""
    claimed = Mail.objects.filter(pk=mail.pk, state=Mail.State.WAITING)
    if not claimed.update(state=Mail.State.SENDING, next_at=at, tries=mail.tries + 1):
        return True  # another worker has it
    message = _composed(mail, at)
    if message is None:
        posting.forget(mail)
        return True
    try:
        relay.send_messages([message])
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as answer:
        _refused(mail, _code(answer), done, at)
    except (OSError, smtplib.SMTPException) as broken:
        log.warning("mail %s: broken off while it was handed over: %s", mail.pk, type(broken).__name__)
        _end(mail, Mail.State.LOST)
        done.lost += 1
        return False
    else:
        posting.forget(mail)
        done.sent += 1
    return True


def _composed(mail: Mail, at: datetime.datetime) -> django_mail.EmailMessage | None:
    """The letter as it leaves; None if its person, or their address, is gone."""
    with reading.reading(WORKER.actor_id, "outbox"):
        try:
            address = _address(mail)
            secret = str(mail.secret) if mail.secret is not None else ""
        except keys.Erased:
            return None
    if not address:
        return None
    subject, text = letters.write(mail.letter, mail.language, secret)
    headers = {
        # Django would put this machine's name here.
        "Message-ID": f"<{mail.pk}@{_domain()}>",
        "Auto-Submitted": "auto-generated",
    }
    return django_mail.EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [address], headers=headers)


def _address(mail: Mail) -> str | None:
    if not keys.exists(mail.pk):
        raise keys.Erased(str(mail.pk))
    if not mail.recipient:
        return str(mail.address)
    return recipients.address_of(mail.recipient, mail.about_id or uuid.UUID(int=0))


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def _code(answer: Exception) -> int:
    if isinstance(answer, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in answer.recipients.values()]
        return max(codes, default=_PERMANENT)
    return int(getattr(answer, "smtp_code", _PERMANENT))


def _refused(mail: Mail, code: int, done: Sent, at: datetime.datetime) -> None:
    """The relay said no before it took the letter: for good, or for now."""
    if code >= _PERMANENT or mail.tries >= len(WAITS):
        log.warning("mail %s: refused by the relay with %s", mail.pk, code)
        _end(mail, Mail.State.REFUSED)
        done.refused += 1
        return
    again_at = at + WAITS[mail.tries]
    if mail.recipient == recipients.STAFF:
        again_at = posting.next_round(again_at)  # a notice keeps to its hours, however often it is put off
    Mail.objects.filter(pk=mail.pk).update(state=Mail.State.WAITING, next_at=again_at)
    done.later += 1


def _give_up(at: datetime.datetime) -> int:
    """Letters whose process died while it had them."""
    dead = list(Mail.objects.filter(state=Mail.State.SENDING, next_at__lt=at - GIVE_UP))
    for mail in dead:
        _end(mail, Mail.State.LOST)
    return len(dead)


def _end(mail: Mail, state: Mail.State) -> None:
    """Nothing of it is needed any more but the count: address and words are forgotten."""
    keys.destroy_key(mail.pk)
    Mail.objects.filter(pk=mail.pk).update(state=state, address=None, secret=None, about_id=None)
