"""Columns of gifts, of their givers and of campaign pages."""

from django.utils.translation import gettext_lazy as _

from web.pieces import Text

FIELDS: dict[str, Text] = {
    "charge_id": _("Charge at the payment company"),
    "closes_on": _("Closes on"),
    "disputed_minor": _("Disputed"),
    "donation_id": _("Donation"),
    "donor_id": _("Giver"),
    "entries": _("Entries"),
    "entries_minor": _("Entries, amount"),
    "failed_tries": _("Tries that failed"),
    "fallback": _("If the campaign has enough"),
    "fee_minor": _("Fee"),
    "former_minor": _("Amount before"),
    "given_on": _("Given on"),
    "gross_minor": _("Before fees"),
    "idempotency_key": _("Key against doing it twice"),
    "invoice_id": _("Invoice at the payment company"),
    "lead": _("First words"),
    "net_minor": _("After fees"),
    "page_id": _("Campaign page"),
    "paused_until_on": _("Paused until"),
    "payment_intent_id": _("Payment at the payment company"),
    "payout_id": _("Payout to the bank"),
    "published_at": _("Published at"),
    "recurring_id": _("Monthly gift"),
    "refund_id": _("Refund"),
    "refunded_minor": _("Given back"),
    "session_id": _("Payment page at the payment company"),
    "slug": _("Address of the page"),
    "stop_asked_at": _("Stop asked for at"),
    "stop_reason": _("Why it was stopped"),
    "stopped_at": _("Stopped at"),
    "story": _("Story"),
    "subscription_id": _("Monthly gift at the payment company"),
    "told_year": _("Told of the year"),
    "transaction_id": _("Transaction at the payment company"),
    "yearly": _("Wants a letter each January"),
}
