"""A subscription's life: begun on the payment page, renewed by time, changed, paused, ended."""

import stripe

from donations.sandbox import invoicing, standing
from donations.sandbox.periods import following
from donations.sandbox.refusals import Json
from donations.sandbox.shapes import shaped
from donations.sandbox.world import World

Subscription = stripe.Subscription


def start(world: World, session: Json, intent: Json, method: Json) -> tuple[Json, Json]:
    """Subscription and first invoice of a session whose intent has just been tried with success.

    The invoice is paid at once when the intent has succeeded, and open while a direct debit is on its way.
    """
    extra = world.store.get("subscription_data", session["id"]) or {}
    priced = (world.store.get("line_items", session["id"]) or {"data": []})["data"]
    made = _new(world, intent, method, extra)
    made = world.keep(made | {"items": _items(world, made, priced)})
    world.emit("customer.subscription.created", made)
    item = made["items"]["data"][0]
    period = item["current_period_start"], item["current_period_end"]
    invoice = invoicing.draft(world, made, "subscription_create", *period)
    invoice = invoicing.finalize(world, invoice, intent)
    if intent["status"] == "succeeded":
        invoice = invoicing.paid(world, invoice)
    else:
        invoice = world.keep(invoice | {"attempted": True})
    made = world.need("subscription", made["id"])
    remind(world, made)
    return made, invoice


def _new(world: World, intent: Json, method: Json, extra: Json) -> Json:
    now = world.now()
    return shaped(
        Subscription,
        id=world.new_id("sub_1"),
        automatic_tax=shaped(Subscription.AutomaticTax, enabled=False),
        billing_cycle_anchor=now,
        billing_mode=shaped(
            Subscription.BillingMode,
            type="flexible",
            flexible=shaped(Subscription.BillingMode.Flexible, proration_discounts="included"),
        ),
        billing_schedules=[],
        cancel_at_period_end=False,
        cancellation_details=shaped(Subscription.CancellationDetails),
        collection_method="charge_automatically",
        created=now,
        currency=intent["currency"],
        customer=intent["customer"],
        default_payment_method=method["id"],
        default_tax_rates=[],
        description=extra.get("description"),
        discounts=[],
        invoice_settings=shaped(
            Subscription.InvoiceSettings, issuer=shaped(Subscription.InvoiceSettings.Issuer, type="self")
        ),
        items={"object": "list", "data": [], "has_more": False, "url": "/v1/subscription_items"},
        livemode=False,
        metadata=extra.get("metadata") or {},
        payment_settings=shaped(
            Subscription.PaymentSettings,
            payment_method_types=None,
            save_default_payment_method="off",
        ),
        start_date=now,
        status="active",
    )


def _items(world: World, made: Json, priced: list[Json]) -> Json:
    data = [item_of(world, made, line["price"], line["quantity"]) for line in priced]
    url = f"/v1/subscription_items?subscription={made['id']}"
    return {"object": "list", "data": data, "has_more": False, "url": url}


def item_of(world: World, made: Json, price: Json, quantity: int) -> Json:
    """One priced part of a subscription, in its first period."""
    now, recurring = made["created"], price["recurring"]
    until = following(now, recurring["interval"], recurring["interval_count"], now)
    return shaped(
        stripe.SubscriptionItem,
        id=world.new_id("si_", 14),
        created=now,
        current_period_start=now,
        current_period_end=until,
        discounts=[],
        metadata={},
        plan=plan_of(price),
        price=price,
        quantity=quantity,
        subscription=made["id"],
        tax_rates=[],
    )


def plan_of(price: Json) -> Json:
    """The older form of a recurring price, still in every item."""
    recurring = price["recurring"]
    return shaped(
        stripe.Plan,
        id=price["id"],
        active=price["active"],
        amount=price["unit_amount"],
        amount_decimal=str(price["unit_amount"]),
        billing_scheme="per_unit",
        created=price["created"],
        currency=price["currency"],
        interval=recurring["interval"],
        interval_count=recurring["interval_count"],
        livemode=False,
        metadata={},
        product=price["product"],
        usage_type="licensed",
    )


# -- time ----------------------------------------------------------------------------------------------------


def remind(world: World, made: Json) -> None:
    """Tell the agenda when this subscription needs it next."""
    if made["status"] in standing.ENDED:
        return
    paused = made["pause_collection"] or {}
    moments = [made["items"]["data"][0]["current_period_end"], made["cancel_at"], paused.get("resumes_at")]
    world.remind(min(m for m in moments if m is not None), "renewal", made["id"])


def fall_due(world: World, key: str) -> None:
    """Resume, end or renew, if the time has come; and ask to be reminded of what comes next."""
    made, now = world.need("subscription", key), world.now()
    if made["status"] in standing.ENDED:
        return
    paused = made["pause_collection"]
    if paused and (paused["resumes_at"] or now + 1) <= now:
        made = standing.change(world, made, pause_collection=None)
    elif (made["cancel_at"] or now + 1) <= now:
        standing.end(world, made, "cancellation_requested")
        return
    elif made["items"]["data"][0]["current_period_end"] <= now:
        made = renew(world, made)
    else:
        return
    remind(world, made)


def renew(world: World, made: Json) -> Json:
    """Begin the next period with a draft invoice for it."""
    item = made["items"]["data"][0]
    recurring = item["price"]["recurring"]
    begin = item["current_period_end"]
    end = following(made["billing_cycle_anchor"], recurring["interval"], recurring["interval_count"], begin)
    data = [
        each | {"current_period_start": begin, "current_period_end": end} for each in made["items"]["data"]
    ]
    made = standing.change(world, made, items=made["items"] | {"data": data})
    if made["status"] != "unpaid":
        invoicing.schedule(world, invoicing.draft(world, made, "subscription_cycle", begin, end))
    return world.need("subscription", made["id"])


def debit_answered(world: World, intent: Json) -> None:
    """The banks have answered a direct debit; if it was for an invoice, that is paid or has failed."""
    invoice = invoicing.invoice_of(world, intent["id"])
    if invoice is None or invoice["status"] not in ("open", "uncollectible"):
        return
    if intent["status"] == "succeeded":
        invoicing.paid(world, invoice)
    else:
        invoicing.failed(world, invoice)
