"""verify names the first bad row, whatever was changed behind the system's back."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connection

from audit import guards, log, merkle
from audit.models import Event, LogTail
from audit.proof import records, registry, tree
from tests import people

pytestmark = pytest.mark.django_db


def tamper(*statements: str) -> None:
    """As the database's owner: guards down, rows changed, guards up."""
    with guards.lifted(connection), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


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
        ("records and events", "columns differ", ["update accounts_historicaluser set language = 'xx'"]),
        ("records and events", "not what the event wrote", [
            "update accounts_historicaluser set record = replace(record, 'version', 'Version')"]),
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
