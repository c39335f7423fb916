"""The means of payment offered on the hosted page, each with the outcome it stands for."""

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["paid", "refused", "authentication", "processing"]


@dataclass(frozen=True)
class Instrument:
    """One test card or bank account. `later_fails` counts for direct debits only, when they settle."""

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
        Instrument("sepa", "Bank account (SEPA), settles later", "sepa_debit", "processing", "DE", "3000"),
        Instrument(
            "sepa_fails", "Bank account (SEPA), fails later", "sepa_debit", "processing", "DE", "3001",
            code="insufficient_funds", message="The bank account has insufficient funds.", later_fails=True,
        ),
    )
}  # fmt: skip
