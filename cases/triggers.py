"""What no statement may do to episodes and papers, whatever wrote it; for both engines."""

from audit import guards
from audit.guards import Guard
from cases import merged, next_hearings

TABLE = "cases_representation"
_NAME = "cases_excluded_never"
_TEXT = "excluded: this lawyer never defends this client"
_FOUND = (
    "exists (select 1 from cases_exclusion x join cases_case c on c.client_id = x.client_id"
    " where c.id = new.case_id and x.lawyer_id = new.lawyer_id)"
)
_STATES = "new.state in ('offered', 'accepted', 'active')"
_FUNCTION = (
    f"create or replace function {_NAME}() returns trigger language plpgsql as $$ begin"
    f" if {_FOUND} then raise exception '{_TEXT}' using errcode = '23514'; end if; return new; end $$"
)


def register() -> None:
    """Hand the triggers to audit, which puts them up after each migration."""
    guards.register("cases.exclusions", sqlite=_sqlite(), postgresql=_postgresql())
    _register_silence()
    merged.register()
    next_hearings.register()


# Table -> what lets a row pass while somebody is bound to silence.
SILENCED = {
    "cases_casedocument": "new.is_public",
    "cases_contact": "new.is_public",
    "cases_note": "new.is_public",
    "cases_testimony": "1 = 0",
    "cases_incident": "new.source in ('monitor', 'media', 'court')",
}
_SILENCE = "bound to silence: only what is public is kept"
_BOUND = (
    "exists (select 1 from cases_nondisclosure n"
    " where n.case_id = new.case_id and n.ended_on is null and n.struck_at is null)"
)


def _register_silence() -> None:
    for table, passes in SILENCED.items():
        name = f"cases_silence_{table.removeprefix('cases_')}"
        refuse = f"not ({passes}) and {_BOUND}"
        function = (
            f"create or replace function {name}() returns trigger language plpgsql as $$ begin"
            f" if {refuse} then raise exception '{_SILENCE}' using errcode = '23514'; end if;"
            " return new; end $$"
        )
        guards.register(
            f"cases.silence.{table}",
            sqlite=Guard(
                table,
                {
                    name: f'create trigger "{name}" before insert on "{table}"'
                    f" when {refuse} begin select raise(abort, '{_SILENCE}'); end"
                },
            ),
            postgresql=Guard(
                table,
                {
                    name: f'create trigger "{name}" before insert on "{table}" for each row'
                    f" execute function {name}()"
                },
                before=(function,),
                after=(f'alter table "{table}" enable always trigger "{name}"',),
            ),
        )


def _sqlite() -> Guard:
    refuse = f"begin select raise(abort, '{_TEXT}'); end"
    return Guard(
        TABLE,
        {
            f"{_NAME}_{verb}": f'create trigger "{_NAME}_{verb}" before {verb} on "{TABLE}"'
            f" when {_STATES} and {_FOUND} {refuse}"
            for verb in ("insert", "update")
        },
    )


def _postgresql() -> Guard:
    return Guard(
        TABLE,
        {
            _NAME: f'create trigger "{_NAME}" before insert or update on "{TABLE}" for each row'
            f" when ({_STATES}) execute function {_NAME}()"
        },
        before=(_FUNCTION,),
        after=(f'alter table "{TABLE}" enable always trigger "{_NAME}"',),
    )
