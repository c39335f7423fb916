"""The drill does at least ten kinds of harm to a copy, each is named, and the real data stays as it was."""

import hashlib
import inspect
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.utils import ProgrammingError

from audit import copies, drill, guards, log
from audit.actors import SYSTEM
from audit.checkpoints import keys, signing
from tests import people
from tests.plugins import roles
from tests.plugins.roles import as_owner
from tests.treasury.world import World
from vault import reading


@pytest.fixture(autouse=True)
def _key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "path", lambda: tmp_path / "log.json")


@pytest.fixture
def copy_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """On PostgreSQL the suite's roles may make no database: the deeds are undone in this one, as its owner.

    The suite's own "install" would hand over to the program's role in the middle of the drill.
    """
    if connection.vendor == "postgresql":
        monkeypatch.setattr(copies, "copied", nullcontext)
        for name in ("install", "remove"):
            plain = inspect.getclosurevars(getattr(guards, name)).nonlocals["work"]
            monkeypatch.setattr(guards, name, plain)


@pytest.fixture
def as_administrator() -> Iterator[None]:
    """On PostgreSQL: with the right to make a database, so that the drill has a copy of its own."""
    roles.end_other_connections(connection)
    roles.act_as_owner()
    yield
    roles.act_as_program()


def content() -> str:
    """A digest over every row of the tables that the drill harms."""
    sha256 = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in (
            "audit_event",
            "audit_node",
            "audit_checkpoint",
            "accounts_rolegrant",
            "treasury_transfer",
        ):
            cursor.execute(f"select * from {table} order by 1, 2")
            sha256.update(repr(cursor.fetchall()).encode())
    return sha256.hexdigest()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("as_administrator")
def test_the_drill(at: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """One walk: each deed on a true copy is named by the check that is to name it, nothing real is touched,
    and a check that is switched off is missed."""
    user = people.coordinator()
    people.second_officer()
    with reading.reading(user.actor_id, "a page"):
        assert user.name
    signing.checkpoint_now(by=SYSTEM, at=at)
    before, real = content(), connections["default"]
    call_command("tamper_drill")
    told = capsys.readouterr().out
    assert "Each was named" in told
    assert "PASSED UNSEEN" not in told
    assert told.count("\n") - told.count("nothing here to alter") >= 18
    rows = {line[:52].strip(): line[53:] for line in told.splitlines()}
    for deed in drill.tamperings():
        assert rows[deed.what].startswith((f"{deed.named_by}: ", "nothing here to alter")), rows[deed.what]
    assert (content(), connections["default"]) == (before, real)
    # The mutant: without the check that names it, a deed passes, and the command says so.
    alone = [one for one in drill.tamperings() if one.deed is drill.rewrite_and_unsign]
    monkeypatch.setattr(drill, "tamperings", lambda: alone)
    monkeypatch.setattr(drill, "_kept_outside", list)
    with pytest.raises(SystemExit) as stop:
        call_command("tamper_drill")
    assert stop.value.code == 1
    assert "PASSED UNSEEN" in capsys.readouterr().out
    assert content() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("copy_at_hand")
def test_a_copy_that_is_broken_before_is_no_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    people.coordinator()
    monkeypatch.setattr(drill, "proofs", lambda: [drill.registry.Named("probe", lambda: iter(["wrong"]))])
    with as_owner(connection), pytest.raises(CommandError, match="probe: wrong"):
        call_command("tamper_drill")


@pytest.mark.django_db
@pytest.mark.usefixtures("copy_at_hand")
def test_an_empty_log_has_nothing_to_alter() -> None:
    with as_owner(connection):
        outcomes = {outcome.what: outcome.found for outcome in drill.run(drill.tamperings())}
    empty = [what for what, found in outcomes.items() if found is None]
    assert len(empty) >= 15
    assert log.head()[0] == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("copy_at_hand")
def test_the_books_are_falsified_too() -> None:
    World.made()
    among = [one for one in drill.tamperings() if one.deed.__module__ == "treasury.tampering"]
    assert len(among) == 3
    with as_owner(connection):
        assert all(outcome.found for outcome in drill.run(among))


@pytest.mark.parametrize(
    ("state", "words"), [("42501", "may not make"), ("55006", "Others are connected"), ("53100", "53100")]
)
def test_a_copy_that_cannot_be_made_is_explained(state: str, words: str) -> None:
    error = ProgrammingError()
    error.__cause__ = type("Cause", (Exception,), {"sqlstate": state})()
    assert words in copies._words(error)


@pytest.mark.django_db(transaction=True)
def test_a_role_without_the_right_is_told() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite copies a file")
    with pytest.raises(CommandError, match="may not make databases") as error:
        call_command("tamper_drill")
    assert error.value.returncode == 2
    people.coordinator()  # and the connection serves as before


def test_where_no_copy_can_be_made_the_command_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise copies.CannotCopy("the disk is full")

    monkeypatch.setattr(copies, "copied", refuse)
    with pytest.raises(CommandError, match="the disk is full") as error:
        call_command("tamper_drill")
    assert error.value.returncode == 2
