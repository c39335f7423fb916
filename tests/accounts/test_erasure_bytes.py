"""Proof of forgetting: after an erasure nothing in any file or table leads back to the person."""

import base64
import datetime
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections

from accounts.erasing.statement import statement
from accounts.models import Erasure
from audit import checks
from cases.actions.intake import receive_case
from cases.intake.facts import Intake
from tests import people
from tests.accounts.erasing import erase
from tests.plugins.roles import as_owner, end_other_connections
from tests.raw_bytes import raw_bytes
from vault import keys, samples, traces
from vault.models import IndexEntry, SubjectKey

NAME = "Каваленка Алена Пятроўна"


def _everything() -> Iterator[tuple[str, bytes]]:
    """Each place where bytes could be left: files of SQLite and of the data directory, or all tables."""
    for alias in ("default", "keys"):
        connection = connections[alias]
        if connection.vendor == "sqlite":
            for end in ("", "-wal"):
                path = Path(f"{connection.settings_dict['NAME']}{end}")
                if path.exists():
                    yield f"{alias}{end}", raw_bytes(path)
            continue
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names():
                cursor.execute(f'select t::text from "{table}" t')
                yield f"{alias}.{table}", "\n".join(row[0] for row in cursor.fetchall()).encode()
    for path in Path(settings.DATA_DIR).rglob("*"):
        if path.is_file() and "sqlite3" not in path.name:
            yield path.name, path.read_bytes()


def _found(marks: dict[str, list[bytes]]) -> set[tuple[str, str]]:
    return {
        (what, place)
        for place, raw in _everything()
        for what, spellings in marks.items()
        if any(spelling in raw for spelling in spellings)
    }


def _marks(subject_id: object) -> dict[str, list[bytes]]:
    wrapped = bytes(SubjectKey.objects.using("keys").get(pk=subject_id).wrapped)
    digests = IndexEntry.objects.filter(subject_id=subject_id).values_list("kind", "digest", "subject_id")
    assert digests
    return {
        "wrapped key": [wrapped, wrapped.hex().encode(), base64.b64encode(wrapped)],
        "name": [NAME.encode(), b"hazel-the-alias"],
        # A short digest alone could stand anywhere; beside its kind it is the row.
        "index": [f"{kind}{digest}".encode() for kind, digest, _id in digests]
        + [f"{kind},{digest}".encode() for kind, digest, _id in digests],
    }


def _by_command(subject_id: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both give their passwords; a wrong one changes nothing."""
    ask = {"by": "elm", "second": "birch"}
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{people.PASSWORD}\nguessed\n"))
    with pytest.raises(CommandError, match="not the password of birch"):
        call_command("erase_person", str(subject_id), **ask)
    assert not Erasure.objects.filter(subject_id=subject_id).exists()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{people.PASSWORD}\n{people.PASSWORD}\n"))
    said = io.StringIO()
    call_command("erase_person", str(subject_id), **ask, stdout=said)
    assert "Erased: nothing" in said.getvalue()
    assert "kept for 7 days" in said.getvalue()


@pytest.mark.django_db(transaction=True)
def test_no_byte_leads_back_to_an_erased_person(
    at: datetime.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin, officer = people.administrator(), people.second_officer()
    staff = people.auditor("hazel-the-alias")
    case = receive_case(intake=Intake(name=NAME, contacts="sister"), by=officer, at=at)
    marks = _marks(case.client_id)
    before = {what for what, _place in _found(marks)}
    assert before == {"wrapped key", "name", "index"}  # the alias stands in the open until it is erased

    done = erase(case.client_id, admin, officer, at)
    assert done.state == Erasure.State.ERASED
    _by_command(staff.pk, monkeypatch)
    assert _found(marks) == set()
    call_command("verify")
    call_command("check_money")

    # The same without the sweep, on the engine where bytes can be looked at: the key is still there.
    if connections["keys"].vendor == "sqlite":
        other = receive_case(intake=Intake(name="Вярба Іна", contacts="sister"), by=officer, at=at)
        kept = {"wrapped key": _marks(other.client_id)["wrapped key"]}
        monkeypatch.setattr(traces, "swept", lambda alias, table: True)
        erase(other.client_id, admin, officer, at)
        assert not keys.exists(other.client_id)
        assert ("wrapped key", "keys-wal") in _found(kept)


def _learn_statistics() -> None:
    """What the server does by itself when enough rows were written: samples of values for its planner."""
    for alias in ("default", "keys"):
        with as_owner(connections[alias]), connections[alias].cursor() as cursor:
            cursor.execute("analyze")


def _sample(column: str, target: str) -> None:
    table, _dot, name = column.partition(".")
    with as_owner(connections["keys"]), connections["keys"].cursor() as cursor:
        cursor.execute(f"alter table {table} alter column {name} set statistics {target}")


@pytest.mark.each_engine
@pytest.mark.django_db(transaction=True)
def test_no_samples_are_taken_of_what_is_to_go() -> None:
    both = ["default", "keys"]
    assert [samples.taken(alias) for alias in both] == [[], []]
    assert checks.no_samples_are_taken(None, both) == []
    samples.stop_taking("keys")  # may be said again
    if connections["keys"].vendor == "sqlite":
        return
    column = f"{SubjectKey._meta.db_table}.wrapped"
    try:
        _sample(column, "default")
        (told,) = checks.no_samples_are_taken(None, both)
        assert told.id == "abarona.E003"
        assert column in told.msg
        with checks.putting_up():
            assert checks.no_samples_are_taken(None, both) == [], "migrate mends it"
    finally:
        with as_owner(connections["keys"]):
            samples.stop_taking("keys")
    assert checks.no_samples_are_taken(None, both) == []


def _in_files(marks: dict[str, list[bytes]]) -> set[str]:
    """Which of them stand in the files of the two databases, as the server keeps them."""
    folders = []
    for alias in ("default", "keys"):
        with as_owner(connections[alias]), connections[alias].cursor() as cursor:
            if not folders:
                cursor.execute("checkpoint")
            cursor.execute(
                "select current_setting('data_directory'), oid from pg_database"
                " where datname = current_database()"
            )
            data, number = cursor.fetchone()
            folders.append(Path(data, "base", str(number)))
    raws = [path.read_bytes() for folder in folders for path in folder.iterdir() if path.is_file()]
    return {what for what, spellings in marks.items() for raw in raws if any(one in raw for one in spellings)}


@pytest.fixture
def server_alone(transactional_db: None) -> None:
    """PostgreSQL, and nobody else there who could still see what is deleted."""
    if connections["default"].vendor != "postgresql":
        pytest.skip("SQLite's files are searched above")
    if "PYTEST_XDIST_WORKER" in os.environ:
        pytest.skip("each sweep would wait for the long transactions of other workers: make faults")
    for alias in ("default", "keys"):  # what other tests left open would still see the rows
        end_other_connections(connections[alias])


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("server_alone")
def test_no_page_of_the_server_holds_what_was_deleted(
    at: datetime.datetime, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin, officer = people.administrator(), people.second_officer()
    cases = [
        receive_case(intake=Intake(name=f"{NAME} {n}", contacts="sister"), by=officer, at=at) for n in "abcd"
    ]
    marks = [_stored(case.client_id) for case in cases]
    for known in marks:
        assert _in_files(known) == {"wrapped key", "index"}
    _learn_statistics()
    assert erase(cases[0].client_id, admin, officer, at).state == Erasure.State.ERASED
    assert _in_files(marks[0]) == set()
    assert _in_files(marks[1]) == {"wrapped key", "index"}, "and nobody else is touched"

    # The mutants. Not waiting for others keeps what they may see: a report here, a writer anywhere.
    for other, n in ((_a_report_here, 1), (_a_writer_elsewhere, 2)):
        with other(), monkeypatch.context() as hasty:
            keys.destroy_key(cases[n].client_id)
            hasty.setattr(traces, "_PATIENCE", 0.2)
            assert not traces.swept("keys", SubjectKey._meta.db_table), "the tick tries again"
            hasty.setattr(traces, "_all_older_ended", lambda cursor: True)
            assert traces.swept("keys", SubjectKey._meta.db_table)
            assert "wrapped key" in _in_files(marks[n]), other.__name__
        assert traces.swept("keys", SubjectKey._meta.db_table)
        assert _in_files(marks[n]) == {"index"}

    # A plain vacuum frees the place and leaves the bytes; without the right nothing happens.
    keys.destroy_key(cases[3].client_id)
    with connections["keys"].cursor() as cursor:
        cursor.execute("vacuum vault_subjectkey")
    assert "wrapped key" in _in_files(marks[3])
    table = IndexEntry._meta.db_table
    assert "deleted rows" not in "".join(statement())
    with as_owner(connections["default"]), connections["default"].cursor() as cursor:
        cursor.execute(f"revoke maintain on {table} from abarona_app")
    try:
        assert traces.swept("default", table)
        assert "may not sweep it" in caplog.text
        assert "deleted rows (digests of names) stay" in "".join(statement())
    finally:
        with as_owner(connections["default"]), connections["default"].cursor() as cursor:
            cursor.execute(f"grant maintain on {table} to abarona_app")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("server_alone")
def test_samples_that_were_taken_are_found_and_go(at: datetime.datetime) -> None:
    """An installation from before the columns were left out; and the mutant of leaving them out."""
    sampled = [f"{SubjectKey._meta.db_table}.wrapped"]
    _sample(sampled[0], "default")
    officer = people.second_officer()
    one, other = (
        receive_case(intake=Intake(name=f"{NAME} {n}", contacts="sister"), by=officer, at=at) for n in "ab"
    )
    known, untouched = _stored(one.client_id), _stored(other.client_id)
    _learn_statistics()
    keys.destroy_key(one.client_id)
    assert traces.swept("keys", SubjectKey._meta.db_table)
    assert "wrapped key" in _in_files(known), "no sweep of the table reaches them"
    assert samples.taken("keys") == sampled
    with as_owner(connections["keys"]):
        samples.stop_taking("keys")
    assert samples.taken("keys") == []
    assert _in_files(known) == {"index"}
    assert _in_files(untouched) == {"wrapped key", "index"}


def _beside(alias: str, statement: str) -> Iterator[None]:
    """Another connection with a transaction that this statement began."""
    other = connections[alias].copy()
    with other.cursor() as cursor:
        cursor.execute("begin isolation level repeatable read")
        cursor.execute(statement)
        try:
            yield
        finally:
            cursor.execute("rollback")
    other.close()


@contextmanager
def _a_report_here() -> Iterator[None]:
    yield from _beside("keys", "select count(*) from pg_class")


@contextmanager
def _a_writer_elsewhere() -> Iterator[None]:
    yield from _beside("default", "select pg_current_xact_id()")


def _stored(subject_id: object) -> dict[str, list[bytes]]:
    """A person's wrapped key and digests as PostgreSQL writes them."""
    wrapped = bytes(SubjectKey.objects.using("keys").get(pk=subject_id).wrapped)
    entries = IndexEntry.objects.filter(subject_id=subject_id).values_list("digest", "subject_id")[:2]
    return {"wrapped key": [wrapped], "index": [digest.encode() + key.bytes for digest, key in entries]}
