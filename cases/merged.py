"""What no statement may do to merged clients: a case belongs to a record that stands, never to one merged."""

from audit import guards
from audit.guards import Guard

_CASE, _CLIENT = "cases_case_of_standing_client", "cases_client_merged_empty"
_CASE_TEXT = "merged: this record of a client takes no case"
_CLIENT_TEXT = "merged: only an empty record, and only into one that stands"
_IS_MERGED = (
    "exists (select 1 from cases_client c where c.id = new.client_id and c.merged_into_id is not null)"
)
_REFUSED = (
    "new.merged_into_id is not null and ("
    "exists (select 1 from cases_case c where c.client_id = new.id)"
    " or exists (select 1 from cases_client c"
    " where c.id = new.merged_into_id and c.merged_into_id is not null)"
    " or exists (select 1 from cases_client c where c.merged_into_id = new.id))"
)


def register() -> None:
    """Hand the triggers to audit."""
    for table, name, refuse, text in (
        ("cases_case", _CASE, _IS_MERGED, _CASE_TEXT),
        ("cases_client", _CLIENT, _REFUSED, _CLIENT_TEXT),
    ):
        guards.register(
            f"cases.merged.{table}",
            sqlite=_sqlite(table, name, refuse, text),
            postgresql=_postgresql(table, name, refuse, text),
        )


def _sqlite(table: str, name: str, refuse: str, text: str) -> Guard:
    triggers = {
        f"{name}_{verb}": f'create trigger "{name}_{verb}" before {verb} on "{table}"'
        f" when {refuse} begin select raise(abort, '{text}'); end"
        for verb in ("insert", "update")
    }
    return Guard(table, triggers)


def _postgresql(table: str, name: str, refuse: str, text: str) -> Guard:
    function = (
        f"create or replace function {name}() returns trigger language plpgsql as $$ begin"
        f" if {refuse} then raise exception '{text}' using errcode = '23514'; end if;"
        " return new; end $$"
    )
    return Guard(
        table,
        {
            name: f'create trigger "{name}" before insert or update on "{table}" for each row'
            f" execute function {name}()"
        },
        before=(function,),
        after=(f'alter table "{table}" enable always trigger "{name}"',),
    )
