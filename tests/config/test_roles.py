"""On PostgreSQL the program signs in as a role that can neither lift a guard nor rewrite the past."""

from collections.abc import Iterator
from io import StringIO

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from audit import guards
from config import checks, roles
from config.databases import app_role, runs_as_owner
from tests.plugins import postgres
from tests.plugins.databases import address
from tests.plugins.roles import as_owner

REFUSED = {
    "disable a trigger": "alter table audit_event disable trigger audit_event_ao_row",
    "disable all triggers": "alter table treasury_transfer disable trigger all",
    "drop a trigger": "drop trigger audit_event_ao_row on audit_event",
    "drop a trigger's function": "drop function abarona_append_only() cascade",
    "replace a trigger's function": (
        "create or replace function abarona_append_only() returns trigger language plpgsql as"
        " $$ begin return old; end $$"
    ),
    "truncate": "truncate audit_event cascade",
    "update an event": "update audit_event set body = body",
    "delete an event": "delete from audit_event",
    "overwrite by conflict": (
        "insert into audit_node (level, index, hash) values (0, 0, '') on conflict (level, index)"
        " do update set hash = excluded.hash"
    ),
    "update history": "update accounts_historicaluser set record = record",
    "delete history": "delete from treasury_historicalclaim",
    "update a transfer": "update treasury_transfer set amount_minor = 1",
    "update a total": "update treasury_balance set debit_posted = 0",
    "insert a hold": "insert into treasury_hold select * from treasury_hold",
    "delete the counter": "delete from treasury_counter",
    "delete the tail": "delete from audit_logtail",
    "change a table": "alter table audit_event add column extra integer",
    "drop a table": "drop table audit_event",
    "make a table": "create table extra (id integer)",
    "make a temporary table": "create temporary table extra (id integer)",
    "make a rule": "create rule quiet as on insert to audit_event do instead nothing",
    "become the owner": f"set role {postgres.ROLE}",
    "become the owner's session": f"set session authorization {postgres.ROLE}",
    "switch triggers off for the session": "set session_replication_role = replica",
    "make a role": "create role helper superuser",
    "forge a migration": "insert into django_migrations (app, name, applied) values ('audit', 'x', now())",
    "read a file": "copy audit_event (body) from '/etc/hostname'",
}


def test_sqlite_or_one_role_is_no_two_roles() -> None:
    assert app_role("sqlite:///a", "sqlite:///a") == ""
    assert app_role("postgresql://one@/a", "postgresql://one@/a") == ""
    assert app_role("postgresql://app:x@h/a", "postgresql://owner:y@h/a") == "app"


def test_only_commands_that_make_tables_run_as_their_owner() -> None:
    assert runs_as_owner(["manage.py", "migrate", "--database", "keys"])
    assert not any(runs_as_owner(line) for line in ([], ["gunicorn"], ["manage.py", "tick"], ["x", "verify"]))


@pytest.fixture
def program(transactional_db: None) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A session of the program's own: signed in as its role, not turned into it."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no roles")
    with psycopg.connect(postgres.as_app(address("default")), autocommit=True) as signed_in:
        yield signed_in


def test_what_the_program_can_never_do(program: psycopg.Connection[tuple[object, ...]]) -> None:
    done, stood = [], guards.missing(connection)
    for what, sql in REFUSED.items():
        try:
            program.execute(sql.encode())
        except psycopg.errors.InsufficientPrivilege:
            continue
        except psycopg.Error as other:
            done.append(f"{what}: refused, but for another reason ({other.sqlstate})")
        else:
            done.append(what)
    assert done == []
    assert guards.missing(connection) == stood
    # PostgreSQL only warns that nothing was granted.
    program.execute(f"grant update on audit_event to {postgres.APP_ROLE}".encode())
    assert roles.faults(connection) == []


def test_the_suite_itself_runs_as_that_role(program: psycopg.Connection[tuple[object, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select session_user, current_user")
        assert set(cursor.fetchone()) == {postgres.APP_ROLE}
    assert roles.faults(connection) == []
    assert settings.DATABASE_APP_ROLE == postgres.APP_ROLE


def test_functions_that_run_with_their_owners_rights_fix_their_path(
    program: psycopg.Connection[tuple[object, ...]],
) -> None:
    found = program.execute("select proname, proconfig from pg_proc where prosecdef").fetchall()
    ours = {name: config for name, config in found if str(name).startswith("treasury_")}
    assert "treasury_transfer_money" in ours
    assert all(config == ["search_path=public, pg_temp"] for config in ours.values())


def test_the_owner_and_a_loosened_role_are_told_apart(
    program: psycopg.Connection[tuple[object, ...]], settings: object
) -> None:
    """The mutant: with one right too many, the check at start-up names it; migrate takes it away."""
    settings.DEBUG = False  # type: ignore[attr-defined]
    assert checks.role_owns_nothing(None, databases=["default"]) == []
    with as_owner(connection):
        assert "owns tables or functions" in roles.faults(connection)
        with connection.cursor() as cursor:
            cursor.execute(f"grant update on audit_event to {postgres.APP_ROLE}")
    assert roles.faults(connection) == ["may UPDATE on audit_event"]
    (error,) = checks.role_owns_nothing(None, databases=["default"])
    assert error.id == "abarona.E022"
    with as_owner(connection):
        call_command("database_roles", stdout=StringIO())
    assert roles.faults(connection) == []


def test_the_command_prints_what_an_administrator_runs(
    program: psycopg.Connection[tuple[object, ...]],
) -> None:
    out = StringIO()
    call_command("database_roles", "--print", stdout=out)
    printed = out.getvalue()
    assert f'create role "{postgres.APP_ROLE}" login nosuperuser' in printed
    assert 'grant select, insert on "accounts_historicaluser"' in printed or '"audit_event"' in printed
    assert all(line.endswith(";") or line.startswith("--") for line in printed.splitlines() if line)


def test_sqlite_says_that_it_has_no_roles() -> None:
    if connection.vendor == "sqlite":
        with pytest.raises(CommandError, match="no roles"):
            call_command("database_roles")
