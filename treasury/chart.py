"""The chart of accounts. Accounts are made when first needed, under the lock of the books."""

import uuid
from dataclasses import dataclass

from django.conf import settings

from treasury.kinds import AccountKind, FundKind
from treasury.models import Account, Fund


def base_currency() -> str:
    """The currency of the books."""
    return str(settings.BASE_CURRENCY)


@dataclass(frozen=True)
class Place:
    """An account by what it is for, whether or not it has been made yet."""

    code: str
    kind: AccountKind
    subject_id: uuid.UUID | None
    currency: str


def place(kind: AccountKind, name: str = "main") -> Place:
    """The account of this kind and name, such as ``bank:main`` or ``income:gifts``."""
    return Place(f"{kind.value}:{name}", kind, None, base_currency())


def fund_place(owner: Fund) -> Place:
    """The guarded account of a fund."""
    kind = AccountKind.RESERVE if owner.kind == FundKind.RESERVE else AccountKind.FUND
    return Place(f"{kind.value}:{owner.code}", kind, owner.id, owner.currency)


def accounts(*places: Place) -> list[Account]:
    """The accounts in the order asked for, in one query; new ones are made."""
    found = {row.code: row for row in Account.objects.filter(code__in=[place.code for place in places])}
    return [found.get(place.code) or _make(place) for place in places]


def account(kind: AccountKind, name: str = "main") -> Account:
    """One account by kind and name."""
    return accounts(place(kind, name))[0]


def bank(name: str = "main") -> Account:
    """A bank account of the organisation."""
    return account(AccountKind.BANK, name)


def clearing() -> Account:
    """What the payment processor holds for us until it pays out."""
    return account(AccountKind.CLEARING, "stripe")


def funds_control() -> Account:
    """The other side of every movement of a fund."""
    return account(AccountKind.FUNDS_CONTROL)


def ceilings_control() -> Account:
    """The other side of every movement of a case ceiling."""
    return account(AccountKind.CEILINGS_CONTROL)


def lines_control() -> Account:
    """The other side of every movement of a grant's line."""
    return account(AccountKind.LINES_CONTROL)


def ahead_place(owner: Fund) -> Place:
    """The guarded account of what may be committed before a grant's instalments come."""
    return Place(f"ahead:{owner.code}", AccountKind.AHEAD, owner.id, owner.currency)


def ahead_control() -> Account:
    """The other side of every movement of what is committed ahead."""
    return account(AccountKind.AHEAD_CONTROL)


def fund(owner: Fund) -> Account:
    """The guarded account of a fund."""
    return accounts(fund_place(owner))[0]


def advance(claim_id: uuid.UUID) -> Account:
    """What the payee of an advance has of it and has not accounted for; each advance has its own."""
    return accounts(Place(f"advance:{claim_id}", AccountKind.ADVANCE, claim_id, base_currency()))[0]


def ceiling(case_id: uuid.UUID) -> Account:
    """The guarded account of a case's ceiling; the case is an opaque id here."""
    return accounts(Place(f"ceiling:{case_id}", AccountKind.CEILING, case_id, base_currency()))[0]


def _make(wanted: Place) -> Account:
    made = Account(code=wanted.code, kind=wanted.kind, subject_id=wanted.subject_id, currency=wanted.currency)
    made.save()
    return made
