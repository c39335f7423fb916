"""How invoices, their lines and their payments look."""

import stripe

from donations.sandbox.refusals import Json
from donations.sandbox.shapes import shaped
from donations.sandbox.world import World

Invoice = stripe.Invoice
Line = stripe.InvoiceLineItem


def draft_of(world: World, subscription: Json, reason: str, start: int, end: int) -> Json:
    """A draft for the items of a subscription, for the period from `start` to `end`."""
    invoice_id = world.new_id("in_1")
    items = subscription["items"]["data"]
    lines = [_line(world, invoice_id, subscription, item, (start, end)) for item in items]
    total = sum(int(line["amount"]) for line in lines)
    customer = world.need("customer", subscription["customer"])
    return shaped(
        Invoice,
        **_empty_parts(),
        id=invoice_id,
        account_country="LT",
        account_name="Sandbox",
        amount_due=total,
        amount_remaining=total,
        billing_reason=reason,
        created=world.now(),
        currency=subscription["currency"],
        customer=subscription["customer"],
        customer_email=customer["email"],
        customer_name=customer["name"],
        default_payment_method=None,
        lines={
            "object": "list",
            "data": lines,
            "has_more": False,
            "url": f"/v1/invoices/{invoice_id}/lines",
        },
        parent=_parent(subscription),
        period_end=world.now(),
        period_start=world.now() if reason == "subscription_create" else start - (end - start),
        subtotal=total,
        subtotal_excluding_tax=total,
        test_clock=subscription["test_clock"],
        total=total,
        total_excluding_tax=total,
    )


def _empty_parts() -> Json:
    return {
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_shipping": 0,
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": True,
        "automatic_tax": shaped(Invoice.AutomaticTax, enabled=False),
        "collection_method": "charge_automatically",
        "customer_tax_exempt": "none",
        "customer_tax_ids": [],
        "default_tax_rates": [],
        "discounts": [],
        "issuer": shaped(Invoice.Issuer, type="self"),
        "livemode": False,
        "metadata": {},
        "payment_settings": shaped(Invoice.PaymentSettings),
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "starting_balance": 0,
        "status": "draft",
        "status_transitions": shaped(Invoice.StatusTransitions),
        "total_discount_amounts": [],
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
    }


def _parent(subscription: Json) -> Json:
    kinds = Invoice.Parent
    details = shaped(
        kinds.SubscriptionDetails, metadata=subscription["metadata"], subscription=subscription["id"]
    )
    return shaped(kinds, type="subscription_details", subscription_details=details)


def _line(world: World, invoice_id: str, subscription: Json, item: Json, period: tuple[int, int]) -> Json:
    price = item["price"]
    amount = price["unit_amount"] * item["quantity"]
    product = world.need("product", price["product"])
    kinds = Line.Parent
    details = shaped(
        kinds.SubscriptionItemDetails,
        proration=False,
        subscription=subscription["id"],
        subscription_item=item["id"],
    )
    of_price = shaped(Line.Pricing.PriceDetails, price=price["id"], product=price["product"])
    return shaped(
        Line,
        id=world.new_id("il_1"),
        amount=amount,
        currency=price["currency"],
        description=f"{item['quantity']} × {product['name']}",
        discount_amounts=[],
        discountable=True,
        discounts=[],
        invoice=invoice_id,
        livemode=False,
        metadata=subscription["metadata"],
        parent=shaped(kinds, type="subscription_item_details", subscription_item_details=details),
        period=shaped(Line.Period, start=period[0], end=period[1]),
        pretax_credit_amounts=[],
        pricing=shaped(
            Line.Pricing,
            type="price_details",
            price_details=of_price,
            unit_amount_decimal=str(price["unit_amount"]),
        ),
        quantity=item["quantity"],
        subtotal=amount,
        taxes=[],
    )


def payment_of(world: World, invoice: Json, intent: Json) -> Json:
    """The link between an invoice and the payment intent that collects it."""
    kinds = stripe.InvoicePayment
    return shaped(
        kinds,
        id=world.new_id("inpay_1"),
        amount_requested=invoice["amount_due"],
        created=world.now(),
        currency=invoice["currency"],
        invoice=invoice["id"],
        is_default=True,
        livemode=False,
        payment=shaped(kinds.Payment, type="payment_intent", payment_intent=intent["id"]),
        status="open",
        status_transitions=shaped(kinds.StatusTransitions),
    )
