"""Signing the head of the log, and handing over from one key to the next."""

import datetime
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from audit import log
from audit.actions import DomainError, action, fact
from audit.actors import Actor
from audit.canonical import digest
from audit.checkpoints import keys, notes, order, reads
from audit.checkpoints.models import Checkpoint, LogKey
from audit.models import Event

# After these a checkpoint is due at once; after all else, once a day.
WEIGHTY = ("period.closed", "report.issued")
DAILY = datetime.timedelta(hours=24)
# Called inside the action that signs; what is told to people outside leaves with it or not at all.
Tell = Callable[[Checkpoint], None]
_tell: list[Tell] = []


class LogContradictsCheckpoint(DomainError):
    """The log is not a continuation of what was signed before; signing it would vouch for a forgery."""

    code = "log-contradicts-checkpoint"
    message = _("The log does not continue the last checkpoint. Run “verify”, and sign nothing before.")


class ForeignSigningKey(DomainError):
    """The key file holds another key than the one that the log announced."""

    code = "foreign-signing-key"
    message = _("The signing key here is not the log's. Bring back the file of the key that was announced.")


def set_teller(tell: Tell) -> None:
    """Called once at start by ``accounts``, which knows how mail leaves."""
    _tell[:] = [tell]


def checkpoint_now(*, by: Actor, at: datetime.datetime) -> Checkpoint:
    """A checkpoint over all that is committed; the last one again when nothing was added since.

    Readings are sealed first, so that it covers them. Raises LogContradictsCheckpoint,
    ForeignSigningKey, SigningKeyMissing, SigningKeyExposed.
    """
    announce_first_key(by=by, at=at)
    if reads.unsealed():
        reads.seal_reads(by=by, at=at)
    last = latest()
    if last is not None and not _grown(last):
        return last
    return sign_checkpoint(by=by, at=at)


@action("checkpoint.signed")
def sign_checkpoint(*, by: Actor, at: datetime.datetime) -> Checkpoint:
    """Sign size and root as committed before this action. Raises as :func:`checkpoint_now`."""
    order.sign_alone()
    signer = current_signer()
    size, root = log.head()
    last = latest()
    if last is not None and (last.size > size or log.root_at(last.size).hex() != last.root_hash):
        raise LogContradictsCheckpoint()
    if last is not None and last.size == size:
        return last
    text = notes.TreeHead(signer.name, size, root).text
    made = Checkpoint(size=size, root_hash=root.hex(), note=notes.sign(text, [signer]), signed_at=at)
    made.save()
    fact(size=size, root=root.hex(), key=signer.key.id.hex())
    for tell in _tell:
        tell(made)
    return made


def is_due(at: datetime.datetime) -> bool:
    """Whether the clock should sign: something weighty happened since, or a day with anything at all."""
    last = latest()
    if last is None:
        return Event.objects.exists()
    if Event.objects.filter(seq__gte=last.size, kind__in=WEIGHTY).exists():
        return True
    return at - last.signed_at >= DAILY and (reads.unsealed() or _grown(last))


def latest() -> Checkpoint | None:
    """The checkpoint with the largest tree."""
    return Checkpoint.objects.order_by("-size").first()


def public_keys() -> list[notes.PublicKey]:
    """All keys of the log, the oldest first."""
    return [notes.PublicKey.read(row.public_key) for row in LogKey.objects.order_by("number")]


def current_signer() -> notes.Signer:
    """The signer whose public key the log announced last. Raises ForeignSigningKey and those of load."""
    found = keys.load()
    announced = LogKey.objects.order_by("-number").first()
    if announced is not None and announced.public_key == found.signer.key.text:
        return found.signer
    # Killed between the announcement and the promotion of the file: finish it.
    staged = found.next_signer.key.text if found.next_signer is not None else ""
    if announced is not None and announced.public_key == staged:
        return keys.promote().signer
    raise ForeignSigningKey()


def announce_first_key(*, by: Actor, at: datetime.datetime) -> None:
    """Make and announce the first key of a log that has none; afterwards it does nothing."""
    if LogKey.objects.exists():
        return
    found = keys.load() if keys.path().exists() else keys.create(_origin())
    _announce(signer=found.signer, by=by, at=at)


@action("log_key.announced")
def _announce(*, signer: notes.Signer, by: Actor, at: datetime.datetime) -> LogKey:
    """Say in the log by which key its checkpoints will be signed."""
    made = LogKey(number=1, origin=signer.name, public_key=signer.key.text, announced_at=at)
    made.save()
    fact(key=signer.key.text)
    return made


def rotate_signing_key(*, by: Actor, at: datetime.datetime) -> LogKey:
    """Hand over to a new key, which the old one vouches for. May be killed anywhere and run again.

    Raises ForeignSigningKey, SigningKeyMissing, SigningKeyExposed.
    """
    announce_first_key(by=by, at=at)
    old = current_signer()
    made = _hand_over(old=old, new=keys.stage(), by=by, at=at)
    keys.promote()
    return made


@action("log_key.rotated")
def _hand_over(*, old: notes.Signer, new: notes.Signer, by: Actor, at: datetime.datetime) -> LogKey:
    """Announce the next key by a statement that both keys sign."""
    order.sign_alone()
    number = LogKey.objects.count() + 1
    statement = notes.sign(handover_text(old.name, old.key, new.key), [old, new])
    made = LogKey(
        number=number, origin=new.name, public_key=new.key.text, statement=statement, announced_at=at
    )
    made.save()
    fact(old=old.key.text, new=new.key.text, statement=digest(statement))
    return made


def handover_text(origin: str, old: notes.PublicKey, new: notes.PublicKey) -> str:
    """What both keys sign: from the old one to the new one."""
    return f"{origin}\nlog key handover\n{old.text}\n{new.text}\n"


def key_problems() -> Iterator[str]:
    """Keys that the key before did not vouch for."""
    before: notes.PublicKey | None = None
    for row in LogKey.objects.order_by("number"):
        try:
            key = notes.PublicKey.read(row.public_key)
            if before is not None:
                note = notes.read(row.statement)
                note.verify(before)
                note.verify(key)
                if note.text != handover_text(row.origin, before, key):
                    yield f"audit_logkey {row.number}: the statement names other keys"
        except (notes.NotANote, notes.BadSignature):
            yield f"audit_logkey {row.number}: the key before did not sign for it"
            return
        before = key


def _grown(last: Checkpoint) -> bool:
    # Its own event and nothing else came after it.
    size, _root = log.head()
    if size > last.size + 1:
        return True
    after = Event.objects.filter(seq=last.size).values_list("action_id", flat=True).first()
    return after is not None and after != last.action_id


def _origin() -> str:
    parts = urlsplit(settings.SITE_URL)
    return f"{parts.netloc}{parts.path}".rstrip("/") + "/log"
