"""The control page `/sandbox/`: the levers for people, and what happened lately."""

from html import escape

from donations.sandbox import control
from donations.sandbox.hosted import Page
from donations.sandbox.markup import frame, hidden, link, money
from donations.sandbox.refusals import Json
from donations.sandbox.resources.checkout import KIND
from donations.sandbox.webhooks import Webhooks
from donations.sandbox.world import World

SHOWN = 20
Fates = list[tuple[str, dict[str, str]]]
RETURNED: Fates = [("Comes back", {"do": "settle_refund", "outcome": "failed"})]
DECIDED: Fates = [
    ("Won", {"do": "settle_dispute", "outcome": "won"}),
    ("Lost", {"do": "settle_dispute", "outcome": "lost"}),
]
ASKED: Fates = [
    ("Closed", {"do": "settle_dispute", "outcome": "closed"}),
    ("Becomes a chargeback", {"do": "settle_dispute", "outcome": "escalated"}),
]
REFUSED: Fates = [("Bank refuses", {"do": "fail_payout"})]
FATES = {
    ("refund", "pending"): [("Arrives", {"do": "settle_refund", "outcome": "succeeded"}), *RETURNED],
    ("refund", "succeeded"): RETURNED,
    ("dispute", "needs_response"): DECIDED,
    ("dispute", "under_review"): DECIDED,
    ("dispute", "warning_needs_response"): ASKED,
    ("dispute", "warning_under_review"): ASKED,
    ("payout", "in_transit"): REFUSED,
    ("payout", "paid"): REFUSED,
}
BUTTONS: list[tuple[str, dict[str, str]]] = [
    ("Let the banks answer (settle)", {"do": "settle"}),
    ("A fee of an unknown kind", {"do": "add_fee", "type": "unheard_of_fee", "amount": "250"}),
    ("Pay out what is available", {"do": "pay_out"}),
    ("Advance the clock by one hour", {"do": "advance_clock", "seconds": "3600"}),
    ("Advance the clock by three days", {"do": "advance_clock", "seconds": "259200"}),
    ("Advance the clock by a month", {"do": "advance_clock", "seconds": "2764800"}),
    ("Lose the next webhook", {"do": "spoil_webhooks", "how": "drop"}),
    ("Delay the next webhook by a minute", {"do": "spoil_webhooks", "how": "delay"}),
    ("Send the next webhook twice", {"do": "spoil_webhooks", "how": "double"}),
    ("Send the next four webhooks in reverse", {"do": "spoil_webhooks", "how": "reorder", "times": "4"}),
    ("Corrupt the next webhook", {"do": "spoil_webhooks", "how": "corrupt"}),
    ("Forge the next webhook's signature", {"do": "spoil_webhooks", "how": "forge"}),
    ("Next API call: no answer, nothing done", {"do": "fail_calls", "how": "drop"}),
    ("Next API call: no answer, but done", {"do": "fail_calls", "how": "drop", "when": "after"}),
    ("Next API call: error 500, but done", {"do": "fail_calls", "how": "error_500", "when": "after"}),
    ("Next API call: hangs, but done", {"do": "fail_calls", "how": "hang", "when": "after"}),
    ("Send every event again", {"do": "resend"}),
    ("Forget planned faults", {"do": "clear_faults"}),
]


def show(world: World, hooks: Webhooks) -> Page:
    """Everything on one page, newest first."""
    levers = "".join(_button(words, order) for words, order in [*BUTTONS, *_switches(world)])
    inner = f"<div class='box'>{_state(control.state(world, hooks))}</div><div class='box'>{levers}</div>"
    inner += _sessions(world) + _payments(world) + _monthly(world)
    inner += _outgoing(world)
    inner += _events(world) + _deliveries(world)
    return Page(200, frame("Control of the payment sandbox", inner))


def _button(words: str, order: dict[str, str]) -> str:
    inner = f"{hidden(**order)}<button>{escape(words)}</button>"
    return f'<form class="lever" method="post" action="/sandbox/control">{inner}</form>'


def _switches(world: World) -> list[tuple[str, dict[str, str]]]:
    scripts, late = world.switches.require_scripts, world.switches.late_balance
    return [
        (
            "Payment page: work without scripts" if scripts else "Payment page: require scripts",
            {"do": "switch", "require_scripts": "false" if scripts else "true"},
        ),
        (
            "Balance transactions: at once" if late else "Balance transactions: only when settled",
            {"do": "switch", "late_balance": "false" if late else "true"},
        ),
    ]


def _state(state: Json) -> str:
    return "<br>".join(f"{escape(name)}: {escape(str(value))}" for name, value in state.items())


def _table(title: str, heads: list[str], rows: list[list[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<h2>{escape(title)}</h2><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _sessions(world: World) -> str:
    rows = [
        [
            link(s["url"], s["id"][:24] + "…") if s["url"] else escape(s["id"][:24] + "…"),
            escape(money(s["amount_total"], s["currency"])),
            escape(f"{s['status']} · {s['payment_status']}"),
        ]
        for s in reversed(world.store.every(KIND)[-SHOWN:])
    ]
    return _table("Checkout sessions", ["session", "amount", "status"], rows)


def _payments(world: World) -> str:
    rows = [
        [
            escape(c["id"]),
            escape(money(c["amount"], c["currency"])),
            escape(c["status"]) + (" · disputed" if c["disputed"] else ""),
            "".join(_button(words, {**order, "payment": c["id"]}) for words, order in _can(c)),
        ]
        for c in reversed(world.store.every("charge")[-SHOWN:])
    ]
    return _table("Payments", ["payment", "amount", "status", "what can happen"], rows)


def _can(charge: Json) -> list[tuple[str, dict[str, str]]]:
    """What can be done about a payment."""
    if charge["status"] == "pending":
        return [
            ("Bank: paid", {"do": "answer_debit", "outcome": "succeeded"}),
            ("Bank: failed", {"do": "answer_debit", "outcome": "failed"}),
        ]
    if charge["status"] != "succeeded" or charge["refunded"] or charge["disputed"]:
        return []
    return [
        ("Refund", {"do": "refund"}),
        ("Dispute", {"do": "open_dispute"}),
        ("Inquire", {"do": "open_dispute", "kind": "inquiry"}),
    ]


def _outgoing(world: World) -> str:
    """Refunds, disputes and payouts, each with what can still become of it."""
    rows = [
        [
            escape(each["id"]),
            escape(money(each["amount"], each["currency"])),
            escape(each["status"]),
            "".join(_button(words, {**order, kind: each["id"]}) for words, order in fates),
        ]
        for kind in ("refund", "dispute", "payout")
        for each in reversed(world.store.every(kind)[-SHOWN:])
        for fates in [FATES.get((kind, each["status"]), [])]
    ]
    return _table("Refunds, disputes, payouts", ["object", "amount", "status", "what can happen"], rows)


def _monthly(world: World) -> str:
    rows = [
        [
            escape(s["id"]),
            escape(s["status"]),
            _button("Refuse next month", {"do": "renewals", "subscription": s["id"], "outcome": "refused"})
            + _button("Pay again", {"do": "renewals", "subscription": s["id"], "outcome": "paid"}),
        ]
        for s in reversed(world.store.every("subscription")[-SHOWN:])
    ]
    return _table("Subscriptions", ["subscription", "status", "what can happen"], rows)


def _events(world: World) -> str:
    rows = [
        [escape(e["id"]), escape(e["type"]), _button("Send again", {"do": "resend", "event": e["id"]})]
        for e in reversed(world.store.every("event")[-SHOWN:])
    ]
    return _table("Events", ["event", "type", "again"], rows)


def _deliveries(world: World) -> str:
    rows = [
        [
            str(d["number"]),
            escape(d["event"]),
            str(d["tries"]),
            str(d["last_status"]),
            "yes" if d["done"] else "no",
        ]
        for d in reversed(world.store.every("delivery")[-SHOWN:])
    ]
    return _table("Webhooks", ["number", "event", "tries", "last answer", "finished"], rows)
