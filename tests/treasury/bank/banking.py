"""Short ways through a bank's life for tests."""

import datetime
import itertools
from dataclasses import dataclass
from typing import Any

from tests.treasury.bank.camt_files import Entry, document, read
from tests.treasury.world import AT, World
from treasury.actions.gifts import book_payout
from treasury.bank import accounts
from treasury.bank.candidates import Pool
from treasury.bank.importing import Imported, import_statements
from treasury.bank.matching import Scored
from treasury.bank.models import BankAccount, BankLine, Match
from treasury.models import Claim

_numbers = itertools.count(1)
NOW = AT + datetime.timedelta(days=60)


@dataclass
class Bank:
    """The world of the treasury with one account at a bank; ``balance`` is what the next file opens with."""

    world: World
    account: BankAccount
    balance: int

    @classmethod
    def opened(cls, world: World) -> "Bank":
        payout = book_payout(source_id="po_first", amount_minor=100_000, by=world.treasurer, at=AT)
        assert payout.number
        first = document([], opening_minor=0, days=("2026-02-28", "2026-02-28"), number="0")
        report = import_statements(statements=read(first), by=world.treasurer, at=NOW)
        account = report.rows[0].account
        assert account is not None
        accounts.connect_account(account=account, code="main", by=world.treasurer, at=NOW)
        found = cls(world, account, 0)
        found.send(Entry("2026-03-02", 100_000, "STRIPE PAYOUT"))
        found.accept_best(found.line())
        return found

    def send(self, *entries: Entry, **more: Any) -> Imported:
        """Take in the next statement with these entries."""
        number = next(_numbers)
        days = (entries[0].on, entries[-1].on) if entries else ("2026-03-31", "2026-03-31")
        more = {"opening_minor": self.balance, "days": days, "number": str(number), **more}
        statements = read(document(list(entries), **more))
        report = import_statements(statements=statements, by=self.world.treasurer, at=NOW)
        if not any(row.known for row in report.rows) and statements[0].account == "LT601010012345678901":
            self.balance = statements[0].closing_minor or 0
        return report

    def line(self) -> BankLine:
        """The line that came last."""
        lines = BankLine.objects.select_related("account", "left", "statement")
        return lines.order_by(
            "statement__imported_at", "statement__closing_on", "booked_on", "number"
        ).reverse()[0]

    def suggestions(self, line: BankLine) -> list[Scored]:
        """What the queue shows."""
        fresh = BankLine.objects.select_related("account", "left").get(pk=line.pk)
        return Pool.of(fresh.account).suggestions(fresh)

    def accept_best(self, line: BankLine) -> Match:
        """Accept the first suggestion."""
        from treasury.bank.booking import accept

        best = self.suggestions(line)[0]
        kind, key = best.candidate.kind, best.candidate.key
        return accept(line=line, kind=kind, key=key, score=best.score, by=self.world.treasurer, at=NOW)

    def open_minor(self, line: BankLine) -> int:
        line.left.refresh_from_db()
        return int(line.left.open_minor)

    def approved_claim(self, amount_minor: int, **more: Any) -> Claim:
        """A claim of the case that both people approved."""
        if not hasattr(self, "_ceiling"):
            self.world.ceiling(fee=90_000)
            self._ceiling = True
        return self.world.approved(self.world.claim(amount_minor, **more))
