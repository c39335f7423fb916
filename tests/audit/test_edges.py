"""What hardly ever happens to the log, and what it does then."""

import datetime
import os
import runpy
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection

from accounts.models import RoleGrant, User
from audit import apps, checks, guards, inserting, keeping, standing, timeline, tracked, verifier
from audit.actions import OutsideAction, action
from audit.actors import SYSTEM
from audit.canonical import plain
from audit.checkpoints import keys, notes, signing
from audit.checkpoints.models import Checkpoint
from audit.checkpoints.signing import handover_text
from audit.models import Event, ReadRecord
from audit.proof import records, tree
from tests import people
from tests.plugins.tampering import tamper
from vault import samples

pytestmark = pytest.mark.django_db
AT = people.START


def test_a_type_that_nobody_decided_on_is_not_written() -> None:
    for value in (b"bytes", 0.5, object()):
        with pytest.raises(TypeError, match="no canonical form"):
            plain(value)


def test_the_history_s_own_way_to_a_user_leads_nowhere() -> None:
    """Who acted is a text; simple-history's property for a user of the database is empty, and stays so."""
    people.coordinator()
    row = RoleGrant.history.first()
    assert row.history_user_id == people.SETUP.actor_id
    row.history_user = "somebody"
    assert row.history_user is None
    assert row.history_user_id == people.SETUP.actor_id


def test_a_row_that_is_gone_cannot_be_saved_over() -> None:
    @action("test.saved")
    def save(*, row: User, by: Any, at: datetime.datetime) -> None:
        row.save(update_fields=["language"])

    user = people.coordinator()
    user.pk = user.id = uuid.uuid4()
    with pytest.raises(DatabaseError, match="did not affect any rows"):
        save(row=user, by=SYSTEM, at=AT)


def test_what_is_written_once_is_not_deleted_by_its_own_row() -> None:
    with pytest.raises(OutsideAction, match="stays as it was written"):
        Checkpoint(size=1).delete()
    with pytest.raises(OutsideAction):
        tracked.AppendOnly.delete(Checkpoint(size=1))


def test_a_version_without_its_event_is_not_whole() -> None:
    people.coordinator()
    (version,) = timeline.versions(RoleGrant, [RoleGrant.objects.get().pk], placed=False)
    (lost,) = timeline.with_events([timeline.replace(version, action_id=uuid.uuid4())])
    assert (lost.whole, lost.seq) == (False, None)
    assert timeline.with_events([version])[0].whole


def test_an_event_that_is_no_json_is_named_once() -> None:
    people.coordinator()
    tamper("update audit_event set body = 'no json' where seq = 0")
    found = list(tree.problems())
    assert found[0] == "audit_event 0: its columns differ from its text"
    assert sum(line.startswith("audit_event") for line in found) == 1
    assert list(records.problems())


def test_without_its_tables_nothing_is_checked_or_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_connection: Any) -> list[str]:
        raise OperationalError("no such table")

    monkeypatch.setattr(guards, "missing", gone)
    assert checks.guards_stand(None, databases=["default"]) == []
    monkeypatch.setattr(samples, "taken", gone)
    assert checks.no_samples_are_taken(None, databases=["default"]) == []
    # A migration that ends before the table of shapes is there puts up triggers and notes nothing.
    put_up: list[Any] = []
    monkeypatch.setattr(guards, "install", put_up.append)
    monkeypatch.setattr(connection.introspection, "table_names", lambda *_a, **_k: [])
    before = Event.objects.count()
    apps._after_migrations("default")
    apps._after_migrations("keys")
    assert put_up == [connection]
    assert Event.objects.count() == before


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
@pytest.mark.parametrize("ended", ["", "old.at < '2020'"])
def test_each_engine_gets_its_triggers_from_one_declaration(
    vendor: str, ended: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ReadRecord, "deletable_when", ended or None)
    guard = guards._append_only(vendor, ReadRecord)
    texts = " ".join([*guard.before, *guard.triggers.values()])
    assert bool(ended) == (ended in texts and bool(ended))
    for word in ("update", "delete"):
        assert f"before {word}" in texts or f"or {word}" in texts
    assert all(standing.same(vendor, text, text) for text in guard.triggers.values())
    assert not any(standing.same(vendor, None, text) for text in guard.triggers.values())
    long = guards._short("a" * 70)
    assert len(long) == standing.LONGEST_NAME
    assert long != guards._short("a" * 71)
    assert standing.name_of(vendor, "b" * 70) in {"b" * 70, "b" * 63}


def test_a_key_file_is_put_back_where_none_is(tmp_path: Path, settings: Any) -> None:
    settings.LOG_KEY_FILE = tmp_path / "keys" / "log.json"
    source = tmp_path / "copy.json"
    made = keys.create("fund.example/log")
    source.write_text(keys.path().read_text())
    assert not keys.put_back(source), "one that is there is never replaced"
    keys.path().unlink()
    assert keys.put_back(source)
    assert keys.load().signer.key == made.signer.key
    assert keys.path().stat().st_mode & 0o777 == 0o600


def test_a_checkpoint_is_due_for_what_came_since(tmp_path: Path, settings: Any) -> None:
    settings.LOG_KEY_FILE = tmp_path / "log.json"
    people.coordinator()
    first = signing.checkpoint_now(by=SYSTEM, at=AT)
    assert signing.checkpoint_now(by=SYSTEM, at=AT) == first
    assert not signing.is_due(AT + datetime.timedelta(days=2))


def test_backups_are_remembered_by_their_kind() -> None:
    assert keeping.last_backup_at("keys") is None
    for number, kind in enumerate(("keys", "main")):
        at = AT + datetime.timedelta(hours=number)
        keeping.note_backup(kind=kind, sha256="0" * 64, size=1, by=SYSTEM, at=at)
    keeping.note_restore(kind="main", made_at=AT.isoformat(), by=SYSTEM, at=AT)
    assert keeping.last_backup_at("keys") == AT
    assert keeping.last_backup_at("other") is None


def test_the_verifier_refuses_a_key_that_contradicts_itself() -> None:
    key = notes.Signer("fund.example/log", bytes(32)).key.text
    name, shown, rest = key.split("+")
    with pytest.raises(verifier.Refused, match="not an Ed25519"):
        verifier.read_key(f"{name}+{'0' * len(shown)}+{rest}")


def test_the_verifier_passes_over_what_hands_nothing_over() -> None:
    old, new = notes.Signer("fund.example/log", bytes(32)), notes.Signer("fund.example/log", bytes([1] * 32))
    good = notes.sign(handover_text("fund.example/log", old.key, new.key), [old, new])
    other = notes.sign(notes.TreeHead("fund.example/log", 1, bytes(32)).text, [old])
    trusted = verifier.follow_handovers(old.key.text, "\n\n".join([other, good]))
    assert trusted == [old.key.text, new.key.text]


def test_the_verifier_is_a_program_of_one_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(
        sys, "argv", ["verifier.py", "checkpoint", os.fspath(tmp_path / "none"), "--key", "x"]
    )
    with pytest.raises(SystemExit) as end:
        runpy.run_path(str(Path(verifier.__file__)), run_name="__main__")
    assert end.value.code == 1


def test_a_row_before_all_others_that_has_no_history_is_named() -> None:
    for name in ("alder", "birch"):
        people.coordinator(name)
    tamper(
        "delete from accounts_historicalrolegrant"
        " where id in (select id from accounts_rolegrant order by id limit 1)"
    )
    assert [line.split(": ")[1] for line in records.rows_differ_from_history()] == ["the row has no history"]


def test_a_version_is_found_by_its_row_and_no_other_column_costs_a_page_in_each_commit() -> None:
    """What the models say; ``tests/config/test_migrations.py`` shows that the tables are so."""
    for model in records.recorded_models():
        indexed = {field.name for field in model._meta.concrete_fields if field.db_index}
        assert "action_id" not in indexed, model
        if model.__name__.startswith("Historical"):
            assert indexed == {"id"}, model
            assert not model._meta.indexes, model


def test_what_a_field_does_not_hold_is_made_so_or_refused_before_it_is_written() -> None:
    names = ("seq", "kind", "at")
    row = {"seq": "7", "kind": 5, "at": AT}
    seq, kind, _at = inserting._prepared(connection, Event, names, row)
    assert (seq, kind) == (7, "5")
    with pytest.raises(ValueError, match="seq"):  # SQLite would keep the word
        inserting._prepared(connection, Event, names, {**row, "seq": "seven"})
