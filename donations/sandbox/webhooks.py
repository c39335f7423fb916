"""Deliver events as Stripe does: signed, at least once, in no promised order, tried again for days."""

import hashlib
import hmac
import http.client
import json
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from donations.sandbox import receivers
from donations.sandbox.faults import HookFault
from donations.sandbox.refusals import Json
from donations.sandbox.world import World

# Seconds after each failed try; Stripe tries for about three days.
RETRIES = (5, 60, 600, 3600, 2 * 3600, 6 * 3600, 12 * 3600, 24 * 3600, 24 * 3600)
HELD = 2**53
SKEW = 3600


@dataclass(frozen=True)
class Attempt:
    """One try to deliver: the receiver's HTTP status, None when there was no answer."""

    event_id: str
    event_type: str
    status: int | None

    @property
    def accepted(self) -> bool:
        """Only 2xx counts; a redirect does not."""
        return self.status is not None and 200 <= self.status < 300


class Webhooks:
    """Sends events to the endpoints that want them.

    One endpoint is the main one: that of the command's `--webhook-url`, which the levers aim and whose secret
    they rotate. The others are made by the API.
    """

    def __init__(self, world: World, url: str | None, secret: str) -> None:
        self.world, self.timeout, self._secret = world, 10.0, secret
        self._waiting = {str(d["number"]) for d in world.store.every("delivery") if not d["done"]}
        if url:
            self.aim(url)
            self.rotate(secret, keep_old=False)

    @property
    def _main(self) -> Json | None:
        named = self.world.store.get("setting", "main_hook")
        return self.world.find(receivers.KIND, named["id"]) if named else None

    @property
    def url(self) -> str | None:
        """Where the main endpoint is."""
        return self._main["url"] if self._main else None

    @property
    def secrets(self) -> list[str]:
        """The main endpoint's active secrets, newest first; two while one is being rotated."""
        return receivers.secrets_of(self.world, self._main) if self._main else [self._secret]

    def aim(self, url: str) -> None:
        """The main endpoint is there from now on. Only this machine: raises Refused for any other."""
        receivers.check_address(url)
        if self._main is None:
            made = receivers.add(self.world, url, self._secret, ["*"])
            self.world.store.put("setting", "main_hook", {"id": made["id"]})
        else:
            self.world.keep(self._main | {"url": url})

    def rotate(self, secret: str, *, keep_old: bool = True) -> None:
        """A new signing secret; with `keep_old` both sign, as in Stripe's rotation period."""
        self._secret = secret
        if self._main is not None:
            receivers.roll(self.world, self._main, secret, keep_old=keep_old)

    @property
    def waiting(self) -> int:
        """Deliveries neither accepted nor given up."""
        return len(self._waiting)

    # -- queueing --------------------------------------------------------------------------------------------

    def queue(self, event: Json, manner: str = "") -> None:
        """Plan the delivery of an event, spoiled by the next planned fault. No endpoint, no delivery."""
        wanting = receivers.wanting(self.world, event)
        fault = None if manner or not wanting else self.world.faults.next_hook()
        for endpoint in wanting:
            if fault is None:
                self._plan(event, endpoint, manner=manner)
            else:
                self._spoil(event, endpoint, fault)
        if fault is not None and fault.how == "reorder" and fault.times <= 0:
            self._release(fault.held)

    def _spoil(self, event: Json, endpoint: Json, fault: HookFault) -> None:
        match fault.how:
            case "drop":
                return
            case "double":
                self._plan(event, endpoint)
                self._plan(event, endpoint)
            case "delay":
                self._plan(event, endpoint, wait=int(fault.seconds))
            case "reorder":
                fault.held.append(str(self._plan(event, endpoint, wait=HELD)["number"]))
            case _:
                self._plan(event, endpoint, manner=fault.how)

    def _plan(self, event: Json, endpoint: Json, *, wait: int = 0, manner: str = "") -> Json:
        number = self.world.store.count("delivery") + 1
        delivery = {
            "number": number,
            "event": event["id"],
            "endpoint": endpoint["id"],
            "due": self.world.now() + wait,
            "order": number,
            "tries": 0,
            "done": False,
            "accepted": False,
            "last_status": None,
            "manner": manner,
        }
        self.world.store.put("delivery", str(number), delivery)
        self.world.link("deliveries_of", event["id"], str(number))
        self._waiting.add(str(number))
        return delivery

    def _release(self, numbers: list[str]) -> None:
        held = [d for d in (self.world.store.get("delivery", n) for n in numbers) if d is not None]
        for order, delivery in zip(reversed([d["order"] for d in held]), held, strict=True):
            self._change(delivery, due=self.world.now(), order=order)

    def release_held(self) -> int:
        """Let go what waits for reordering, last first; answers how many."""
        waiting = [str(d["number"]) for d in sorted(self._open(), key=_order) if d["due"] >= HELD]
        self._release(waiting)
        return len(waiting)

    def _change(self, delivery: Json, **changes: object) -> None:
        number = str(delivery["number"])
        self.world.store.put("delivery", number, delivery | changes)
        if changes.get("done"):
            self._waiting.discard(number)

    def _open(self) -> list[Json]:
        return [d for d in (self.world.store.get("delivery", n) for n in self._waiting) if d is not None]

    # -- sending ---------------------------------------------------------------------------------------------

    def deliver_due(self) -> list[Attempt]:
        """Try every delivery whose time has come, once. The world's lock is not held while sending."""
        with self.world.lock:
            now = self.world.now()
            ready = sorted((d for d in self._open() if d["due"] <= now), key=_order)
            numbers = [str(d["number"]) for d in ready]
        return [self._try(number) for number in numbers]

    def _try(self, number: str) -> Attempt:
        with self.world.lock:
            delivery = self.world.store.get("delivery", number) or {}
            event = self.world.need("event", delivery["event"])
            endpoint = self.world.find(receivers.KIND, delivery["endpoint"])
            body, signature = self._letter(event, endpoint, delivery["manner"])
        status = _post(endpoint["url"], body, signature, self.timeout) if endpoint else None
        attempt = Attempt(event["id"], event["type"], status)
        with self.world.lock:
            self._note(delivery, attempt, gone=endpoint is None)
            self.world.store.flush()
        return attempt

    def _note(self, delivery: Json, attempt: Attempt, *, gone: bool) -> None:
        tries = delivery["tries"] + 1
        given_up = gone or tries > len(RETRIES)
        wait = 0 if attempt.accepted or given_up else RETRIES[tries - 1]
        # A retry carries the right body: the spoiled one was the network's or an attacker's doing.
        self._change(
            delivery,
            tries=tries,
            done=attempt.accepted or given_up,
            accepted=attempt.accepted,
            last_status=attempt.status,
            due=self.world.now() + wait,
            manner="",
        )

    def _letter(self, event: Json, endpoint: Json | None, manner: str) -> tuple[bytes, str]:
        body = json.dumps(event).encode()
        skew = {"stale": -SKEW, "future": SKEW}.get(manner, 0)
        own = receivers.secrets_of(self.world, endpoint) if endpoint else []
        secrets = ["whsec_of_somebody_else"] if manner == "forge" else own
        # Signed in real time even when the test clock is ahead: the receiver's clock is real.
        signature = sign(body, secrets, int(time.time()) + skew)
        if manner == "corrupt":
            body = body.replace(b'"livemode"', b'"livemood"', 1)
        return body, signature


def _order(delivery: Json) -> tuple[int, int]:
    return delivery["due"], delivery["order"]


def sign(body: bytes, secrets: list[str], stamp: int) -> str:
    """The `Stripe-Signature` header: one v1 for each active secret."""
    signed = str(stamp).encode() + b"." + body
    parts = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={stamp}", *(f"v1={part}" for part in parts)])


def _post(url: str, body: bytes, signature: str, timeout: float) -> int | None:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=timeout)
    headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signature}
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path or "/", body, headers | {"User-Agent": "Stripe/1.0 (sandbox)"})
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    return response.status
