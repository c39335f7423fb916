"""Invoices and invoice payments as they are read, paid by hand and closed."""

from stripe.params import (
    InvoiceFinalizeInvoiceParams,
    InvoiceListParams,
    InvoiceMarkUncollectibleParams,
    InvoicePaymentListParams,
    InvoicePaymentRetrieveParams,
    InvoicePayParams,
    InvoiceRetrieveParams,
    InvoiceVoidInvoiceParams,
)

from donations.sandbox import invoicing, standing
from donations.sandbox.endpoints import LIST_PARAMETERS, Endpoint, listing, retrieve, same
from donations.sandbox.refusals import Json, Refused, not_found
from donations.sandbox.world import World

PATH, PAYMENTS = "/v1/invoices", "/v1/invoice_payments"


def pay(world: World, key: str, given: Json) -> Json:
    """Try an open invoice now. Raises Refused (402) when the bank does."""
    invoice = _need(world, key)
    if invoice["status"] == "paid":
        raise Refused("Invoice is already paid", code="invoice_already_paid")
    if invoice["status"] != "open":
        raise Refused(f"Invoice is {invoice['status']}, not open.", code="invoice_not_open")
    tried = invoicing.attempt(world, invoice)
    intent = world.need("payment_intent", invoicing.intent_of(world, tried))
    if intent["status"] == "requires_payment_method":
        error = intent["last_payment_error"] or {"message": "This invoice has no payment method."}
        raise Refused(error["message"], code=error.get("code"), status=402, kind="card_error")
    return tried


def finalize(world: World, key: str, given: Json) -> Json:
    """Make a draft final now; it is tried when it advances by itself."""
    invoice = _need(world, key)
    if invoice["status"] != "draft":
        raise Refused("This invoice is already finalized, you can't re-finalize a non-draft invoice.")
    final = invoicing.finalize(world, invoice)
    return invoicing.attempt(world, final) if given.get("auto_advance", final["auto_advance"]) else final


def void(world: World, key: str, given: Json) -> Json:
    """The invoice was a mistake."""
    return invoicing.close(world, _need(world, key), "void")


def mark_uncollectible(world: World, key: str, given: Json) -> Json:
    """The invoice will not be paid."""
    return invoicing.close(world, _need(world, key), "uncollectible")


def _need(world: World, key: str) -> Json:
    found = world.find("invoice", key)
    if found is None:
        raise not_found("invoice", key, "invoice")
    return found


def _filters(invoice: Json, given: Json) -> bool:
    if "subscription" in given and standing.subscription_of(invoice) != given["subscription"]:
        return False
    return same("customer", "status")(invoice, given)


def _payment_filters(payment: Json, given: Json) -> bool:
    wanted = given.get("payment", {})
    inner = payment["payment"]
    return same("invoice", "status")(payment, given) and all(inner[n] == v for n, v in wanted.items())


ENDPOINTS = [
    Endpoint(
        "GET",
        PATH,
        InvoiceListParams,
        listing("invoice", PATH, _filters),
        LIST_PARAMETERS | {"customer", "status", "subscription"},
    ),
    Endpoint("GET", PATH + "/{id}", InvoiceRetrieveParams, retrieve("invoice", "invoice", "invoice")),
    Endpoint("POST", PATH + "/{id}/pay", InvoicePayParams, pay),
    Endpoint(
        "POST",
        PATH + "/{id}/finalize",
        InvoiceFinalizeInvoiceParams,
        finalize,
        frozenset({"auto_advance"}),
    ),
    Endpoint("POST", PATH + "/{id}/void", InvoiceVoidInvoiceParams, void),
    Endpoint("POST", PATH + "/{id}/mark_uncollectible", InvoiceMarkUncollectibleParams, mark_uncollectible),
    Endpoint(
        "GET",
        PAYMENTS,
        InvoicePaymentListParams,
        listing("invoice_payment", PAYMENTS, _payment_filters),
        LIST_PARAMETERS | {"invoice", "payment", "status"},
    ),
    Endpoint(
        "GET",
        PAYMENTS + "/{id}",
        InvoicePaymentRetrieveParams,
        retrieve("invoice_payment", "invoice_payment", "id"),
    ),
]
