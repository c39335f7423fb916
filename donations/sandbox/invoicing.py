"""An invoice's life: drafted, made final, tried, tried again, paid or given up."""

from dataclasses import replace

from donations.sandbox import charging, standing
from donations.sandbox.instruments import INSTRUMENTS, Instrument
from donations.sandbox.invoice_shapes import draft_of, payment_of
from donations.sandbox.methods import instrument_of, renewals_of
from donations.sandbox.refusals import Json, Refused
from donations.sandbox.resources import payments
from donations.sandbox.world import World

# Stripe leaves a renewal's invoice open for changes for about an hour.
DRAFT_SECONDS = 3600
DAY = 86_400


def draft(world: World, subscription: Json, reason: str, start: int, end: int) -> Json:
    """The invoice of one period, still a draft."""
    invoice = world.keep(draft_of(world, subscription, reason, start, end))
    world.link("invoices_of", subscription["id"], invoice["id"])
    standing.change(world, world.need("subscription", subscription["id"]), latest_invoice=invoice["id"])
    world.emit("invoice.created", invoice)
    return invoice


def schedule(world: World, invoice: Json) -> None:
    """Let a draft become final by itself after Stripe's hour."""
    planned = world.keep(invoice | {"automatically_finalizes_at": world.now() + DRAFT_SECONDS})
    remind(world, planned)


def remind(world: World, invoice: Json) -> None:
    """Tell the agenda when this invoice needs it next."""
    moment = (
        invoice["automatically_finalizes_at"]
        if invoice["status"] == "draft"
        else invoice["next_payment_attempt"]
    )
    if moment is not None:
        world.remind(moment, "invoice", invoice["id"])


def fall_due(world: World, key: str) -> None:
    """Make a draft final and take the money, or try an open invoice again, if the time has come."""
    invoice, now = world.need("invoice", key), world.now()
    if invoice["status"] == "draft" and (invoice["automatically_finalizes_at"] or now + 1) <= now:
        _advance(world, invoice)
    elif invoice["status"] == "open" and (invoice["next_payment_attempt"] or now + 1) <= now:
        attempt(world, invoice)


def _advance(world: World, invoice: Json) -> None:
    subscription = world.need("subscription", standing.subscription_of(invoice))
    paused = subscription["pause_collection"]
    if paused and paused["behavior"] == "keep_as_draft":
        world.keep(invoice | {"auto_advance": False, "automatically_finalizes_at": None})
        return
    final = finalize(world, invoice)
    if paused and paused["behavior"] == "void":
        close(world, final, "void")
    elif paused:
        close(world, final, "uncollectible")
    else:
        attempt(world, final)


def finalize(world: World, invoice: Json, intent: Json | None = None) -> Json:
    """Number it and give it a payment intent: `intent` when the donor has just paid, else a new one."""
    subscription = world.need("subscription", standing.subscription_of(invoice))
    if intent is None:
        intent = payments.new_intent(world, _intent_for(invoice, subscription))
    payment = world.keep(payment_of(world, invoice, intent))
    world.link("payments_of", invoice["id"], payment["id"])
    world.store.put("payment_of", intent["id"], {"id": payment["id"], "invoice": invoice["id"]})
    now = world.now()
    customer = world.need("customer", invoice["customer"])
    number = f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04d}"
    world.keep(customer | {"next_invoice_sequence": customer["next_invoice_sequence"] + 1})
    changes = {
        "status": "open",
        "number": number,
        "effective_at": now,
        "automatically_finalizes_at": None,
        "status_transitions": invoice["status_transitions"] | {"finalized_at": now},
        "hosted_invoice_url": f"{world.base_url}/sandbox/invoice/{invoice['id']}",
    }
    final = world.keep(invoice | changes)
    world.emit("invoice.finalized", final)
    return final


def _intent_for(invoice: Json, subscription: Json) -> Json:
    return {
        "amount": invoice["amount_due"],
        "currency": invoice["currency"],
        "customer": invoice["customer"],
        "description": "Subscription update",
        "payment_method_types": ["card", "sepa_debit"],
        "setup_future_usage": "off_session",
        "payment_method": subscription["default_payment_method"],
    }


def attempt(world: World, invoice: Json) -> Json:
    """Charge the subscription's method once, without the donor; answers the invoice as it is then."""
    subscription = world.need("subscription", standing.subscription_of(invoice))
    method = world.find("payment_method", subscription["default_payment_method"])
    intent = world.need("payment_intent", intent_of(world, invoice))
    if intent["status"] == "processing":
        return invoice
    if method is None:
        return failed(world, invoice)
    instrument, outcome = instrument_of(world, method), renewals_of(world, method)
    if outcome != "paid":
        refused = _refusing(instrument, outcome)
        if outcome == "authentication":
            intent = charging.ask_bank(world, intent, method)
            world.emit("invoice.payment_action_required", invoice)
        charge = payments.new_charge(world, intent, refused, "failed", method)
        charging.refuse(world, intent, refused, charge)
        return failed(world, invoice)
    if instrument.method == "sepa_debit":
        charging.process(world, intent, instrument, method)
        return world.keep(invoice | {"attempted": True, "next_payment_attempt": None})
    charge, _intent = charging.succeed(world, intent, instrument, method)
    done = paid(world, invoice)
    charging.finish(world, charge, instrument)
    return done


def _refusing(instrument: Instrument, outcome: str) -> Instrument:
    """The same card, with the words of its refusal."""
    words = INSTRUMENTS["renewal_authentication" if outcome == "authentication" else "declined"]
    return replace(instrument, code=words.code, decline_code=words.decline_code, message=words.message)


def intent_of(world: World, invoice: Json) -> str | None:
    """The payment intent an open or paid invoice is collected by."""
    for payment in payments_of(world, invoice["id"]):
        return str(payment["payment"]["payment_intent"])
    return None


def payments_of(world: World, invoice_id: str) -> list[Json]:
    """The invoice payments of one invoice."""
    return [world.need("invoice_payment", key) for key in world.linked("payments_of", invoice_id)]


def invoice_of(world: World, intent_id: str) -> Json | None:
    """The invoice a payment intent collects."""
    named = world.store.get("payment_of", intent_id)
    return None if named is None else world.find("invoice", named["invoice"])


def paid(world: World, invoice: Json) -> Json:
    """The money has come."""
    now = world.now()
    for payment in payments_of(world, invoice["id"]):
        changes = {"status": "paid", "amount_paid": invoice["amount_due"]}
        transitions = payment["status_transitions"] | {"paid_at": now}
        world.emit(
            "invoice_payment.paid", world.keep(payment | changes | {"status_transitions": transitions})
        )
    changes = {
        "status": "paid",
        "amount_paid": invoice["amount_due"],
        "amount_remaining": 0,
        "attempted": True,
        "attempt_count": invoice["attempt_count"] + 1,
        "next_payment_attempt": None,
        "status_transitions": invoice["status_transitions"] | {"paid_at": now},
    }
    done = world.keep(world.need("invoice", invoice["id"]) | changes)
    world.emit("invoice.paid", done)
    world.emit("invoice.payment_succeeded", done)
    standing.mark_paid(world, world.need("subscription", standing.subscription_of(done)))
    return done


def failed(world: World, invoice: Json) -> Json:
    """A try has failed: plan the next one, or give up as the account is set."""
    count = int(invoice["attempt_count"]) + 1
    days = world.switches.retry_days
    subscription = world.need("subscription", standing.subscription_of(invoice))
    again = count <= len(days) and subscription["status"] not in standing.ENDED
    changes = {
        "attempted": True,
        "attempt_count": count,
        "next_payment_attempt": world.now() + days[count - 1] * DAY if again else None,
    }
    tried = world.keep(invoice | changes)
    world.emit("invoice.payment_failed", tried)
    remind(world, tried)
    standing.mark_failed(world, subscription, last=not again)
    return tried


def close(world: World, invoice: Json, status: str) -> Json:
    """Make an open invoice `void` or `uncollectible`. Raises Refused for any other."""
    if invoice["status"] not in ("open", "uncollectible") or invoice["status"] == status:
        raise Refused(f"You can only pass in open invoices. This invoice isn't open ({invoice['status']}).")
    name = "voided_at" if status == "void" else "marked_uncollectible_at"
    transitions = invoice["status_transitions"] | {name: world.now()}
    changes = {"status": status, "next_payment_attempt": None, "status_transitions": transitions}
    closed = world.keep(invoice | changes)
    if status == "void":
        _cancel_payments(world, closed)
    world.emit("invoice.voided" if status == "void" else "invoice.marked_uncollectible", closed)
    return closed


def _cancel_payments(world: World, invoice: Json) -> None:
    now = world.now()
    for payment in payments_of(world, invoice["id"]):
        transitions = payment["status_transitions"] | {"canceled_at": now}
        world.keep(payment | {"status": "canceled", "status_transitions": transitions})
        intent = world.need("payment_intent", payment["payment"]["payment_intent"])
        changes = {"status": "canceled", "canceled_at": now, "cancellation_reason": "void_invoice"}
        world.emit("payment_intent.canceled", world.keep(intent | changes))
