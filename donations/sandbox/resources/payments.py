"""Payment intents and charges: how they look and how they are read."""

import stripe
from stripe.params import (
    ChargeListParams,
    ChargeRetrieveParams,
    PaymentIntentListParams,
    PaymentIntentRetrieveParams,
)

from donations.sandbox.endpoints import LIST_PARAMETERS, Endpoint, listing, retrieve, same
from donations.sandbox.instruments import Instrument
from donations.sandbox.methods import DONOR, mandate_of
from donations.sandbox.refusals import Json
from donations.sandbox.shapes import shaped
from donations.sandbox.world import World


def customer_details() -> Json:
    """What the donor typed on the payment page."""
    parts: Json = {"address": None, "phone": None, "tax_exempt": "none", "tax_ids": []}
    return shaped(stripe.checkout.Session.CustomerDetails, **DONOR, **parts)


def new_intent(world: World, wanted: Json) -> Json:
    """A payment intent: for a session when the donor first tries to pay, for an invoice when it is final.

    `wanted` has at least amount, currency and payment_method_types.
    """
    intent_id = world.new_id("pi_3")
    intent = shaped(
        stripe.PaymentIntent,
        **{
            "amount_capturable": 0,
            "amount_received": 0,
            "capture_method": "automatic_async",
            "client_secret": f"{intent_id}_secret_{world.new_id('', 25)}",
            "confirmation_method": "automatic",
            "created": world.now(),
            "id": intent_id,
            "livemode": False,
            "metadata": {},
            "status": "requires_payment_method",
            **wanted,
        },
    )
    world.keep(intent)
    world.emit("payment_intent.created", intent)
    return intent


def new_charge(world: World, intent: Json, instrument: Instrument, status: str, method: Json) -> Json:
    """A charge with Stripe's `status`: succeeded, pending or failed."""
    failed = status == "failed"
    person = shaped(stripe.Charge.BillingDetails, **DONOR)
    return world.keep(
        shaped(
            stripe.Charge,
            id=world.new_id("ch_3" if instrument.method == "card" else "py_3"),
            amount=intent["amount"],
            amount_captured=0 if failed else intent["amount"],
            amount_refunded=0,
            billing_details=person,
            calculated_statement_descriptor=intent["statement_descriptor"],
            captured=not failed,
            created=world.now(),
            currency=intent["currency"],
            customer=intent["customer"],
            description=intent["description"],
            disputed=False,
            failure_code=instrument.code if failed else None,
            failure_message=instrument.message if failed else None,
            livemode=False,
            metadata=intent["metadata"],
            outcome=_outcome(instrument, failed),
            paid=status == "succeeded",
            payment_intent=intent["id"],
            payment_method=method["id"],
            payment_method_details=_details(world, instrument, method),
            refunded=False,
            status=status,
        )
    )


def _outcome(instrument: Instrument, failed: bool) -> Json:
    return shaped(
        stripe.Charge.Outcome,
        network_status="declined_by_network" if failed else "approved_by_network",
        reason=instrument.decline_code or None if failed else None,
        risk_level="normal",
        seller_message="The bank returned a decline." if failed else "Payment complete.",
        type="issuer_declined" if failed else "authorized",
    )


def _details(world: World, instrument: Instrument, method: Json) -> Json:
    kinds = stripe.Charge.PaymentMethodDetails
    fingerprint = f"sandbox{instrument.last4}"
    if instrument.method == "sepa_debit":
        account = shaped(
            kinds.SepaDebit,
            bank_code="37040044",
            country=instrument.country,
            fingerprint=fingerprint,
            last4=instrument.last4,
            mandate=mandate_of(world, method),
        )
        return {"type": "sepa_debit", "sepa_debit": account}
    card = shaped(
        kinds.Card,
        brand="visa",
        country=instrument.country,
        exp_month=12,
        exp_year=2034,
        fingerprint=fingerprint,
        funding="credit",
        last4=instrument.last4,
        network="visa",
    )
    return {"type": "card", "card": card}


def payment_error(instrument: Instrument, charge: Json | None) -> Json:
    """The intent's `last_payment_error`; without a charge when the bank was never asked."""
    error = {
        "type": "card_error",
        "code": instrument.code,
        "message": instrument.message,
        "doc_url": f"https://stripe.com/docs/error-codes/{instrument.code.replace('_', '-')}",
    }
    if instrument.decline_code:
        error["decline_code"] = instrument.decline_code
    if charge is not None:
        error["charge"] = charge["id"]
    return error


INTENTS = "/v1/payment_intents"
CHARGES = "/v1/charges"
ENDPOINTS = [
    Endpoint(
        "GET",
        INTENTS + "/{id}",
        PaymentIntentRetrieveParams,
        retrieve("payment_intent", "payment_intent", "intent"),
    ),
    Endpoint(
        "GET",
        INTENTS,
        PaymentIntentListParams,
        listing("payment_intent", INTENTS, same("customer")),
        LIST_PARAMETERS | {"customer"},
    ),
    Endpoint("GET", CHARGES + "/{id}", ChargeRetrieveParams, retrieve("charge", "charge", "charge")),
    Endpoint(
        "GET",
        CHARGES,
        ChargeListParams,
        listing("charge", CHARGES, same("customer", "payment_intent")),
        LIST_PARAMETERS | {"customer", "payment_intent"},
    ),
]
