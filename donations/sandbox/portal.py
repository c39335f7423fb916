"""The billing portal's page: what a donor can do about monthly gifts without the organisation."""

from html import escape

from donations.sandbox import methods, standing, subscribing
from donations.sandbox.hosted import NEEDS_SCRIPTS, Page, guarded
from donations.sandbox.instruments import INSTRUMENTS
from donations.sandbox.markup import choices, frame, hidden, link, money
from donations.sandbox.refusals import Json
from donations.sandbox.resources.portal import KIND
from donations.sandbox.world import World

LIFE_SECONDS = 3600
GONE = "<p>Go back to the site you came from and start again.</p>"


def show(world: World, session_id: str) -> Page:
    """The customer's subscriptions with what can be done about each."""
    session = _open(world, session_id)
    if session is None:
        return Page(404, frame("No such page", GONE))
    mine = [each for each in world.store.every("subscription") if each["customer"] == session["customer"]]
    back = f"<p>{link(session['return_url'], 'Back')}</p>" if session["return_url"] else ""
    inner = "".join(_box(each) for each in mine) or "<p>Nothing here.</p>"
    return Page(200, frame("Your monthly payments", back + guarded(world, inner)))


def submit(world: World, session_id: str, given: Json) -> Page:
    """Change the card, stop at the end of the period, or go on after all."""
    session = _open(world, session_id)
    made = world.find("subscription", given.get("subscription"))
    if session is None or made is None or made["customer"] != session["customer"]:
        return Page(404, frame("No such page", GONE))
    if world.switches.require_scripts and given.get("scripts") != "on":
        return Page(400, frame("Your monthly payments", f'<p class="box error">{NEEDS_SCRIPTS}</p>'))
    if made["status"] not in standing.ENDED:
        _do(world, made, given)
    return Page(303, "", {"Location": f"/p/session/{session_id}"})


def _do(world: World, made: Json, given: Json) -> None:
    if given.get("card") in INSTRUMENTS:
        instrument = INSTRUMENTS[str(given["card"])]
        method = methods.attach(world, methods.new_method(world, instrument), made["customer"])
        standing.change(world, made, default_payment_method=method["id"])
    elif given.get("do") in ("stop", "go_on"):
        stop = given["do"] == "stop"
        end = made["items"]["data"][0]["current_period_end"] if stop else None
        asked = world.now() if stop else None
        made = standing.change(world, made, cancel_at_period_end=stop, cancel_at=end, canceled_at=asked)
        subscribing.remind(world, made)


def _open(world: World, session_id: str) -> Json | None:
    session = world.find(KIND, session_id)
    return session if session and session["created"] > world.now() - LIFE_SECONDS else None


def _box(made: Json) -> str:
    price = made["items"]["data"][0]["price"]
    recurring = price["recurring"]
    words = f"{money(price['unit_amount'], price['currency'])} each {recurring['interval']}, {made['status']}"
    if made["status"] in standing.ENDED:
        return f"<div class='box'><p>{escape(words)}</p></div>"
    ending = made["cancel_at_period_end"]
    key = hidden(subscription=made["id"])
    toggle = hidden(do="go_on" if ending else "stop")
    label = "Go on after all" if ending else "Stop at the end of the period"
    return (
        f"<div class='box'><p>{escape(words)}</p>"
        f'<form method="post">{key}{toggle}<button>{label}</button></form>'
        f'<form method="post">{key}<fieldset><legend>New card or account</legend>'
        f"{choices(list(INSTRUMENTS.values()))}</fieldset><button>Change</button></form></div>"
    )
