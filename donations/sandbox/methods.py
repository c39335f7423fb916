"""Payment methods, mandates and customers: whose card or account it is, and what it will do next time."""

import stripe

from donations.sandbox.instruments import INSTRUMENTS, Instrument
from donations.sandbox.refusals import Json
from donations.sandbox.shapes import shaped
from donations.sandbox.world import World

# Invented, and easy to find again: the app must never store what Stripe's page asks the donor for.
DONOR = {"email": "canary.donor@example.org", "name": "Canary Donor"}


def new_method(world: World, instrument: Instrument, customer: str | None = None) -> Json:
    """A card or an account as a PaymentMethod; a direct debit comes with its mandate."""
    kinds = stripe.PaymentMethod
    method_id = world.new_id("pm_1")
    fingerprint = f"sandbox{instrument.last4}"
    part = (
        shaped(
            kinds.Card,
            brand="visa",
            country=instrument.country,
            display_brand="visa",
            exp_month=12,
            exp_year=2034,
            fingerprint=fingerprint,
            funding="credit",
            last4=instrument.last4,
        )
        if instrument.method == "card"
        else shaped(
            kinds.SepaDebit,
            bank_code="37040044",
            country=instrument.country,
            fingerprint=fingerprint,
            last4=instrument.last4,
        )
    )
    world.store.put("instrument_of", method_id, {"name": instrument.name})
    if instrument.method == "sepa_debit":
        _new_mandate(world, method_id)
    return world.keep(
        shaped(
            kinds,
            id=method_id,
            billing_details=shaped(kinds.BillingDetails, **DONOR),
            created=world.now(),
            customer=customer,
            livemode=False,
            metadata={},
            type=instrument.method,
            **{instrument.method: part},
        )
    )


def _new_mandate(world: World, method_id: str) -> None:
    kinds = stripe.Mandate
    mandate_id = world.new_id("mandate_1")
    reference = world.new_id("", 16).upper()
    debit = shaped(
        kinds.PaymentMethodDetails.SepaDebit,
        reference=reference,
        url=f"{world.base_url}/sandbox/mandate/{reference}",
    )
    mandate = shaped(
        kinds,
        id=mandate_id,
        customer_acceptance=shaped(kinds.CustomerAcceptance, accepted_at=world.now(), type="online"),
        livemode=False,
        multi_use=shaped(kinds.MultiUse),
        payment_method=method_id,
        payment_method_details=shaped(kinds.PaymentMethodDetails, type="sepa_debit", sepa_debit=debit),
        status="active",
        type="multi_use",
    )
    world.keep(mandate)
    world.store.put("mandate_of", method_id, {"id": mandate_id})


def mandate_of(world: World, method: Json) -> str | None:
    """The mandate a direct debit rests on."""
    found = world.store.get("mandate_of", method["id"])
    return found["id"] if found else None


def instrument_of(world: World, method: Json) -> Instrument:
    """What this card or account stands for."""
    return INSTRUMENTS[(world.store.get("instrument_of", method["id"]) or {})["name"]]


def renewals_of(world: World, method: Json) -> str:
    """What a payment without the donor will do: paid, refused or authentication."""
    planned = world.store.get("renewals", method["id"])
    return str(planned["outcome"]) if planned else instrument_of(world, method).renewals


def attach(world: World, method: Json, customer: str) -> Json:
    """The customer can be charged again by this method."""
    if method["customer"] == customer:
        return method
    attached = world.keep(method | {"customer": customer})
    world.emit("payment_method.attached", attached)
    return attached


def new_customer(world: World, **given: object) -> Json:
    """A customer; Stripe keeps name and address, the app must not."""
    made = shaped(
        stripe.Customer,
        **{
            "address": None,
            "balance": 0,
            "created": world.now(),
            "delinquent": False,
            "id": world.new_id("cus_", 14),
            "invoice_prefix": world.new_id("", 8).upper(),
            "invoice_settings": shaped(stripe.Customer.InvoiceSettings),
            "livemode": False,
            "metadata": {},
            "next_invoice_sequence": 1,
            "preferred_locales": [],
            "tax_exempt": "none",
            **given,
        },
    )
    world.keep(made)
    world.emit("customer.created", made)
    return made
