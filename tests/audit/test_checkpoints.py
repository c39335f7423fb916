"""Signing the log's head, handing over keys, sealing readings, proofs from the stored tree."""

import datetime
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from audit import guards, log, merkle, verifier
from audit.actors import SYSTEM
from audit.checkpoints import keys, notes, reads, signing
from audit.checkpoints.models import Checkpoint, LogKey, ReadExpiry, ReadSeal
from audit.models import Event, ReadRecord
from audit.proof import checkpoints, paths, registry
from config import clockwork
from tests import people
from tests.plugins.roles import as_owner
from tests.plugins.tampering import tamper
from vault import reading

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def key_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A signing key of this test alone."""
    path = tmp_path / "keys" / "log.json"
    monkeypatch.setattr(keys, "path", lambda: path)
    return path


@pytest.fixture
def user(db: None) -> Any:
    return people.coordinator()


def open_name(user: Any, times: int = 1) -> None:
    for _ in range(times):
        with reading.reading(user.actor_id, "a page"):
            assert user.name


def broken() -> dict[str, list[str]]:
    return {named.name: lines for named in registry.proofs() if (lines := list(named.proof()))}


def refused(sql: str) -> bool:
    """Whether the triggers refuse it even to the tables' owner."""
    try:
        with as_owner(connection), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except IntegrityError:
        return True
    return False


# Signing


def test_a_checkpoint_signs_what_is_committed(user: Any, at: datetime.datetime, key_path: Path) -> None:
    made = signing.checkpoint_now(by=SYSTEM, at=at)
    assert key_path.stat().st_mode & 0o077 == 0
    head = notes.TreeHead.read(notes.read(made.note).text)
    assert (head.size, head.root) == (made.size, log.root_at(made.size))
    (key,) = signing.public_keys()
    assert verifier.read_head(made.note, [key.text]) == (head.origin, head.size, head.root)
    assert Event.objects.get(seq=made.size).kind == "checkpoint.signed"
    assert [event.kind for event in Event.objects.filter(kind__startswith="log_key")] == ["log_key.announced"]
    # Nothing new but its own event: no chain of checkpoints about checkpoints.
    assert signing.checkpoint_now(by=SYSTEM, at=at + DAY) == made
    people.second_officer()
    assert signing.checkpoint_now(by=SYSTEM, at=at + DAY).size > made.size
    assert broken() == {}


def test_the_clock_signs_once_a_day_and_after_what_is_weighty(user: Any, at: datetime.datetime) -> None:
    assert clockwork.sign_checkpoint_due(at) == 1
    assert clockwork.sign_checkpoint_due(at) == 0
    people.second_officer()
    assert clockwork.sign_checkpoint_due(at) == 0
    assert clockwork.sign_checkpoint_due(at + DAY) == 1
    assert clockwork.sign_checkpoint_due(at + 2 * DAY) == 0, "nothing was added"
    open_name(user)
    assert clockwork.sign_checkpoint_due(at + 2 * DAY) == 1, "a reading was"
    from audit.actions import action

    @action("period.closed")
    def close(*, by: Any, at: datetime.datetime) -> None:
        pass

    close(by=user, at=at + 2 * DAY)
    assert clockwork.sign_checkpoint_due(at + 2 * DAY) == 1


def test_an_empty_log_needs_no_checkpoint(at: datetime.datetime) -> None:
    assert not signing.is_due(at)
    assert signing.latest() is None


def test_a_log_that_does_not_continue_is_not_signed(user: Any, at: datetime.datetime) -> None:
    signing.checkpoint_now(by=SYSTEM, at=at)
    people.second_officer()
    tamper("update audit_checkpoint set root_hash = 'ff'")
    with pytest.raises(signing.LogContradictsCheckpoint):
        signing.checkpoint_now(by=SYSTEM, at=at)
    with pytest.raises(CommandError, match="does not continue"):
        call_command("checkpoint")


def test_signing_the_same_size_twice_gives_the_first(
    user: Any, at: datetime.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two signers at once: the second one finds the work done."""
    made = signing.checkpoint_now(by=SYSTEM, at=at)
    monkeypatch.setattr(log, "head", lambda: (made.size, bytes.fromhex(made.root_hash)))
    assert signing.sign_checkpoint(by=SYSTEM, at=at).pk == made.pk


def test_the_command_writes_the_note_and_verify_compares_it(
    user: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept.txt"
    call_command("checkpoint")
    assert capsys.readouterr().out == Checkpoint.objects.get().note
    people.second_officer()
    call_command("checkpoint", out=kept)
    capsys.readouterr()
    call_command("verify", checkpoint=kept)
    assert "checkpoint kept.txt: whole" in capsys.readouterr().out
    call_command("verify", checkpoint=kept, key=signing.public_keys()[0].text)
    stranger = notes.Signer("orchard.example/log", bytes(32)).key.text
    with pytest.raises(SystemExit):
        call_command("verify", checkpoint=kept, key=stranger)
    assert "no known key signed this" in capsys.readouterr().err
    for wrong in ({"key": stranger}, {"checkpoint": tmp_path / "none"}, {"checkpoint": kept, "key": "x"}):
        with pytest.raises(CommandError) as error:
            call_command("verify", **wrong)
        assert error.value.returncode == 2


def test_a_rewritten_log_with_a_new_tree_is_known_by_its_checkpoints(
    user: Any, at: datetime.datetime
) -> None:
    """The forger owns the database: tree, tail, even checkpoints are made to fit. The note outside is not."""
    from audit import drill

    kept = signing.checkpoint_now(by=SYSTEM, at=at)
    trusted = signing.public_keys()
    with guards.lifted(connection):
        assert drill.rewrite_and_unsign()
    assert broken() == {}, "as if nothing had been signed"
    # One event shorter and the last one another: the note says so.
    (line,) = checkpoints.outside_problems(kept.note, trusted)
    assert line == f"the first {kept.size} events are not the ones it was signed over"


def test_a_shorter_log_and_a_foreign_note_are_named(user: Any, at: datetime.datetime) -> None:
    made = signing.checkpoint_now(by=SYSTEM, at=at)
    signer = keys.load().signer
    ahead = notes.sign(notes.TreeHead(signer.name, made.size + 99, bytes(32)).text, [signer])
    foreign = notes.sign(notes.TreeHead("pear.example/log", made.size, log.root_at(made.size)).text, [signer])
    trusted = signing.public_keys()
    assert "and the log has" in next(checkpoints.outside_problems(ahead, trusted))
    assert list(checkpoints.outside_problems(foreign, trusted)) == ["it speaks of another log than its key"]
    assert list(checkpoints.outside_problems("no note", trusted)) == ["this is not a signed note"]
    tamper("update audit_checkpoint set note = 'no note'")
    assert "audit_checkpoint" in broken()["checkpoints and keys"][0]


# Keys


def test_a_key_hands_over_and_old_checkpoints_still_verify(user: Any, at: datetime.datetime) -> None:
    first = signing.checkpoint_now(by=SYSTEM, at=at)
    call_command("checkpoint", rotate_key=True)
    last = signing.latest()
    assert last is not None
    assert last.size > first.size
    old, new = signing.public_keys()
    statement = LogKey.objects.get(number=2).statement
    assert verifier.follow_handovers(old.text, statement) == [old.text, new.text]
    assert verifier.read_head(last.note, [new.text])
    with pytest.raises(verifier.Refused):
        verifier.read_head(last.note, [old.text])
    assert keys.load().staged is None
    event = Event.objects.get(kind="log_key.rotated")
    assert json.loads(event.body)["facts"]["new"] == new.text
    assert broken() == {}


@pytest.mark.parametrize("killed", ["_hand_over", "promote"])
def test_a_rotation_that_is_killed_goes_on(
    killed: str, user: Any, at: datetime.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the announcement the old key signs on, after it the new one takes over by itself."""
    signing.checkpoint_now(by=SYSTEM, at=at)
    at_fault: Any = signing if killed == "_hand_over" else keys

    def die(**options: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(at_fault, killed, die)
        with pytest.raises(KeyboardInterrupt):
            signing.rotate_signing_key(by=SYSTEM, at=at)
    staged = keys.load().staged
    assert staged is not None
    people.second_officer()
    signing.checkpoint_now(by=SYSTEM, at=at)
    if killed == "promote":
        assert keys.load().current == staged
    else:
        signing.rotate_signing_key(by=SYSTEM, at=at)
        assert keys.load().current == staged, "the staged key is used, not a third one"
    assert LogKey.objects.count() == 2
    assert broken() == {}


def test_a_lost_or_foreign_key_is_never_replaced_in_silence(
    user: Any, at: datetime.datetime, key_path: Path
) -> None:
    signing.checkpoint_now(by=SYSTEM, at=at)
    people.second_officer()
    kept = key_path.read_bytes()
    key_path.unlink()
    with pytest.raises(keys.SigningKeyMissing):
        signing.checkpoint_now(by=SYSTEM, at=at)
    with pytest.raises(CommandError, match="bring it back"):
        call_command("checkpoint")
    keys.create("orchard.example/log")
    with pytest.raises(FileExistsError):
        keys.create("orchard.example/log")
    with pytest.raises(signing.ForeignSigningKey):
        signing.checkpoint_now(by=SYSTEM, at=at)
    keys.stage()
    with pytest.raises(signing.ForeignSigningKey):
        signing.rotate_signing_key(by=SYSTEM, at=at)
    key_path.write_bytes(kept)
    key_path.chmod(0o640)
    with pytest.raises(keys.SigningKeyExposed):
        signing.checkpoint_now(by=SYSTEM, at=at)
    key_path.chmod(0o600)
    assert keys.promote() == keys.load(), "nothing is staged in this one"
    assert signing.checkpoint_now(by=SYSTEM, at=at)
    assert "KeyFile('" in repr(keys.load())


def test_a_key_that_nobody_vouched_for_is_named(user: Any, at: datetime.datetime) -> None:
    signing.checkpoint_now(by=SYSTEM, at=at)
    signing.rotate_signing_key(by=SYSTEM, at=at)
    old, new = signing.public_keys()
    forger = notes.Signer(old.name, bytes(32))
    tamper("update audit_logkey set statement = '' where number = 2")
    assert list(signing.key_problems()) == ["audit_logkey 2: the key before did not sign for it"]
    # The old key's owner signs for another pair of keys.
    seed = keys.load().signer
    other = notes.sign(signing.handover_text(old.name, forger.key, new), [seed, forger])
    tamper("update audit_logkey set public_key = %s where number = 1", values=(forger.key.text,))
    tamper("update audit_logkey set statement = %s where number = 2", values=(other,))
    assert list(signing.key_problems()) == []
    wrong = notes.sign(signing.handover_text(old.name, new, forger.key), [seed, forger])
    tamper("update audit_logkey set statement = %s where number = 2", values=(wrong,))
    assert list(signing.key_problems()) == ["audit_logkey 2: the statement names other keys"]


# Readings


def test_readings_are_bound_to_the_log_before_each_checkpoint(user: Any, at: datetime.datetime) -> None:
    open_name(user, 3)
    made = signing.checkpoint_now(by=SYSTEM, at=at)
    seal = ReadSeal.objects.get()
    event = Event.objects.get(kind="reads.sealed")
    assert event.seq < made.size, "the tree that was signed covers the seal"
    assert json.loads(event.body)["facts"]["sha256"] == seal.sha256
    assert seal.count == 3
    open_name(user, 2)
    signing.checkpoint_now(by=SYSTEM, at=at)
    first, second = ReadSeal.objects.all()
    assert second.first_id > first.last_id
    assert broken() == {}
    assert reads.seal_reads(by=SYSTEM, at=at) is None, "nothing was opened since"


@pytest.mark.parametrize(
    "statements",
    [
        ["update audit_readrecord set purpose = 'another page' where id = {id}"],
        ["update audit_readsubject set fields = 'client.alias' where read_id = {id}"],
        ["delete from audit_readsubject where read_id = {id}"],
        [
            "delete from audit_readsubject where read_id = {id}",
            "delete from audit_readrecord where id = {id}",
        ],
        ["delete from audit_readsubject", "delete from audit_readrecord"],
    ],
    ids=["changed", "subject changed", "subject gone", "partly gone", "all gone without a word"],
)
def test_sealed_readings_cannot_change_unseen(
    statements: list[str], user: Any, at: datetime.datetime
) -> None:
    open_name(user, 3)
    signing.checkpoint_now(by=SYSTEM, at=at)
    middle = ReadRecord.objects.order_by("id")[1].pk
    tamper(*(statement.format(id=middle) for statement in statements))
    (line,) = broken()["sealed readings"]
    assert "not the readings that were sealed" in line


def test_a_sealed_range_ends_whole_and_by_the_rule_only(user: Any, at: datetime.datetime) -> None:
    open_name(user, 3)
    signing.checkpoint_now(by=SYSTEM, at=at)
    open_name(user, 2)
    tables = ("audit_readsubject", "audit_readrecord")
    assert all(refused(f"delete from {table}") for table in tables)
    seal = ReadSeal.objects.get()
    with pytest.raises(reads.NothingSealed):
        reads.expire_reads(before=seal.last_read_at, by=SYSTEM, at=at)
    later = seal.last_read_at + DAY
    assert reads.expire_reads(before=later, by=SYSTEM, at=at) == 3
    assert ReadRecord.objects.count() == 2, "what is not sealed stays"
    assert broken() == {}
    assert all(refused(f"delete from {table}") for table in tables), "the others stay as they are"
    assert all(refused(f"update {table} set id = id") for table in tables)
    (ended,) = json.loads(Event.objects.get(kind="reads.expired").body)["facts"]["ranges"]
    assert ended == [seal.first_id, seal.last_id]
    # A row put back into the ended range is named.
    tamper(
        "insert into audit_readrecord(id, at, actor_id, purpose)"
        f" select {seal.first_id}, at, actor_id, purpose from audit_readrecord limit 1"
    )
    assert "ended, and 1 are there" in broken()["sealed readings"][0]


def test_the_mutant_without_the_rule_lets_readings_go(user: Any, at: datetime.datetime) -> None:
    open_name(user)
    with guards.lifted(connection, {"audit_readsubject"}):
        assert not refused("delete from audit_readsubject")


def test_an_expiry_is_bound_like_everything_else(user: Any, at: datetime.datetime) -> None:
    """A forger who writes the row that lets readings go has no event for it."""
    open_name(user)
    signing.checkpoint_now(by=SYSTEM, at=at)
    seal = ReadSeal.objects.get()
    with guards.lifted(connection, {"audit_readexpiry"}):
        ReadExpiry.objects.bulk_create(
            [ReadExpiry(id=uuid.uuid4(), seal=seal, ended_at=at, action_id=uuid.uuid4(), record="{}")]
        )
    with connection.cursor() as cursor:
        cursor.execute("delete from audit_readsubject")
        cursor.execute("delete from audit_readrecord")
    assert "audit_readexpiry" in broken()["records and events"][0]


@pytest.mark.django_db(transaction=True)
def test_a_reading_under_way_is_not_overtaken_by_its_seal(at: datetime.datetime) -> None:
    """PostgreSQL hands out ids before commit; the seal waits for those under way."""
    import threading

    from django.db import connections

    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    user = people.coordinator()
    begun, ended = threading.Event(), threading.Event()

    def write() -> None:
        try:
            with transaction.atomic():
                open_name(user)
                begun.set()
                ended.wait(1)
        finally:
            for alias in connections:
                connections[alias].close()

    thread = threading.Thread(target=write)
    thread.start()
    begun.wait(5)
    open_name(user)  # a later id, committed earlier
    threading.Timer(0.2, ended.set).start()
    seal = reads.seal_reads(by=SYSTEM, at=at)
    thread.join()
    assert seal is not None
    assert seal.count == 2
    assert list(reads.problems()) == []


# Proofs


def test_proofs_from_the_stored_tree_hold_in_the_verifier(user: Any, at: datetime.datetime) -> None:
    for name in ("birch", "cedar", "dogwood"):
        people.person(name)
    size, root = log.head()
    for seq in range(size):
        leaf = paths.leaf_at(seq)
        assert leaf == merkle.leaf_hash(Event.objects.get(seq=seq).body.encode())
        assert paths.place_of(leaf) == seq
        assert verifier.inclusion_holds(leaf, seq, size, paths.inclusion(seq, size), root)
        path = paths.consistency(seq + 1, size)
        assert verifier.consistency_holds(seq + 1, size, log.root_at(seq + 1), root, path)
    for call in (
        lambda: paths.inclusion(size, size), lambda: paths.inclusion(0, size + 1),
        lambda: paths.consistency(0, size), lambda: paths.consistency(1, size + 1),
        lambda: paths.leaf_at(size), lambda: paths.place_of(bytes(32)),
    ):  # fmt: skip
        with pytest.raises(paths.NoSuchPlace):
            call()


def test_the_log_is_exported_letter_by_letter(
    user: Any, at: datetime.datetime, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    made = signing.checkpoint_now(by=SYSTEM, at=at)
    (tmp_path / "note.txt").write_bytes(made.note.encode())
    call_command("export_log", out=tmp_path / "log.txt")
    key = signing.public_keys()[0].text
    words = ["log", str(tmp_path / "note.txt"), "--key", key, "--export", str(tmp_path / "log.txt")]
    assert verifier.main(words) == 0
    capfdbinary.readouterr()
    call_command("export_log", size=1)
    assert capfdbinary.readouterr().out == Event.objects.get(seq=0).body.encode() + b"\n"
    with pytest.raises(CommandError):
        call_command("export_log", size=-1)
