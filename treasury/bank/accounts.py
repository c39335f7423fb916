"""Bank accounts and what they need besides statements: their place in the books, references, rates."""

import datetime
import re
import secrets
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from treasury import books, chart
from treasury.bank import references
from treasury.bank.models import BankAccount, BankLine, Exchange, OpenLine, TransferReference
from treasury.books import Entry
from treasury.currencies import exponent
from treasury.kinds import AccountKind, Category, JournalKind
from treasury.models import Account, Fund

FARTHEST = Decimal("0.2")  # from the rate used before, either way


class CodeInUse(DomainError):
    """Another bank account is this account of the books, or the name is kept for the books themselves."""

    code = "bank-code-in-use"
    message = _("This name belongs to another account already. Choose a different one.")


class ConnectedBefore(DomainError):
    """The bank account has its place in the books, and journals may stand on it."""

    code = "bank-account-connected"
    message = _("This bank account is connected already. Its lines are booked there.")


class NoRateNeeded(DomainError):
    """The line is in the currency of the books, or has its rate."""

    code = "no-rate-needed"
    message = _("This line needs no rate, or has one. Reload the page.")


class RateLooksWrong(DomainError):
    """The rate is far from the one used before; ``before`` is that rate."""

    code = "rate-looks-wrong"
    message = _("The rate used before was %(before)s. Look again; if it is right, say that you are sure.")


@action("bank.account_connected")
def connect_account(*, account: BankAccount, code: str, by: Actor, at: datetime.datetime) -> BankAccount:
    """Say which account of the books a bank account is. Raises CodeInUse, ConnectedBefore."""
    account.refresh_from_db()
    if account.code:
        raise ConnectedBefore()
    taken = BankAccount.objects.filter(code=code).exists()
    if taken or code == "in-transit" or code.endswith("-fx") or not re.fullmatch(r"[a-z0-9-]{1,30}", code):
        raise CodeInUse()
    account.code = code
    account.save()
    chart.bank(code)
    touch(account.id)
    fact(code=code)
    return account


@action("bank.reference_made")
def make_reference(*, fund: Fund, by: Actor, at: datetime.datetime) -> TransferReference:
    """A reference for somebody who asked how to give to this fund by transfer. Nothing is kept of who."""
    made = TransferReference(
        code=references.make(secrets.randbelow), fund=fund, made_on=at.date(), made_by=by.actor_id
    )
    made.save()
    touch(made.id, fund.id)
    return made


@action("bank.rate_entered")
def enter_rate(
    *,
    line: BankLine,
    rate: Decimal,
    rate_on: datetime.date,
    source: str,
    sure: bool = False,
    by: Actor,
    at: datetime.datetime,
) -> Exchange:
    """Bring a line in another currency into the books: ``rate`` is what one of it is in theirs.

    Two linked transfers: in the line's currency on the account as the bank has it, in that of the books from
    the bank account to its exchange account, against which the line is then booked. Raises NoRateNeeded,
    RateLooksWrong unless ``sure``.
    """
    books.lock()
    left: OpenLine = OpenLine.objects.get(line=line)
    if left.base_minor is not None or not line.account.code:
        raise NoRateNeeded()
    _refuse_absurd(line.currency, rate, sure=sure)
    base = base_minor(line.amount_minor, line.currency, rate)
    journal = books.write(
        JournalKind.EXCHANGE, f"fx:{line.id}", _linked(line, base), by=by, at=at, on=line.booked_on
    )
    exchange = Exchange(
        line=line,
        journal=journal,
        currency=line.currency,
        rate=f"{rate.normalize():f}",
        rate_on=rate_on,
        source=source,
        base_minor=base,
        entered_by=by.actor_id,
    )
    exchange.save()
    left.base_minor = left.open_minor = base
    left.save()
    touch(line.id)
    fact(currency=line.currency, rate=exchange.rate, source=source)
    return exchange


def base_minor(amount_minor: int, currency: str, rate: Decimal) -> int:
    """The amount in the currency of the books, rounded half up, at least one minor unit."""
    shift = exponent(chart.base_currency()) - exponent(currency)
    value = (Decimal(abs(amount_minor)).scaleb(shift) * rate).to_integral_value(ROUND_HALF_UP)
    return max(int(value), 1) * (1 if amount_minor > 0 else -1)


def _refuse_absurd(currency: str, rate: Decimal, *, sure: bool) -> None:
    if rate <= 0:
        raise RateLooksWrong(before="—")
    last = Exchange.objects.filter(currency=currency).order_by("-rate_on", "-journal__number").first()
    if last is not None and not sure and abs(rate / Decimal(last.rate) - 1) > FARTHEST:
        raise RateLooksWrong(before=last.rate)


def _linked(line: BankLine, base: int) -> list[Entry]:
    code, currency = line.account.code, line.currency
    held, control = foreign_account(code, currency), foreign_account(f"{code}-control", currency)
    bank, exchange = chart.bank(code), chart.bank(f"{code}-fx")
    pairs = [(held, control, abs(line.amount_minor)), (bank, exchange, abs(base))]
    return [
        Entry(to, source, amount, Category.EXCHANGE)
        if line.amount_minor > 0
        else Entry(source, to, amount, Category.EXCHANGE)
        for to, source, amount in pairs
    ]


def foreign_account(name: str, currency: str) -> Account:
    """An account of the chart in another currency than that of the books."""
    return chart.accounts(chart.Place(f"fx:{name}", AccountKind.FX, None, currency))[0]
