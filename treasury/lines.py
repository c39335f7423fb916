"""The funder's lines as guarded accounts: what may still be committed and spent on each.

A line's account is given its amount and what the agreement lets it be overspent by. Each hold on a grant's
money holds its line too, so that the database refuses what the funder would not accept. Grants recorded
before lines had accounts have none, and no limit by line.
"""

import uuid
from collections.abc import Iterable

from treasury import chart
from treasury.books import Entry
from treasury.chart import Place
from treasury.kinds import AccountKind, Category
from treasury.models import Account, Fund, GrantLine


def limit_minor(line: GrantLine) -> int:
    """The most that the funder accepts on it: its amount and the reallocation limit of the agreement."""
    return accepted_minor(line.amount_minor, line.grant.reallocation_basis_points)


def accepted_minor(amount_minor: int, reallocation_basis_points: int) -> int:
    """The same from the figures alone."""
    return amount_minor + amount_minor * reallocation_basis_points // 10_000


def place(line: GrantLine) -> Place:
    """The account of a line."""
    return Place(f"grant_line:{line.id}", AccountKind.GRANT_LINE, line.id, line.grant.fund.currency)


def open_entries(lines: Iterable[GrantLine]) -> list[Entry]:
    """Give each line what may be spent on it."""
    return [
        Entry(chart.lines_control(), chart.accounts(place(line))[0], limit_minor(line), Category.LIMIT)
        for line in lines
    ]


class Rooms:
    """Accounts of the lines of several grants, read once; for one category of cost."""

    def __init__(self, category: str) -> None:
        self._category = category
        self._accounts: dict[uuid.UUID, Account | None] = {}

    def account(self, fund: Fund) -> Account | None:
        """The account of the line that this cost counts to; None where there is no such limit."""
        if fund.id not in self._accounts:
            lines = GrantLine.objects.filter(grant__fund=fund)
            ids = [line.id for line in lines if self._category in line.categories]
            found = Account.objects.filter(kind=AccountKind.GRANT_LINE, subject_id__in=ids)
            self._accounts[fund.id] = found.select_related("balance").first()
        return self._accounts[fund.id]

    def free(self, fund: Fund) -> int | None:
        """What may still be committed on the line; None where there is no limit."""
        account = self.account(fund)
        return None if account is None else account.balance.free_minor
