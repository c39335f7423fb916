"""verify names the first bad row, whatever was changed behind the system's back."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.core.management.commands import migrate as django_migrate
from django.db import connection

from accounts.models import RoleGrant
from audit import checks, guards, log, merkle
from audit.actions import action
from audit.models import Event, LogTail
from audit.proof import reading, records, registry, tree
from config.management.commands import migrate
from tests import people
from tests.plugins.tampering import tamper

pytestmark = pytest.mark.django_db


def findings() -> dict[str, list[str]]:
    return {named.name: list(named.proof()) for named in registry.proofs()}


@pytest.fixture(autouse=True)
def _somebody() -> None:
    for username in ("alder", "birch", "cedar"):
        people.person(username, "coordinator")


def test_an_untouched_system_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert not any(findings().values())
    call_command("verify")
    assert "log size 6" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("proof", "names", "statements"),
    [
        ("log tree", "audit_event 2", ["update audit_event set kind = 'x' where seq = 2"]),
        ("log tree", "audit_node 0/2", [
            "update audit_event set body = replace(body, 'user', 'usar') where seq = 2"]),
        ("log tree", "audit_event 3 is missing", [
            "delete from audit_eventsubject where event_id = 3", "delete from audit_event where seq = 3"]),
        ("log tree", "audit_logtail", ["update audit_logtail set size = 99"]),
        ("log tree", "audit_logtail is missing", ["delete from audit_logtail"]),
        ("log tree", "audit_node: level 1", ["delete from audit_node where level = 1"]),
        ("log tree", "audit_node 0/2 is missing", [
            "delete from audit_node where level = 0 and \"index\" = 2"]),
        ("log tree", "audit_node 0/-1 is not", [
            "update audit_node set \"index\" = -1 where level = 0 and \"index\" = 0"]),
        ("log tree", "audit_node 40/0 is not", [
            "insert into audit_node(level, \"index\", hash) select 40, 0, hash from audit_node limit 1"]),
        ("log tree", "is not the hash", [
            "update audit_node set \"index\" = \"index\" + 3 where level = 0"
            " and \"index\" = (select max(\"index\") from audit_node where level = 0)"]),
        ("records and events", "columns differ", ["update accounts_historicaluser set language = 'xx'"]),
        ("records and events", "not what the event wrote", [
            "update accounts_historicaluser set record = replace(record, 'version', 'Version')"]),
        ("records and events", "its columns differ", [
            "update accounts_historicaluser set history_user_id = 'x'"]),
        ("records and events", "columns differ from its record", [
            "update accounts_historicaluser set record = 'no text'"]),
        ("records and events", "names another action", [
            "update accounts_historicaluser set action_id = history_id"]),
        ("records and events", "no event wrote this row", [
            "update audit_event set body = '{}' where seq = 0"]),
        ("records and events", "and gone", ["delete from accounts_historicaluser"]),
        ("rows and history", "differs from its last", ["update accounts_user set language = 'xx'"]),
        ("rows and history", "and gone", ["delete from accounts_rolegrant"]),
    ],
)  # fmt: skip
def test_each_change_is_found_and_named(proof: str, names: str, statements: list[str]) -> None:
    tamper(*statements)
    found = findings()[proof]
    assert found
    assert any(names in line for line in found), found
    with pytest.raises(SystemExit) as stop:
        call_command("verify")
    assert stop.value.code == 1


def test_a_whole_tree_is_not_read_node_by_node_on_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "_each_node", lambda levels: ["one by one"])
    assert list(tree.problems()) == (["one by one"] if connection.vendor == "sqlite" else [])


def test_a_row_that_nobody_wrote_is_found() -> None:
    columns = "id, version, role, started_at, ended_at, user_id"
    tamper(
        f"insert into accounts_rolegrant({columns})"
        f" select '{'f' * 32}', 0, 'auditor', started_at, null, user_id"
        " from accounts_rolegrant limit 1"
    )
    found = findings()["rows and history"]
    assert found == ["accounts_rolegrant ffffffff-ffff-ffff-ffff-ffffffffffff: the row has no history"]
    assert not findings()["records and events"]


def test_a_history_row_that_no_event_wrote_is_found() -> None:
    kept = connection.introspection.get_table_description(connection.cursor(), "accounts_historicalrolegrant")
    names = [column.name for column in kept if column.name != "history_id"]
    listed = ", ".join(names)
    tamper(
        f"insert into accounts_historicalrolegrant(history_id, {listed}) select '{'e' * 32}', {listed}"
        " from accounts_historicalrolegrant limit 1"
    )
    assert any("no event wrote this row" in line for line in findings()["records and events"])


def test_a_row_changed_and_then_deleted_is_gone_by_its_history(at: datetime.datetime) -> None:
    """Its removal has the version of the change before: taken for older, the row would read as missing."""
    row = RoleGrant.objects.first()
    key = row.pk  # deleting takes it from the instance
    change_and_delete(row=row, by=people.SETUP, at=at)
    last = RoleGrant.history.filter(id=key).values_list("version", "history_type")
    assert sorted(last) == [(0, "+"), (1, "-"), (1, "~")]
    assert not any(findings().values())
    tamper("update accounts_historicalrolegrant set history_type = '~' where history_type = '-'")
    assert findings()["rows and history"] == [f"accounts_rolegrant {key}: in its history, and gone"]


@action("test.changed")
def change_and_delete(*, row: Any, by: Any, at: datetime.datetime) -> None:
    row.save()
    row.delete()


def test_a_row_that_was_deleted_and_is_there_again_is_found(at: datetime.datetime) -> None:
    row = RoleGrant.objects.first()
    key = row.pk  # deleting takes it from the instance
    kept = ", ".join(f.column for f in RoleGrant._meta.concrete_fields)
    tamper(f"create table kept_rows as select {kept} from accounts_rolegrant")
    change_and_delete(row=row, by=people.SETUP, at=at)
    named = "id::text" if connection.vendor == "postgresql" else "id"
    wanted = str(key) if connection.vendor == "postgresql" else key.hex
    tamper(
        f"insert into accounts_rolegrant({kept}) select {kept} from kept_rows where {named} = '{wanted}'",
        "drop table kept_rows",
    )
    found = findings()["rows and history"]
    assert found == [f"accounts_rolegrant {key}: deleted in its history, and still there"]


def test_where_the_quick_look_fails_django_has_the_last_word() -> None:
    """A column whose type the quick look does not know is no false alarm, and no free pass."""
    reader = reading.Reader(RoleGrant.history.model)
    row = next(reader.rows())
    assert reader.agrees(row)
    reader.writers[reader.names.index("role")] = lambda value: f"odd {value}"
    assert reader.agrees(row)
    assert not reader.agrees(row._replace(key=str(uuid.uuid4())))
    assert [reading._json(value) for value in ("{}", "plain words", 3)] == [{}, "plain words", 3]
    assert reading._hyphens(None) is None
    assert reading._hyphens("short") == "short"
    assert reading.key_text(row.key) == row.key


def test_migrate_may_begin_where_triggers_are_missing(settings: Any) -> None:
    """It is what puts them up: refusing to begin because of them (the mutant, Django's own) is a dead end."""
    settings.DATABASE_AS_OWNER = True  # as "migrate" runs
    name = "accounts_historicaluser"
    with guards.lifted(connection):
        assert [error.id for error in checks.guards_stand(None, ["default"])][:1] == ["abarona.E002"]
        with pytest.raises(SystemCheckError, match=name):
            django_migrate.Command().check(databases=["default"])
        migrate.Command().check(databases=["default"])
    assert checks.guards_stand(None, ["default"]) == []


def test_unreadable_event_text_is_no_crash() -> None:
    tamper("update audit_event set body = '{}' where seq = 1")
    assert "audit_event 1: its columns differ from its text" in list(tree.problems())


def test_the_empty_log_has_the_empty_root() -> None:
    tamper(
        "delete from audit_eventsubject",
        "delete from audit_node",
        "delete from audit_event",
        "delete from audit_logtail",
    )
    assert list(tree.problems()) == []
    assert log.head() == (0, merkle.root({}))


def test_roots_of_earlier_sizes_are_those_of_the_tree_then() -> None:
    leaves = [
        merkle.leaf_hash(body.encode())
        for body in Event.objects.order_by("seq").values_list("body", flat=True)
    ]
    for size in range(len(leaves) + 1):
        assert log.root_at(size) == merkle.root(merkle.grow(leaves[:size])[1])
    assert log.head() == (len(leaves), log.root_at(len(leaves)))
    with pytest.raises(LookupError):
        log.root_at(64)
    assert LogTail.objects.count() == 1


def test_a_table_nobody_knows_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    known = list(records.recorded_models())
    monkeypatch.setattr(
        records,
        "recorded_models",
        lambda: (m for m in known if m._meta.db_table != "accounts_historicaluser"),
    )
    assert any("the table is not known" in line for line in records.problems())


def test_rooms_add_their_proofs_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_proofs", list(registry._proofs))
    probe: Callable = lambda: iter(())  # noqa: E731
    before = len(registry.proofs())
    registry.register("probe", probe)
    registry.register("probe", probe)
    assert len(registry.proofs()) == before + 1
