"""The money guards for PostgreSQL. AFTER triggers: a BEFORE trigger would count skipped duplicates."""

from audit.guards import Guard
from treasury.triggers import rules

_REFUSED = "kept by triggers"


def _function(name: str, body: tuple[str, ...], result: str = "null") -> str:
    """A trigger function that runs with its owner's rights, on the schema the tables are in."""
    return (
        f"create or replace function {name}() returns trigger language plpgsql security definer"
        f" set search_path = public, pg_temp as $$ begin {' '.join(f'{line};' for line in body)}"
        f" return {result}; end $$"
    )


def _refuse(message: str, condition: str) -> str:
    # 23514 is a check violation, which Django raises as IntegrityError, as on SQLite.
    return f"if {condition} then raise exception '{message}' using errcode = '23514'; end if"


def _always(table: str, *names: str) -> tuple[str, ...]:
    return tuple(f'alter table "{table}" enable always trigger "{name}"' for name in names)


def _written(table: str, checks: tuple[tuple[str, str], ...], then: tuple[str, ...]) -> Guard:
    name = f"{table}_money"
    body = (*(_refuse(message, condition) for message, condition in checks), *then)
    run = f'create trigger "{name}" after insert on "{table}" for each row execute function {name}()'
    return Guard(table, {name: run}, before=(_function(name, body),), after=_always(table, name))


def _derived(table: str, rightful_insert: str = "false") -> Guard:
    """A table written from inside another trigger only; the depth tells."""
    row, whole, run = f"{table}_kept", f"{table}_kept_all", f"{table}_kept"
    body = (
        _refuse(_REFUSED, f"pg_trigger_depth() < 2 and not (tg_op = 'INSERT' and {rightful_insert})"),
        "if tg_op = 'DELETE' then return old; end if",
    )
    triggers = {
        row: f'create trigger "{row}" before insert or update or delete on "{table}"'
        f" for each row execute function {run}()",
        whole: f'create trigger "{whole}" before truncate on "{table}"'
        f" for each statement execute function {run}_all()",
    }
    functions = (
        _function(run, body, result="new"),
        _function(f"{run}_all", (_refuse(_REFUSED, "true"),)),
    )
    return Guard(table, triggers, before=functions, after=_always(table, row, whole))


# The two balances are locked in order of their ids, so that two writers cannot wait for each other.
_LOCKED = (
    "perform account_id from treasury_balance where account_id in (new.debit_id, new.credit_id)"
    " order by account_id for update"
)


def _transfer() -> Guard:
    guard = _written("treasury_transfer", rules.TRANSFER_RULES, rules.APPLIED)
    body = (_LOCKED, *(_refuse(*rule) for rule in rules.TRANSFER_RULES), *rules.APPLIED)
    return Guard(guard.table, guard.triggers, (_function("treasury_transfer_money", body),), guard.after)


def _checked_always(table: str, checks: tuple[tuple[str, str], ...]) -> Guard:
    """A table whose rows must satisfy the checks when written and when changed."""
    name = f"{table}_money"
    body = tuple(_refuse(*check) for check in checks)
    run = (
        f'create trigger "{name}" after insert or update on "{table}" for each row execute function {name}()'
    )
    return Guard(table, {name: run}, before=(_function(name, body),), after=_always(table, name))


GUARDS = (
    _written("treasury_account", (), (rules.BALANCE_NEW,)),
    _written("treasury_journal", rules.JOURNAL_RULES, (rules.COUNTED,)),
    _transfer(),
    _written("treasury_period", rules.PERIOD_RULES, ()),
    _checked_always("treasury_claim", rules.CLAIM_RULES),
    _checked_always("treasury_grantline", rules.LINE_RULES),
    _derived("treasury_balance"),
    _derived("treasury_hold"),
    _derived("treasury_lot"),
    _derived(
        "treasury_counter",
        "new.last_number = (select coalesce(max(number), 0) from treasury_journal)",
    ),
)
