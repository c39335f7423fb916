"""Payment files for the bank: pain.001 by sepaxml, only where a transfer is lawful, handed out once."""

import datetime
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from sepaxml import SepaTransfer
from sepaxml.validation import ValidationError

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from treasury import books, chart
from treasury.actions.payments import PayeeUnchecked, SoleApprover, refuse_unagreed
from treasury.bank.models import BankAccount, PaymentFile, PaymentOrder
from treasury.bank.references import make
from treasury.kinds import ClaimStatus
from treasury.models import Claim
from treasury.second import second_person
from vault.fields import prefetch

_A_DAY = datetime.timedelta(days=1)
SCHEMA = "pain.001.001.03"
RISK_COUNTRIES: frozenset[str] = settings.RISK_COUNTRIES
# Countries and territories of the SEPA schemes with an IBAN code of their own (EPC list 409-09).
SEPA = frozenset({
    "AD", "AL", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR",
    "GB", "GI", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MD",
    "ME", "MK", "MT", "NL", "NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK", "SM", "VA",
})  # fmt: skip
Refusal = str | Promise


class NothingToPay(DomainError):
    """None of the chosen claims can be paid by a file."""

    code = "nothing-to-pay"
    message = _("None of these claims can go into a payment file. Look at the reason beside each.")


class AlreadyOrdered(DomainError):
    """A claim is in an earlier file."""

    code = "already-ordered"
    message = _(
        "One of these claims is in a payment file already. Withdraw that file first, or leave it out."
    )


class NoBankAccount(DomainError):
    """The account the money comes from is not connected, or has no IBAN."""

    code = "no-bank-account"
    message = _(
        "Payment files need a connected bank account with an IBAN. Import one of its statements first."
    )


class FileNotValid(DomainError):
    """The schema of the format refused the file."""

    code = "payment-file-not-valid"
    message = _("A name or an account number does not fit the format. Check the payees of these claims.")


class WithdrawnBefore(DomainError):
    """Nothing of the file is left to withdraw."""

    code = "withdrawn-before"
    message = _("This file was withdrawn already, or all of its claims are paid.")


@dataclass(frozen=True)
class Made:
    """The file as handed out; its bytes are kept nowhere."""

    record: PaymentFile
    content: bytes

    @property
    def pk(self) -> uuid.UUID:
        return self.record.pk


class _File(SepaTransfer):  # type: ignore[misc]  # the package has no types
    """A file whose message id is ours, so that it can be told by it."""

    def _create_header(self) -> None:
        self.msg_id = self._config["message_id"]
        super()._create_header()


def why_not(claim: Claim) -> Refusal:
    """Why a claim cannot go into a file, or nothing. Opens no name: the IBAN is judged when it is made."""
    payee = claim.payee
    if payee.country in RISK_COUNTRIES:
        return _("No direct transfer to this country.")
    if payee.country not in SEPA:
        return _("Outside SEPA: pay it by another route.")
    if payee.checked_on is None:
        return _("Nobody has checked this payee yet.")
    if claim.currency != chart.base_currency() or claim.currency != "EUR":
        return _("Not in euro: pay it by another route.")
    if claim.orders.filter(withdrawn_at=None).exists():
        return _("In a payment file already.")
    return ""


def export_terms(claims: Sequence[Claim]) -> dict[str, object]:
    """The payload a colleague approves (kind "bulk-export", object: the bank account)."""
    return {"claims": sorted(str(claim.pk) for claim in claims)}


def takes_two(claims: Sequence[Claim], by: Actor, at: datetime.datetime) -> bool:
    """Whether the file, with this person's others of a day, holds names of more than one takes out alone."""
    lately = PaymentOrder.objects.filter(file__made_by=by.actor_id, file__made_at__gt=at - _A_DAY)
    payees = {claim.payee_id for claim in claims}.union(lately.values_list("claim__payee", flat=True))
    return len(payees) > settings.EXPORT_ALONE_PEOPLE


@action("payments.file_made")
def make_payment_file(
    *,
    claims: Sequence[Claim],
    account: BankAccount,
    execute_on: datetime.date,
    by: Actor,
    at: datetime.datetime,
) -> Made:
    """Make one file for approved claims. Accounts open in the reading of the person who makes it.

    Where :func:`takes_two` says so a colleague has agreed to exactly these claims. Raises NothingToPay,
    AlreadyOrdered, SoleApprover, PayeeUnchecked, NeedsSecondPerson, NoBankAccount,
    FileNotValid.
    """
    books.lock()
    fresh = list(Claim.objects.filter(pk__in=[c.pk for c in claims]).select_related("payee").order_by("pk"))
    for claim in fresh:
        _refuse(claim, by)
    refuse_unagreed(fresh, at)
    if not fresh or not account.code:
        raise NothingToPay() if not fresh else NoBankAccount()
    if takes_two(fresh, by, at):
        fact(second=second_person("bulk-export", account.id, export_terms(fresh), by=by, at=at))
    message_id = f"A{secrets.token_hex(12)}"
    orders = [(claim, make(secrets.randbelow)) for claim in fresh]
    content = _written(orders, account, execute_on, message_id)
    record = PaymentFile(
        account=account,
        message_id=message_id,
        order_count=len(orders),
        total_minor=sum(claim.base_minor for claim in fresh),
        execute_on=execute_on,
        file_sha256=sha256(content).hexdigest(),
        made_at=at,
        made_by=by.actor_id,
    )
    record.save()
    PaymentOrder.objects.insert_many(
        [
            PaymentOrder(file=record, claim=claim, amount_minor=claim.base_minor, end_to_end=code)
            for claim, code in orders
        ]
    )
    touch(record.id, *(claim.id for claim in fresh))
    fact(orders=len(orders), total_minor=record.total_minor, file_sha256=record.file_sha256)
    return Made(record, content)


def _refuse(claim: Claim, by: Actor) -> None:
    if claim.orders.filter(withdrawn_at=None).exists():
        raise AlreadyOrdered()
    if claim.status == ClaimStatus.APPROVED and not claim.second_by and claim.approved_by == by.actor_id:
        raise SoleApprover()
    if claim.payee.checked_on is None:
        raise PayeeUnchecked()
    if claim.status != ClaimStatus.APPROVED or why_not(claim):
        raise NothingToPay()


def _written(
    orders: list[tuple[Claim, str]], account: BankAccount, execute_on: datetime.date, message_id: str
) -> bytes:
    prefetch([claim.payee for claim, _code in orders], "name", "iban")
    name = str(settings.ORGANISATION_NAME)
    own = {"name": name, "IBAN": _iban(account.iban, NoBankAccount), "batch": True, "currency": "EUR"}
    file = _File({**own, "message_id": message_id}, schema=SCHEMA, clean=True)
    for claim, code in orders:
        payee = claim.payee
        file.add_payment(
            {
                "name": payee.name,
                "IBAN": _iban(payee.iban, FileNotValid),
                "amount": claim.base_minor,
                "execution_date": execute_on,
                "description": code,  # both banks keep it: a code of ours and no word more
                "endtoend_id": code,
            }
        )
    try:
        return bytes(file.export(validate=True))
    except ValidationError:
        raise FileNotValid() from None


def _iban(written: str, refusal: type[DomainError]) -> str:
    try:
        iban = IBAN(written)
    except SchwiftyException:
        raise refusal() from None
    if iban.country_code not in SEPA or iban.country_code in RISK_COUNTRIES:
        raise refusal()
    return str(iban.compact)


@action("payments.file_withdrawn")
def withdraw_payment_file(*, file: PaymentFile, by: Actor, at: datetime.datetime) -> PaymentFile:
    """The file was not sent, or the bank refused it: its unpaid claims can be ordered anew.

    Raises WithdrawnBefore.
    """
    left = list(file.orders.filter(withdrawn_at=None, claim__status=ClaimStatus.APPROVED))
    if not left:
        raise WithdrawnBefore()
    for order in left:
        order.withdrawn_at = at
        order.save()
    touch(file.id)
    fact(orders=len(left))
    return file
