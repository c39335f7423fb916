"""The money guards for SQLite, which has no trigger depth to ask for.

So each derived table checks that a write is exactly what the newest transfer demands, and that it was not
applied before. A plain ``raise(abort)`` also holds under INSERT OR IGNORE, where a CHECK does not.
"""

from audit.guards import Guard
from treasury.triggers import rules
from treasury.triggers.rules import pending, posted

_NEWEST = "select 1 from treasury_transfer t where t.rowid = (select max(rowid) from treasury_transfer)"
_REFUSED = "kept by triggers"


def _trigger(table: str, name: str, when: str, body: tuple[str, ...]) -> tuple[str, str]:
    full = f"{table}_{name}"
    return full, f'create trigger "{full}" {when} on "{table}" begin {"; ".join(body)}; end'


def _refuse(message: str, condition: str) -> str:
    return f"select raise(abort, '{message}') where {condition}"


def _checked(checks: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    return tuple(_refuse(message, condition) for message, condition in checks)


def _derived(table: str, inserts: str, updates: str) -> Guard:
    """A table written by triggers only: ``inserts`` and ``updates`` say when a write is rightful."""
    return Guard(
        table,
        dict(
            (
                _trigger(table, "kept_insert", "before insert", (_refuse(_REFUSED, f"not ({inserts})"),)),
                _trigger(table, "kept_update", "before update", (_refuse(_REFUSED, f"not ({updates})"),)),
                _trigger(table, "kept_delete", "before delete", (f"select raise(abort, '{_REFUSED}')",)),
            )
        ),
    )


def _side_moved(side: str, other: str) -> str:
    return (
        f"t.{side}_id = new.account_id and new.{other}_posted = old.{other}_posted"
        f" and new.{other}_pending = old.{other}_pending"
        f" and new.{side}_posted = old.{side}_posted + {posted('t')}"
        f" and new.{side}_pending = old.{side}_pending + {pending('t')}"
    )


_BALANCE = _derived(
    "treasury_balance",
    inserts=(
        "new.debit_posted = 0 and new.debit_pending = 0 and new.credit_posted = 0 and new.credit_pending = 0"
        " and new.transfer_id = '' and not exists (select 1 from treasury_balance b"
        " where b.account_id = new.account_id) and exists (select 1 from treasury_account a"
        " where a.id = new.account_id"
        f" and new.guard = {rules.guard_of('a')})"
    ),
    updates=(
        f"exists ({_NEWEST} and t.id = new.transfer_id and new.transfer_id <> old.transfer_id"
        " and new.account_id = old.account_id and new.guard = old.guard"
        f" and (({_side_moved('debit', 'credit')}) or ({_side_moved('credit', 'debit')})))"
    ),
)
_HOLD = _derived(
    "treasury_hold",
    inserts=(
        f"exists ({_NEWEST} and t.id = new.transfer_id and t.kind = 'pend'"
        " and new.last_transfer_id = t.id and new.remaining_minor = t.amount_minor)"
        " and not exists (select 1 from treasury_hold h where h.transfer_id = new.transfer_id)"
    ),
    updates=(
        f"exists ({_NEWEST} and t.id = new.last_transfer_id and new.last_transfer_id <> old.last_transfer_id"
        " and new.transfer_id = old.transfer_id and t.pending_id = new.transfer_id"
        " and new.remaining_minor = old.remaining_minor - t.amount_minor)"
    ),
)
_LOT = _derived(
    "treasury_lot",
    inserts=(
        f"exists ({_NEWEST} and t.id = new.transfer_id and t.kind in ('post', 'post_pend')"
        " and t.credit_id = new.account_id and t.batch_id = new.batch_id"
        " and new.remaining_minor = t.amount_minor) and not exists (select 1 from treasury_lot l"
        " where l.account_id = new.account_id and l.batch_id = new.batch_id"
        " and l.transfer_id = new.transfer_id)"
    ),
    updates=(
        f"exists ({_NEWEST} and t.id = new.transfer_id and new.transfer_id <> old.transfer_id"
        " and new.account_id = old.account_id and new.batch_id = old.batch_id and t.batch_id = new.batch_id"
        " and t.kind in ('post', 'post_pend') and new.remaining_minor = old.remaining_minor"
        " + case new.account_id when t.credit_id then t.amount_minor"
        " when t.debit_id then -t.amount_minor end)"
    ),
)
_COUNTER = _derived(
    "treasury_counter",
    inserts=(
        "new.last_number = (select coalesce(max(number), 0) from treasury_journal)"
        " and not exists (select 1 from treasury_counter)"
    ),
    updates=(
        "new.id = old.id and new.last_number = old.last_number + 1"
        " and new.last_number = (select max(number) from treasury_journal)"
    ),
)


def _written(table: str, checks: tuple[tuple[str, str], ...], then: tuple[str, ...]) -> Guard:
    return Guard(table, dict([_trigger(table, "money", "after insert", _checked(checks) + then)]))


def _checked_always(table: str, checks: tuple[tuple[str, str], ...]) -> Guard:
    """A table whose rows must satisfy the checks when written and when changed."""
    body = _checked(checks)
    return Guard(
        table,
        dict(
            [
                _trigger(table, "money", "after insert", body),
                _trigger(table, "money_changed", "after update", body),
            ]
        ),
    )


GUARDS = (
    _written("treasury_account", (), (rules.BALANCE_NEW,)),
    _written("treasury_journal", rules.JOURNAL_RULES, (rules.COUNTED,)),
    _written("treasury_transfer", rules.TRANSFER_RULES, rules.APPLIED),
    _written("treasury_period", rules.PERIOD_RULES, ()),
    _checked_always("treasury_claim", rules.CLAIM_RULES),
    _checked_always("treasury_grantline", rules.LINE_RULES),
    _BALANCE,
    _HOLD,
    _LOT,
    _COUNTER,
)
