"""The books as an hledger journal, so that a program we did not write can re-compute them.

Only what is posted: holds are no postings. The syntax is that of the hledger manual, "Journal".
"""

from collections.abc import Iterator

from treasury.currencies import decimal_text
from treasury.kinds import POSTED, AccountKind
from treasury.models import Account, Journal, Transfer

# Where an account kind stands; hledger knows the type of an account by its first word.
_PLACES = {
    AccountKind.BANK: "assets",
    AccountKind.CLEARING: "assets",
    AccountKind.CASH: "assets",
    AccountKind.ADVANCE: "assets",
    AccountKind.RECEIVABLE: "assets",
    AccountKind.PAYABLE: "liabilities",
    AccountKind.SUSPENSE: "liabilities",
    AccountKind.INCOME: "income",
    AccountKind.REFUNDS: "income",
    AccountKind.FEES: "expenses",
    AccountKind.PROGRAMME: "expenses",
    AccountKind.STAFF: "expenses",
    AccountKind.OFFICE: "expenses",
    AccountKind.FX: "expenses",
}


def account_name(account: Account) -> str:
    """The account's name in the export, such as ``assets:bank:main`` or ``equity:fund:general``."""
    place = _PLACES.get(AccountKind(account.kind), "equity")
    return account.code if account.code.startswith(f"{place}:") else f"{place}:{account.code}"


def export(upto: int | None = None) -> Iterator[str]:
    """The lines of the export, up to a journal number."""
    yield "; The books, one transaction per journal. Amounts held for commitments are not posted."
    yield "decimal-mark ."
    for currency in Account.objects.order_by("currency").values_list("currency", flat=True).distinct():
        yield f"commodity {decimal_text(0, currency)} {currency}"
    yield ""
    for account in Account.objects.order_by("code"):
        yield f"account {account_name(account)}"
    last: int | None = None
    for transfer in _posted(upto):
        if transfer.journal.number != last:
            last = transfer.journal.number
            yield ""
            yield _heading(transfer.journal)
        yield from _postings(transfer)


def _posted(upto: int | None) -> Iterator[Transfer]:
    moved = Transfer.objects.filter(kind__in=POSTED).select_related("journal", "debit", "credit")
    if upto is not None:
        moved = moved.filter(journal__number__lte=upto)
    return moved.order_by("journal__number", "line").iterator()


def _heading(journal: Journal) -> str:
    return f"{journal.booked_on.isoformat()} * ({journal.number}) {journal.kind}"


def _postings(transfer: Transfer) -> Iterator[str]:
    amount = decimal_text(transfer.amount_minor, transfer.currency)
    tag = f"; category:{transfer.category}"
    yield f"    {account_name(transfer.debit)}  {amount} {transfer.currency}  {tag}"
    yield f"    {account_name(transfer.credit)}  -{amount} {transfer.currency}  {tag}"
