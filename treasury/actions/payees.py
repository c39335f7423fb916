"""Who may be paid."""

import datetime
import uuid

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from audit.canonical import canonical, digest
from treasury.kinds import PayeeKind
from treasury.models import Payee
from treasury.second import second_person
from vault import indexes, keys

ACCOUNT_INDEX = "payee.iban"


class WrongIban(DomainError):
    """The account number's check digits are wrong."""

    code = "wrong-iban"
    message = _("This is no valid IBAN. Compare it with the voucher, digit by digit.")


@action("payee.added")
def add_payee(
    *,
    kind: PayeeKind,
    name: str,
    country: str,
    iban: str = "",
    address: str = "",
    by: Actor,
    at: datetime.datetime,
) -> Payee:
    """Add somebody who can be paid; everything about them is sealed with a key of their own."""
    payee_id = uuid.uuid4()
    keys.new_key(payee_id)
    payee = Payee(
        id=payee_id, kind=kind, country=country.upper(), name=name, iban=checked_iban(iban), address=address
    )
    payee.save()
    _know_account(payee.id, checked_iban(iban))
    touch(payee.id)
    fact(payee_kind=kind)
    return payee


def payee_terms(*, iban: str, country: str) -> dict[str, str]:
    """The payload a second officer approves (kind "payee.change", object: the payee)."""
    return {"route": digest(canonical([checked_iban(iban), country.upper()]))}


@action("payee.route_changed")
def change_payee_route(*, payee: Payee, iban: str, country: str, by: Actor, at: datetime.datetime) -> Payee:
    """Pay somebody elsewhere from now on: takes two people, and a new check of the payee.

    Raises NeedsSecondPerson, WrongIban.
    """
    second_person("payee.change", payee.id, payee_terms(iban=iban, country=country), by=by, at=at)
    payee.iban, payee.country = checked_iban(iban), country.upper()
    payee.checked_on, payee.checked_by = None, ""
    payee.save()
    _know_account(payee.id, checked_iban(iban))
    touch(payee.id)
    return payee


@action("payee.checked")
def check_payee(*, payee: Payee, by: Actor, at: datetime.datetime) -> Payee:
    """Record that sanctions lists and identity were checked today."""
    payee.checked_on, payee.checked_by = at.date(), by.actor_id
    payee.save()
    touch(payee.id)
    return payee


def _know_account(payee_id: uuid.UUID, iban: str) -> None:
    """Lines of the bank are recognised by a keyed digest of the account; erasure forgets it."""
    digests = [indexes.exact_index(ACCOUNT_INDEX, iban)] if iban else []
    indexes.replace(ACCOUNT_INDEX, payee_id, digests)


def checked_iban(iban: str) -> str:
    """The account number without spaces, or "" for none. Raises WrongIban."""
    from schwifty import IBAN
    from schwifty.exceptions import SchwiftyException

    try:
        return IBAN(iban).compact if iban.strip() else ""
    except SchwiftyException:
        raise WrongIban() from None
