"""The means of payment offered on the hosted page, each with the outcome it stands for."""

from dataclasses import dataclass
from typing import Literal

from donations.sandbox.refusals import Json

Outcome = Literal["paid", "refused", "authentication", "processing"]


@dataclass(frozen=True)
class Instrument:
    """One test card or bank account.

    `later_fails` counts for direct debits only, when they settle. `refund`: a refund succeeds at once,
    "waits", or succeeds and "fails" when the banks answer. `dispute`: a dispute of this kind is opened right
    after the payment. `renewals`: payments without the donor are "refused", or the bank asks for the donor.
    """

    name: str
    label: str
    method: Literal["card", "sepa_debit"]
    outcome: Outcome
    country: str
    last4: str
    code: str = ""
    decline_code: str = ""
    message: str = ""
    later_fails: bool = False
    refund: Literal["succeeds", "waits", "fails"] = "succeeds"
    dispute: Literal["", "chargeback", "inquiry"] = ""
    renewals: Literal["paid", "refused", "authentication"] = "paid"


DECLINED = "Your card was declined."
INSTRUMENTS = {
    each.name: each
    for each in (
        Instrument("ok", "Card that works (Germany)", "card", "paid", "DE", "4242"),
        Instrument("ok_us", "Card that works (United States, higher fee)", "card", "paid", "US", "1111"),
        Instrument(
            "declined", "Card that is declined", "card", "refused", "DE", "0002",
            code="card_declined", decline_code="generic_decline", message=DECLINED,
        ),
        Instrument(
            "insufficient", "Card without enough money", "card", "refused", "DE", "9995",
            code="card_declined", decline_code="insufficient_funds",
            message="Your card has insufficient funds.",
        ),
        Instrument(
            "authentication", "Card whose bank asks for confirmation", "card", "authentication", "FR", "3220",
            code="payment_intent_authentication_failure",
            message="We are unable to authenticate your payment method. "
            "Please choose a different payment method and try again.",
        ),
        Instrument("risk_by", "Card issued in Belarus", "card", "paid", "BY", "0112"),
        Instrument("risk_ru", "Card issued in Russia", "card", "paid", "RU", "0643"),
        Instrument("refund_waits", "Card whose refunds wait", "card", "paid", "DE", "7726", refund="waits"),
        Instrument("refund_fails", "Card whose refunds return", "card", "paid", "DE", "5126", refund="fails"),
        Instrument("disputed", "Card that is disputed", "card", "paid", "DE", "0259", dispute="chargeback"),
        Instrument("inquiry", "Card with an inquiry", "card", "paid", "DE", "1976", dispute="inquiry"),
        Instrument(
            "renewal_refused", "Card that pays once, then no more", "card", "paid", "DE", "0341",
            code="card_declined", decline_code="generic_decline", message=DECLINED, renewals="refused",
        ),
        Instrument(
            "renewal_authentication", "Card that needs its owner each month", "card", "paid", "FR", "3184",
            code="authentication_required", decline_code="authentication_required",
            message="Your card was declined. This transaction requires authentication.",
            renewals="authentication",
        ),
        Instrument("sepa", "Bank account (SEPA), settles later", "sepa_debit", "processing", "DE", "3000"),
        Instrument(
            "sepa_fails", "Bank account (SEPA), fails later", "sepa_debit", "processing", "DE", "3001",
            code="insufficient_funds", message="The bank account has insufficient funds.", later_fails=True,
        ),
    )
}  # fmt: skip
BY_LAST4 = {each.last4: each for each in INSTRUMENTS.values()}


def used_for(charge: Json) -> Instrument:
    """The instrument a charge was made with, known by its last four digits."""
    details = charge["payment_method_details"]
    return BY_LAST4[details[details["type"]]["last4"]]
