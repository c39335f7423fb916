"""Gifts that come neither by card nor by bank transfer: cash handed over, money held by another platform."""

import datetime

from audit.actions import action, fact
from audit.actors import Actor
from treasury import books, chart
from treasury.actions.commitments import WrongAmount
from treasury.bank.entries import income_entries
from treasury.kinds import AccountKind, Category, JournalKind
from treasury.models import Fund, Journal
from treasury.second import second_person

# Where the money is when it is booked: in the cash box, or with a platform that owes it to us.
PLACES = (AccountKind.CASH, AccountKind.RECEIVABLE)


def other_gift_terms(
    *, fund: Fund, amount_minor: int, place: AccountKind, received_on: datetime.date, evidence: str
) -> dict[str, object]:
    """The payload a second officer approves (kind "other-gift", object: the fund)."""
    return {
        "amount_minor": amount_minor,
        "place": AccountKind(place).value,
        "received_on": received_on.isoformat(),
        "evidence": evidence,
    }


@action("money.other_gift_booked")
def book_other_gift(
    *,
    fund: Fund,
    amount_minor: int,
    place: AccountKind,
    received_on: datetime.date,
    evidence: str,
    by: Actor,
    at: datetime.datetime,
) -> Journal:
    """Book a gift that two people saw come in. ``evidence`` is sealed with the journal.

    Raises WrongAmount, NeedsSecondPerson, PeriodClosed.
    """
    if amount_minor <= 0 or place not in PLACES:
        raise WrongAmount()
    terms = other_gift_terms(
        fund=fund, amount_minor=amount_minor, place=place, received_on=received_on, evidence=evidence
    )
    second = second_person("other-gift", fund.id, terms, by=by, at=at)
    number = books.lock()
    to = chart.account(AccountKind(place))
    entries = income_entries(to, fund, amount_minor, category=Category.GIFT, name="gifts", on=received_on)
    fact(amount_minor=amount_minor, place=AccountKind(place).value, second=second)
    key = f"gift:other:{number + 1}"
    return books.write(JournalKind.GIFT, key, entries, by=by, at=at, on=received_on, note=evidence)
