"""What the bank says beside what the books say, account by account, and what explains each difference."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet, Sum

from treasury import chart
from treasury.bank import candidates
from treasury.bank.models import BankAccount, BankLine, BankStatement, Match, OpenLine
from treasury.kinds import POSTED, AccountKind
from treasury.models import Account, Transfer


@dataclass(frozen=True)
class Gap:
    """Money that moved between two statements without a line: a missing statement, or a file cut short."""

    before: BankStatement
    amount_minor: int


@dataclass
class Difference:
    """One account on a day. ``named`` amounts together explain statement less books."""

    account: BankAccount
    on: datetime.date
    statement: BankStatement | None = None
    statement_minor: int = 0
    books_minor: int = 0
    first_minor: int = 0
    open_minor: int = 0
    open_lines: int = 0
    unseen: list[Any] = field(default_factory=list)  # journals with ``net``
    before_minor: int = 0
    gaps: list[Gap] = field(default_factory=list)

    @property
    def difference_minor(self) -> int:
        return self.statement_minor - self.books_minor

    @property
    def unseen_minor(self) -> int:
        return sum(journal.net for journal in self.unseen)

    @property
    def start_minor(self) -> int:
        """What the bank had before its first statement, less what the books had by then."""
        return self.first_minor - self.before_minor

    @property
    def gaps_minor(self) -> int:
        return sum(gap.amount_minor for gap in self.gaps)

    @property
    def unexplained_minor(self) -> int:
        named = self.open_minor + self.start_minor + self.gaps_minor - self.unseen_minor
        return self.difference_minor - named


def chain(account: BankAccount, on: datetime.date) -> tuple[list[Gap], int, BankStatement | None]:
    """Walk the statements in time: gaps between them, what there was before the first, and the last.

    Each line belongs to the statement that first brought it, so overlapping files do not count twice.
    """
    statements = account.statements.filter(closing_on__lte=on).order_by(
        "closing_on", "imported_at", "opening_on"
    )
    sums = _line_sums(account, on)
    gaps: list[Gap] = []
    last: BankStatement | None = None
    running, first, moved = 0, 0, 0
    for statement in statements:
        moved += sums.get(statement.pk, 0)
        if statement.closing_minor is None:  # a file without balances: its lines count towards the next
            continue
        if last is None:
            opening = statement.opening_minor
            running = first = statement.closing_minor - moved if opening is None else opening
        if missing := statement.closing_minor - running - moved:
            gaps.append(Gap(statement, missing))
        running, moved, last = statement.closing_minor, 0, statement
    return gaps, first, last


def _line_sums(account: BankAccount, on: datetime.date) -> dict[object, int]:
    rows = account.lines.filter(booked_on__lte=on).order_by().values_list("statement_id")
    return dict(rows.annotate(total=Sum("amount_minor")))


def of_account(account: BankAccount, on: datetime.date) -> Difference:
    """Statement and books of one account in the currency of the books, as they stood on a day."""
    found = Difference(account, on)
    found.gaps, found.first_minor, found.statement = chain(account, on)
    lines = account.lines.filter(booked_on__lte=on)
    total = lines.aggregate(total=Sum("amount_minor"))["total"] or 0
    found.statement_minor = found.first_minor + total + found.gaps_minor
    found.books_minor = balance(f"bank:{account.code}", on)
    matched = Match.objects.filter(undone_at=None, line__account=account)
    both = matched.filter(line__booked_on__lte=on, journal__booked_on__lte=on)
    booked = both.aggregate(total=Sum("amount_minor"))["total"] or 0
    found.open_minor = total - booked
    found.open_lines = lines.filter(left__in=_waiting(lines)).count()
    begins = _begins(account)
    unseen = _unseen(account, on, matched)
    found.unseen = [row for row in unseen if begins is None or row.booked_on >= begins]
    found.before_minor = sum(row.net for row in unseen if row not in found.unseen)
    return found


def _waiting(lines: QuerySet[BankLine]) -> QuerySet[OpenLine]:
    return OpenLine.objects.filter(line__in=lines.values("pk")).waiting()


def _begins(account: BankAccount) -> datetime.date | None:
    """The day of the first line: what the books have before it no statement can show."""
    return account.lines.order_by("booked_on").values_list("booked_on", flat=True).first()


def _unseen(account: BankAccount, on: datetime.date, matched: QuerySet[Match]) -> list[Any]:
    """Journals of the books up to a day whose line is missing, or came after the day."""
    waiting = list(candidates.unmatched(account).filter(booked_on__lte=on).order_by("booked_on"))
    later = matched.filter(journal__booked_on__lte=on, line__booked_on__gt=on).select_related("journal")
    for match in later:
        journal: Any = match.journal
        journal.net = match.amount_minor
        waiting.append(journal)
    return waiting


def balance(code: str, on: datetime.date) -> int:
    """What an account of the chart held on a day: debits less credits, in minor units of its currency."""
    moved = Transfer.objects.filter(kind__in=POSTED, journal__booked_on__lte=on)
    sums = moved.aggregate(
        came=Sum("amount_minor", filter=Q(debit__code=code)),
        went=Sum("amount_minor", filter=Q(credit__code=code)),
    )
    return int(sums["came"] or 0) - int(sums["went"] or 0)


@dataclass(frozen=True)
class Place:
    """A place where money waits, with its balance on the day: 0.00, or explained by what is open in it."""

    code: str
    kind: str
    amount_minor: int


def waiting_places(on: datetime.date) -> list[Place]:
    """Clearing, money on its way, suspense, advances, cash: their balances on a day."""
    own = BankAccount.objects.exclude(code="").values_list("code", flat=True)
    banks = [f"bank:{code}" for code in own]
    kinds = (
        AccountKind.CLEARING, AccountKind.SUSPENSE, AccountKind.ADVANCE, AccountKind.CASH,
        AccountKind.RECEIVABLE, AccountKind.PAYABLE, AccountKind.BANK,
    )  # fmt: skip
    accounts = Account.objects.filter(kind__in=kinds, currency=chart.base_currency()).exclude(code__in=banks)
    return [
        Place(row.code, row.get_kind_display(), balance(row.code, on)) for row in accounts.order_by("code")
    ]


def foreign_minor(account: BankAccount, on: datetime.date) -> int:
    """What the books hold on an account in another currency, in that currency."""
    return balance(f"fx:{account.code}", on)


def accounts_on(on: datetime.date) -> list[Difference]:
    """Every bank account that the books know, in their own currency."""
    known = BankAccount.objects.exclude(code="").filter(currency=chart.base_currency())
    return [of_account(account, on) for account in known]
