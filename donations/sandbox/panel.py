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
BUTTONS: list[tuple[str, dict[str, str]]] = [
    ("Let the banks answer (settle)", {"do": "settle"}),
    ("Pay out what is available", {"do": "pay_out"}),
    ("Advance the clock by one hour", {"do": "advance_clock", "seconds": "3600"}),
    ("Advance the clock by three days", {"do": "advance_clock", "seconds": "259200"}),
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
    inner += _sessions(world) + _events(world) + _deliveries(world)
    return Page(200, frame("Control of the payment sandbox", inner))


def _button(words: str, order: dict[str, str]) -> str:
    inner = f"{hidden(**order)}<button>{escape(words)}</button>"
    return f'<form method="post" action="/sandbox/control">{inner}</form>'


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


def _events(world: World) -> str:
    rows = [
        [escape(e["id"]), escape(e["type"]), _button("Send again", {"do": "resend", "event": e["id"]})]
        for e in reversed(world.store.every("event")[-SHOWN:])
    ]
    return _table("Events", ["event", "type", ""], rows)


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
