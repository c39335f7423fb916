"""What the program's own role may do on PostgreSQL: work with rows, never with tables or with the past.

Two roles sign in. The owner (``MIGRATE_DATABASE_URL``) makes tables and triggers and is used by ``migrate``
alone; the program's role (``DATABASE_URL``) owns nothing, so it can neither lift a trigger nor rewrite a
row that is append-only. ``docs/postgresql.md`` says how to set them up.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import transaction

from treasury.triggers import KEPT_BY_TRIGGERS
from vault.models import IndexEntry

WRITES = "select, insert, update, delete"
APPENDS = "select, insert"
ENDS = "select, insert, delete"
READS = "select"
# Kept by triggers, which run with their owner's rights; "for update" asks for the right to one column.
_KEPT = {f"treasury_{name.lower()}": READS for name in KEPT_BY_TRIGGERS}
# An erasure writes the table of digests anew, so that what was deleted is not left in its file.
_MAINTAIN_SINCE = 170_000
_DIGESTS = IndexEntry._meta.db_table
_SPECIAL = {
    **_KEPT,
    "treasury_counter": "select, insert, update (id)",
    "audit_logtail": "select, insert, update",
    "django_migrations": READS,
}


def rights(connection: Any) -> dict[str, str]:
    """Every table of this database and what the program may do with it, as SQL's privileges."""
    appended = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if getattr(model, "append_only", False)
    }
    # Rows that end by retention; which ones may go, their triggers decide.
    ending = {
        model._meta.db_table
        for model in apps.get_models()
        if getattr(model, "deletable_when", None) and getattr(model, "append_only", False)
    }
    return {
        table: _SPECIAL.get(table) or (ENDS if table in ending else APPENDS if table in appended else WRITES)
        for table in sorted(connection.introspection.table_names())
    }


def grants(connection: Any, role: str) -> Iterator[str]:
    """The statements that give the role its rights and take any other away; run by the owner."""
    name, quote = connection.ops.quote_name(role), connection.ops.quote_name
    database = quote(connection.settings_dict["NAME"])
    # A temporary table can carry a trigger, and a trigger's depth is what the derived tables go by.
    yield f"revoke create, temporary on database {database} from public, {name}"
    yield f"grant connect on database {database} to {name}"
    yield f"revoke create on schema public from public, {name}"
    yield f"grant usage on schema public to {name}"
    yield f"revoke all on all tables in schema public from public, {name}"
    yield f"revoke all on all sequences in schema public from public, {name}"
    yield f"grant usage, select on all sequences in schema public to {name}"
    tables: dict[str, list[str]] = {}
    there = rights(connection)
    for table, allowed in there.items():
        tables.setdefault(allowed, []).append(quote(table))
    for allowed, names in tables.items():
        yield f"grant {allowed} on {', '.join(names)} to {name}"
    if connection.pg_version >= _MAINTAIN_SINCE and _DIGESTS in there:
        yield f"grant maintain on {quote(_DIGESTS)} to {name}"


def give(connection: Any, role: str) -> None:
    """Give the role exactly its rights. The connection is the owner's."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in grants(connection, role):
            cursor.execute(statement)


def creation(owner: str, role: str, database: str) -> Iterator[str]:
    """The statements that make both roles and the database; run once by the server's administrator."""
    plain = "login nosuperuser nocreatedb nocreaterole noreplication nobypassrls noinherit"
    for name in (owner, role):
        yield f'create role "{name}" {plain}'
    yield f'create database "{database}" owner "{owner}" encoding \'UTF8\' template template0'


def faults(connection: Any) -> list[str]:
    """What the role of this connection could do and must not, in words; none when all is well."""
    with connection.cursor() as cursor:
        found = [word for word, sql in _FAULTS.items() if _any(cursor, sql)]
        cursor.execute(_EXCESS)
        excess = {table: set(names) for table, names in cursor.fetchall()}
    for table, allowed in rights(connection).items():
        fitting = {word.split()[0].upper() for word in allowed.split(", ")}
        if more := sorted(excess.get(table, set()) - fitting):
            found.append(f"may {', '.join(more)} on {table}")
    return found


def _any(cursor: Any, sql: str) -> bool:
    cursor.execute(sql)
    return cursor.fetchone() is not None


_FAULTS = {
    "is a superuser, or may make roles or databases, replicate or pass row security": (
        "select 1 from pg_roles where rolname = current_user"
        " and (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls)"
    ),
    "is a member of another role": (
        "select 1 from pg_auth_members m join pg_roles r on r.oid = m.member where r.rolname = current_user"
    ),
    "owns tables or functions": (
        "select 1 from pg_roles r where rolname = current_user and (exists (select 1 from pg_class"
        " where relowner = r.oid) or exists (select 1 from pg_proc where proowner = r.oid))"
    ),
    "may make tables in the schema": "select 1 where has_schema_privilege(current_user, 'public', 'create')",
    "may make temporary tables or schemas": (
        "select 1 where has_database_privilege(current_user, current_database(), 'create, temporary')"
    ),
    "may set session_replication_role": (
        "select 1 where has_parameter_privilege(current_user, 'session_replication_role', 'set')"
    ),
}
# MAINTAIN came with PostgreSQL 17; it lets nobody change a row.
_EXCESS = """
select c.relname, array_agg(p.word) from pg_class c
cross join unnest(array['SELECT','INSERT','UPDATE','DELETE','TRUNCATE','REFERENCES','TRIGGER']) as p(word)
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
and has_table_privilege(current_user, c.oid, p.word) group by c.relname
"""
