"""What no statement may do to episodes, whatever wrote it; for both engines."""

from audit import guards
from audit.guards import Guard

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
