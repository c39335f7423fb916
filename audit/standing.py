"""What triggers stand in the database, compared word by word with those that should."""

import re
from typing import Any

LONGEST_NAME = 63  # PostgreSQL cuts names there without a word

_TRIGGER = re.compile(
    r'create (?:constraint )?trigger "?(?P<name>\w+)"? (?P<time>before|after|instead of) (?P<events>.+?)'
    r' on (?:\w+\.)?"?(?P<table>\w+)"? (?P<rest>.+)',
    re.IGNORECASE,
)
_WHEN = re.compile(r"(?P<level>for each \w+ )when \((?P<condition>.*)\) (?P<run>execute .*)", re.IGNORECASE)
_FUNCTION = re.compile(
    r"create or replace function (?P<name>\w+)\(\)(?P<how>.*?)\$\$(?P<body>.*)\$\$", re.IGNORECASE | re.DOTALL
)


def name_of(vendor: str, name: str) -> str:
    """The name under which the database keeps a trigger."""
    return name[:LONGEST_NAME] if vendor == "postgresql" else name


_STANDING = {
    "sqlite": "select tbl_name, name, sql from sqlite_master where type = 'trigger'",
    "postgresql": "select c.relname, t.tgname, pg_get_triggerdef(t.oid) from pg_trigger t"
    " join pg_class c on c.oid = t.tgrelid where not t.tgisinternal and t.tgenabled = 'A'",
}


def triggers(connection: Any) -> dict[tuple[str, str], str]:
    """(table, trigger) -> its text; on PostgreSQL only those that fire always."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING[connection.vendor])
        return {(table, name): text for table, name, text in cursor.fetchall()}


def functions(connection: Any) -> dict[str, tuple[str, bool]]:
    """Trigger functions by name: the body, and whether it runs with its owner's rights. Empty on SQLite."""
    return {} if connection.vendor == "sqlite" else _functions(connection)


def _functions(connection: Any) -> dict[str, tuple[str, bool]]:  # on PostgreSQL only
    with connection.cursor() as cursor:
        cursor.execute(
            "select p.proname, p.prosrc, p.prosecdef from pg_proc p"
            " join pg_namespace n on n.oid = p.pronamespace"
            " where p.prorettype = 'trigger'::regtype and n.nspname = current_schema()"
        )
        return {name: (_plain(body), owner) for name, body, owner in cursor.fetchall()}


def wanted_functions(statements: tuple[str, ...]) -> dict[str, tuple[str, bool]]:
    """The same, read from the statements that make them."""
    found = [match for statement in statements if (match := _FUNCTION.match(statement))]
    return {
        match["name"]: (_plain(match["body"]), "security definer" in match["how"].casefold())
        for match in found
    }


def same(vendor: str, found: str | None, wanted: str) -> bool:
    """Whether two texts make the same trigger."""
    if found is None:
        return False
    return (
        _in_order(found) == _in_order(wanted) if vendor == "postgresql" else _plain(found) == _plain(wanted)
    )


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _in_order(text: str) -> tuple[Any, ...]:
    # PostgreSQL prints events in an order of its own, and the schema before the table.
    match = _TRIGGER.fullmatch(" ".join(text.split()))
    if match is None:
        return (text,)
    events = frozenset(_plain(event) for event in re.split(r" or ", match["events"], flags=re.IGNORECASE))
    cut = (match["name"][:LONGEST_NAME], match["table"])
    rest = _WHEN.fullmatch(match["rest"])
    said, condition = (rest["level"] + rest["run"], rest["condition"]) if rest else (match["rest"], "")
    # A condition comes back in other words, but with the same literals and the same names of columns.
    marks = frozenset(re.findall(r"'[^']*'|\b(?:new|old)\.\w+", condition, re.IGNORECASE))
    return (*cut, match["time"].casefold(), events, _plain(said).replace('"', ""), bool(condition), marks)
