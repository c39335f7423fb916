"""What the database refuses about refunds, on both engines: nobody gives back more than arrived.

Asking for a refund is a decision and is guarded. What was refunded on Stripe's dashboard is a fact, has no
``asked_by`` and is always recorded.
"""

from audit import guards
from audit.guards import Guard

_TABLE = "donations_refund"
_STANDING = (
    "(select coalesce(sum(r.amount_minor), 0) from donations_refund r"
    " where r.donation_id = new.donation_id and r.state not in ('failed', 'refused'))"
)
# Refunds are in the gift's currency, what is booked in the books': see donations/arrived.py.
_BOTH = (
    "from donations_fact f join donations_donation d on d.id = f.donation_id"
    " where f.donation_id = new.donation_id and f.kind = 'settled'"
)
_SAME = "f.currency in (d.currency, '')"
_PAID = (
    "coalesce((select max(x.gross_minor) from donations_fact x"
    " where x.donation_id = d.id and x.kind = 'differs'), d.amount_minor)"
)
_ARRIVED = f"(select coalesce(sum(case when {_SAME} then f.gross_minor else {_PAID} end), 0) {_BOTH})"
_CONTESTED = (
    f"(select coalesce(max(case when {_SAME} then d.disputed_minor"
    f" else (d.disputed_minor * {_PAID} + f.gross_minor - 1) / f.gross_minor end), 0) {_BOTH})"
)
_OVER = f"new.asked_by <> '' and new.state = 'asked' and {_STANDING} > {_ARRIVED} - {_CONTESTED}"
# Stripe was asked for this much of this payment; what became of it is all that changes.
_REWRITTEN = (
    "new.amount_minor <> old.amount_minor or new.donation_id <> old.donation_id"
    " or new.asked_by <> old.asked_by or new.state = 'asked' and old.state <> 'asked'"
)
_MORE, _OTHER = "more than is left of the gift", "a refund stays what was asked"


def _sqlite() -> Guard:
    made, changed = f"{_TABLE}_within", f"{_TABLE}_kept"
    return Guard(
        _TABLE,
        {
            made: f'create trigger "{made}" after insert on "{_TABLE}" begin'
            f" select raise(abort, '{_MORE}') where {_OVER}; end",
            changed: f'create trigger "{changed}" before update on "{_TABLE}" begin'
            f" select raise(abort, '{_OTHER}') where {_REWRITTEN}; end",
        },
    )


def _postgresql() -> Guard:
    """The gift's row is locked first, so that two refunds at once are counted one after the other."""
    name = f"{_TABLE}_within"
    body = (
        "if tg_op = 'UPDATE' then"
        f" if {_REWRITTEN} then raise exception '{_OTHER}' using errcode = '23514'; end if;"
        " return null; end if;"
        " perform 1 from donations_donation d where d.id = new.donation_id for update;"
        f" if {_OVER} then raise exception '{_MORE}' using errcode = '23514'; end if;"
    )
    function = (
        f"create or replace function {name}() returns trigger language plpgsql security definer"
        f" set search_path = public, pg_temp as $$ begin {body} return null; end $$"
    )
    run = (
        f'create trigger "{name}" after insert or update on "{_TABLE}" for each row execute function {name}()'
    )
    always = f'alter table "{_TABLE}" enable always trigger "{name}"'
    return Guard(_TABLE, {name: run}, before=(function,), after=(always,))


def register() -> None:
    """Hand the guard to audit, which puts it up after each migration."""
    guards.register("refunds within gifts", sqlite=_sqlite(), postgresql=_postgresql())
