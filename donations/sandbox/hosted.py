"""The hosted payment page: what the donor's browser is sent to."""

from dataclasses import dataclass, field
from html import escape

from donations.sandbox import paying
from donations.sandbox.instruments import INSTRUMENTS
from donations.sandbox.markup import choices, frame, hidden, link, money
from donations.sandbox.refusals import Json, Refused
from donations.sandbox.resources import checkout
from donations.sandbox.world import World

PLACEHOLDER = "{CHECKOUT_SESSION_ID}"
NEEDS_SCRIPTS = "This page needs JavaScript. Turn it on in your browser and load the page again."
# Like Stripe's page, the form is there only once a script has run.
OPENER = (
    "<script>const t=document.querySelector('template');"
    "t.replaceWith(t.content.cloneNode(true));"
    "document.querySelectorAll('form').forEach(f=>{const i=document.createElement('input');"
    "i.type='hidden';i.name='scripts';i.value='on';f.append(i)});</script>"
)


@dataclass(frozen=True)
class Page:
    """An answer for a browser."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)


def show(world: World, session_id: str, problem: str = "") -> Page:
    """The payment form, or why there is none any more."""
    try:
        session = paying.open_session(world, session_id)
    except Refused:
        return Page(
            404, frame("No such payment page", "<p>Go back to the site you came from and start again.</p>")
        )
    except paying.SessionClosed:
        return _closed(world, session_id)
    return Page(200, frame("Pay", guarded(world, _form(world, session, problem))))


def submit(world: World, session_id: str, given: Json) -> Page:
    """What the donor pressed: pay, the bank's answer, or (a lever of the sandbox) let the session expire."""
    if world.switches.require_scripts and given.get("scripts") != "on":
        return Page(400, frame("Pay", f'<p class="box error">{NEEDS_SCRIPTS}</p>'))
    try:
        if given.get("expire"):
            checkout.close(world, paying.open_session(world, session_id))
            return show(world, session_id)
        step = _step(world, session_id, given)
    except paying.SessionClosed:
        return _closed(world, session_id)
    except Refused as refusal:
        return show(world, session_id, refusal.message)
    if step in ("paid", "processing"):
        return Page(303, "", {"Location": _target(world.need(checkout.KIND, session_id))})
    return show(world, session_id, _last_error(world, session_id) if step == "refused" else "")


def _step(world: World, session_id: str, given: Json) -> paying.Step:
    if "bank" in given:
        return paying.authenticate(world, session_id, approved=given["bank"] == "approve")
    return paying.pay(world, session_id, str(given.get("card", "")))


def _target(session: Json) -> str:
    return str(session["success_url"]).replace(PLACEHOLDER, session["id"])


def _last_error(world: World, session_id: str) -> str:
    intent = paying.intent_of(world, world.need(checkout.KIND, session_id))
    return str(intent["last_payment_error"]["message"]) if intent else ""


def guarded(world: World, form: str) -> str:
    """The forms, out of reach without scripts when the page requires them."""
    if not world.switches.require_scripts:
        return form
    return f'<noscript><p class="box error">{NEEDS_SCRIPTS}</p></noscript><template>{form}</template>{OPENER}'


def _form(world: World, session: Json, problem: str) -> str:
    intent = paying.intent_of(world, session)
    if intent is not None and intent["status"] == "requires_action":
        return _bank(session)
    items = (world.store.get("line_items", session["id"]) or {"data": []})["data"]
    names = ", ".join(escape(str(item["description"])) for item in items)
    error = f'<p class="box error" role="alert">{escape(problem)}</p>' if problem else ""
    offered = [i for i in INSTRUMENTS.values() if i.method in session["payment_method_types"]]
    back = f"<p>{link(session['cancel_url'], 'Back')}</p>" if session["cancel_url"] else ""
    return (
        f"{back}{error}<div class='box'><p>{names}<br><strong>"
        f"{money(session['amount_total'], session['currency'])}</strong></p>"
        f'<form method="post"><fieldset><legend>Pay with</legend>{choices(offered)}</fieldset>'
        "<button>Pay</button></form></div>"
        f'<form method="post">{hidden(expire="1")}<button>Let this page expire</button></form>'
    )


def _bank(session: Json) -> str:
    return (
        "<div class='box'><p>Your bank asks you to confirm "
        f"{money(session['amount_total'], session['currency'])}.</p>"
        f'<form method="post">{hidden(bank="approve")}<button>Confirm</button></form>'
        f'<form method="post">{hidden(bank="refuse")}<button>Refuse</button></form></div>'
    )


def _closed(world: World, session_id: str) -> Page:
    session = world.need(checkout.KIND, session_id)
    if session["status"] == "complete":
        words = link(_target(session), "Go on")
        return Page(200, frame("You have already paid", f"<p>{words}</p>"))
    words = (
        link(session["cancel_url"], "Back to the site") if session["cancel_url"] else "Go back to the site."
    )
    return Page(200, frame("This page has expired", f"<p>{words}</p>"))
