"""Triggers that keep the next hearing of each case, and the check that they did."""

import uuid

from django.db import connection

from audit import guards
from audit.guards import Guard

# The plus keeps SQLite from walking the index of all scheduled hearings: a case has a handful.
_STATUS = {"sqlite": "+h.status", "postgresql": "h.status"}
_NEVER = {"sqlite": "'9999-12-31 00:00:00'", "postgresql": "'9999-12-31 00:00:00+00'::timestamptz"}
_COMPUTED = (
    "coalesce((select min(h.starts_at) from cases_hearing h join cases_defendant d on d.trial_id = h.trial_id"
    " where d.case_id = {case} and {status} = 'scheduled'), {never})"
)
# Table -> trigger, verbs, and the statement after each row.
_KEPT = {
    "cases_case": (
        "cases_next_begun",
        ("insert",),
        "insert into cases_nexthearing (case_id, starts_at) values (new.id, {never})",
    ),
    "cases_hearing": (
        "cases_next_moved",
        ("insert", "update"),
        "update cases_nexthearing set starts_at = {computed} where case_id in"
        " (select d.case_id from cases_defendant d where d.trial_id = new.trial_id)",
    ),
    "cases_defendant": (
        "cases_next_joined",
        ("insert", "update"),
        "update cases_nexthearing set starts_at = {computed} where case_id = new.case_id",
    ),
}
# For cases from before there were triggers; runs with them, after each migration.
_BEGIN = (
    "insert into cases_nexthearing (case_id, starts_at) select c.id, {computed_of_case} from cases_case c"
    " where not exists (select 1 from cases_nexthearing n where n.case_id = c.id)"
)
_DIFFERING = (
    "select c.id from cases_case c left join cases_nexthearing n on n.case_id = c.id"
    " where n.starts_at is null or n.starts_at <> {computed_of_case} order by c.id"
)


def register() -> None:
    """Hand the triggers to audit."""
    for table, (name, verbs, statement) in _KEPT.items():
        begin = (_BEGIN,) if table == "cases_case" else ()
        guards.register(
            f"cases.next.{table}",
            sqlite=Guard(
                table,
                {
                    f"{name}_{verb}": f'create trigger "{name}_{verb}" after {verb} on "{table}"'
                    f" begin {_filled(statement, 'sqlite')}; end"
                    for verb in verbs
                },
                before=tuple(_filled(one, "sqlite") for one in begin),
            ),
            postgresql=Guard(
                table,
                {
                    name: f'create trigger "{name}" after {" or ".join(verbs)} on "{table}" for each row'
                    f" execute function {name}()"
                },
                before=(
                    f"create or replace function {name}() returns trigger language plpgsql as $$ begin"
                    f" {_filled(statement, 'postgresql')}; return null; end $$",
                    *(_filled(one, "postgresql") for one in begin),
                ),
                after=(f'alter table "{table}" enable always trigger "{name}"',),
            ),
        )


def differing() -> list[uuid.UUID]:
    """Cases whose kept next hearing is not what the hearings say, or that have none: none, ever."""
    with connection.cursor() as cursor:
        cursor.execute(_filled(_DIFFERING, connection.vendor))
        return [one if isinstance(one, uuid.UUID) else uuid.UUID(str(one)) for (one,) in cursor.fetchall()]


def _filled(statement: str, vendor: str) -> str:
    ours = {"never": _NEVER[vendor], "status": _STATUS[vendor]}
    return statement.format(
        never=_NEVER[vendor],
        computed=_COMPUTED.format(case="cases_nexthearing.case_id", **ours),
        computed_of_case=_COMPUTED.format(case="c.id", **ours),
    )
