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
from cases.actions.intake import receive_case
from cases.intake.facts import Intake
from tests import people
from tests.accounts.erasing import erase
from tests.plugins.roles import as_owner
from tests.raw_bytes import raw_bytes
from vault import keys, traces
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


def _in_files(marks: dict[str, list[bytes]], folder: str) -> set[str]:
    """Which of them stand in the server's own files, below this directory of its data."""
    with as_owner(connections["default"]), connections["default"].cursor() as cursor:
        cursor.execute("checkpoint")
        cursor.execute("show data_directory")
        data = Path(cursor.fetchone()[0], folder)
    raws = [path.read_bytes() for path in data.rglob("*") if path.is_file()]
    return {what for what, spellings in marks.items() for raw in raws if any(one in raw for one in spellings)}


@pytest.mark.django_db(transaction=True)
def test_no_page_of_the_server_holds_what_was_deleted(
    at: datetime.datetime, caplog: pytest.LogCaptureFixture
) -> None:
    if connections["default"].vendor != "postgresql":
        pytest.skip("SQLite's files are searched above")
    if "PYTEST_XDIST_WORKER" in os.environ:
        # Beside another worker the bytes were found three times of three, alone never: not yet explained.
        pytest.skip("looks at the files of the whole server, so it needs it alone: make faults")
    for alias in ("default", "keys"):  # what other tests left open would still see the rows
        with as_owner(connections[alias]), connections[alias].cursor() as cursor:
            cursor.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )
    admin, officer = people.administrator(), people.second_officer()
    cases = [
        receive_case(intake=Intake(name=f"{NAME} {n}", contacts="sister"), by=officer, at=at) for n in "ab"
    ]
    marks = [_stored(case.client_id) for case in cases]
    for known in marks:
        assert _in_files(known, "base") == {"wrapped key", "index"}
    assert erase(cases[0].client_id, admin, officer, at).state == Erasure.State.ERASED
    assert _in_files(marks[0], "base") == set()
    assert _in_files(marks[1], "base") == {"wrapped key", "index"}, "and nobody else is touched"
    with _a_long_report():
        assert not traces.swept("keys", SubjectKey._meta.db_table), "the tick tries again"
    assert traces.swept("keys", SubjectKey._meta.db_table)
    # What docs/privacy.md says of the write-ahead log is so.
    assert "wrapped key" in _in_files(marks[0], "pg_wal")

    # The mutants: a plain vacuum frees the place and leaves the bytes; without the right nothing happens.
    keys.destroy_key(cases[1].client_id)
    with connections["keys"].cursor() as cursor:
        cursor.execute("vacuum vault_subjectkey")
    assert "wrapped key" in _in_files(marks[1], "base")
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


@contextmanager
def _a_long_report() -> Iterator[None]:
    """Another connection whose transaction sees what was there when it began."""
    reader = connections["keys"].copy()
    with reader.cursor() as cursor:
        cursor.execute("begin isolation level repeatable read")
        cursor.execute("select count(*) from vault_subjectkey")
        try:
            yield
        finally:
            cursor.execute("rollback")
    reader.close()


def _stored(subject_id: object) -> dict[str, list[bytes]]:
    """A person's wrapped key and digests as PostgreSQL writes them."""
    wrapped = bytes(SubjectKey.objects.using("keys").get(pk=subject_id).wrapped)
    entries = IndexEntry.objects.filter(subject_id=subject_id).values_list("digest", "subject_id")
    return {"wrapped key": [wrapped], "index": [digest.encode() + key.bytes for digest, key in entries]}
