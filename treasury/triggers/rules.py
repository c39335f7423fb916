"""Pieces of SQL that both engines share. ``new`` is the row being written, ``t`` a stored transfer."""

from treasury.kinds import (
    CASE_COSTS,
    COVERED,
    GUARDED,
    RUNNING_COSTS,
    TRACED,
    AccountKind,
    Category,
    FundKind,
    JournalKind,
)


def listed(kinds: tuple[str, ...]) -> str:
    """The values as an SQL list."""
    return ", ".join(f"'{kind}'" for kind in kinds)


GUARDED_KINDS = listed(GUARDED)
TRACED_KINDS = listed(TRACED)

COVERED_KINDS = listed(COVERED)


def guard_of(row: str) -> str:
    """The letter that an account of this kind bears in its totals."""
    return (
        f"case when {row}.kind in ({GUARDED_KINDS}) then 'C'"
        f" when {row}.kind in ({COVERED_KINDS}) then 'D' else '' end"
    )


def posted(row: str) -> str:
    """What a transfer adds to the posted totals."""
    return f"case when {row}.kind in ('post', 'post_pend') then {row}.amount_minor else 0 end"


def pending(row: str) -> str:
    """What a transfer adds to the pending totals."""
    return (
        f"case {row}.kind when 'pend' then {row}.amount_minor when 'post' then 0 else -{row}.amount_minor end"
    )


def names(column: str, code: str) -> str:
    """Whether a JSON list of codes holds this one; the same text on both engines."""
    return f"""cast({column} as text) like '%"' || {code} || '"%'"""


# What a fund's purpose forbids: another cost, another case, money of the reserve or of a pledge.
_CASES_OF = "select 1 from treasury_fundcase c where c.fund_id = f.id"
_FORBIDDEN = (
    f"f.kind in ({listed((FundKind.RESERVE, FundKind.PLEDGE))})",
    f"cast(f.categories as text) <> '[]' and not {names('f.categories', 'new.category')}",
    f"new.case_id is not null and (exists ({_CASES_OF})"
    f" or f.kind in ({listed((FundKind.CASE, FundKind.GROUP, FundKind.CAMPAIGN))}))"
    f" and not exists ({_CASES_OF} and c.case_id = new.case_id)",
    f"new.case_id is null and (exists ({_CASES_OF})"
    f" or f.kind not in ({listed((FundKind.GENERAL, FundKind.GRANT))})"
    f" or f.kind = '{FundKind.GRANT}' and cast(f.categories as text) = '[]')",
)
# Its days bind decisions. A payment that came back, and money that came for a commitment, are facts.
_FACTS = listed((JournalKind.REVERSAL, JournalKind.GRANT))
_OUT_OF_TIME = (
    f"j.kind not in ({_FACTS}) and (f.closed_on is not null or f.starts_on > j.booked_on"
    " or f.ends_on < j.booked_on)"
)
RESTRICTED = (
    f"new.kind in ('post', 'pend') and new.category in ({listed((*CASE_COSTS, *RUNNING_COSTS))})"
    " and exists (select 1 from treasury_account a join treasury_fund f on f.id = a.subject_id"
    " join treasury_journal j on j.id = new.journal_id where a.id = new.debit_id"
    f" and a.kind in ({listed((*TRACED, AccountKind.AHEAD))})"
    f" and ({' or '.join(f'({rule})' for rule in (*_FORBIDDEN, _OUT_OF_TIME))}))"
)

# Each rule: what is said when it is broken, and the condition that breaks it.
TRANSFER_RULES = (
    (
        "currency mismatch",
        "(select count(*) from treasury_account a where a.id in (new.debit_id, new.credit_id)"
        " and a.currency = new.currency) <> 2",
    ),
    (
        "journal is closed to transfers",
        "not exists (select 1 from treasury_journal j where j.id = new.journal_id"
        " and j.number = (select max(number) from treasury_journal))",
    ),
    (
        "period is closed",
        "exists (select 1 from treasury_journal j join treasury_period p"
        " on j.booked_on between p.starts_on and p.ends_on where j.id = new.journal_id)",
    ),
    (
        "no such hold",
        "new.pending_id is not null and not exists (select 1 from treasury_hold h"
        " join treasury_transfer p on p.id = h.transfer_id"
        " where h.transfer_id = new.pending_id and p.kind = 'pend' and p.debit_id = new.debit_id"
        " and p.credit_id = new.credit_id and h.remaining_minor >= new.amount_minor)",
    ),
    (
        "overdrawn",
        "new.kind in ('post', 'pend') and exists (select 1 from treasury_balance b"
        " where b.account_id = new.debit_id and b.guard = 'C'"
        " and b.credit_posted - b.debit_posted - b.debit_pending < new.amount_minor)",
    ),
    (
        "advance used up",
        "new.kind in ('post', 'pend') and exists (select 1 from treasury_balance b"
        " where b.account_id = new.credit_id and b.guard = 'D'"
        " and b.debit_posted - b.credit_posted - b.credit_pending < new.amount_minor)",
    ),
    (
        "wrong fund",
        f"exists (select 1 from treasury_account a where a.kind in ({TRACED_KINDS})"
        " and (a.id = new.debit_id or a.id = new.credit_id and not exists (select 1 from treasury_account d"
        f" where d.id = new.debit_id and d.kind in ({TRACED_KINDS})))"
        " and (new.fund_id is null or a.subject_id is null or a.subject_id <> new.fund_id))",
    ),
    (
        "no batch",
        "new.kind in ('post', 'post_pend') and new.batch_id is null and exists"
        f" (select 1 from treasury_account a where a.id in (new.debit_id, new.credit_id)"
        f" and a.kind in ({TRACED_KINDS}))",
    ),
    (
        "batch used up",
        "new.kind in ('post', 'post_pend') and exists (select 1 from treasury_account a"
        f" where a.id = new.debit_id and a.kind in ({TRACED_KINDS}))"
        " and not exists (select 1 from treasury_lot l where l.account_id = new.debit_id"
        " and l.batch_id = new.batch_id and l.remaining_minor >= new.amount_minor)",
    ),
    ("not for this", RESTRICTED),
)

# A funder takes only the evidence it agreed to; a cost counts to one line of its budget.
CLAIM_RULES = (
    (
        "evidence not accepted",
        "new.paid_in_id is not null and exists (select 1 from treasury_transfer t"
        " join treasury_account a on a.id = t.debit_id join treasury_grant g on g.fund_id = a.subject_id"
        f" where t.journal_id = new.paid_in_id and a.kind in ({TRACED_KINDS})"
        " and cast(g.evidence as text) <> '[]'"
        f" and not {names('g.evidence', 'new.voucher_kind')})",
    ),
    (
        "no such advance",
        "new.closes_id is not null and not exists (select 1 from treasury_claim c"
        " where c.id = new.closes_id and c.vouchers_due_on is not null and c.payee_id = new.payee_id"
        " and c.category = new.category and c.commitment_id = new.commitment_id)",
    ),
)
LINE_RULES = tuple(
    (
        "category in two lines",
        f"{names('new.categories', repr(code.value))} and exists (select 1 from treasury_grantline l"
        f" where l.grant_id = new.grant_id and l.id <> new.id and {names('l.categories', repr(code.value))})",
    )
    for code in (*CASE_COSTS, *RUNNING_COSTS, Category.INDIRECT)
)

JOURNAL_RULES = (
    (
        "journal number has a gap",
        "not exists (select 1 from treasury_counter c where c.id = 1 and c.last_number + 1 = new.number)",
    ),
    (
        "period is closed",
        "exists (select 1 from treasury_period p where new.booked_on between p.starts_on and p.ends_on)",
    ),
)

PERIOD_RULES = (
    (
        "period overlaps",
        "exists (select 1 from treasury_period p where p.id <> new.id"
        " and p.starts_on <= new.ends_on and new.starts_on <= p.ends_on)",
    ),
)

HOLD_NEW = (
    "insert into treasury_hold (transfer_id, remaining_minor, last_transfer_id)"
    " select new.id, new.amount_minor, new.id where new.kind = 'pend'"
)
HOLD_USED = (
    "update treasury_hold set remaining_minor = remaining_minor - new.amount_minor,"
    " last_transfer_id = new.id where transfer_id = new.pending_id"
)
LOT_USED = (
    "update treasury_lot set remaining_minor = remaining_minor - new.amount_minor, transfer_id = new.id"
    " where account_id = new.debit_id and batch_id = new.batch_id and new.kind in ('post', 'post_pend')"
)
LOT_FILLED = (
    "insert into treasury_lot (account_id, batch_id, remaining_minor, transfer_id)"
    " select a.id, new.batch_id, new.amount_minor, new.id from treasury_account a"
    f" where a.id = new.credit_id and a.kind in ({TRACED_KINDS}) and new.kind in ('post', 'post_pend')"
    " on conflict (account_id, batch_id) do update"
    " set remaining_minor = treasury_lot.remaining_minor + excluded.remaining_minor,"
    " transfer_id = excluded.transfer_id"
)
COUNTED = "update treasury_counter set last_number = new.number where id = 1"
BALANCE_NEW = (
    "insert into treasury_balance (account_id, guard, debit_posted, debit_pending, credit_posted,"
    f" credit_pending, transfer_id) values (new.id, {guard_of('new')}, 0, 0, 0, 0, '')"
)


def balance_moved(side: str) -> str:
    """Add the new transfer to one side ("debit" or "credit") of its account's totals."""
    return (
        f"update treasury_balance set {side}_posted = {side}_posted + {posted('new')},"
        f" {side}_pending = {side}_pending + {pending('new')}, transfer_id = new.id"
        f" where account_id = new.{side}_id"
    )


APPLIED = (HOLD_NEW, HOLD_USED, LOT_USED, LOT_FILLED, balance_moved("debit"), balance_moved("credit"))
