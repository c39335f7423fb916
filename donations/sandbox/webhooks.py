"""Deliver events as Stripe does: signed, at least once, in no promised order, tried again for days."""

import hashlib
import hmac
import http.client
import json
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from donations.sandbox.faults import HookFault
from donations.sandbox.refusals import Json, Refused
from donations.sandbox.world import World

# Seconds after each failed try; Stripe tries for about three days.
RETRIES = (5, 60, 600, 3600, 2 * 3600, 6 * 3600, 12 * 3600, 24 * 3600, 24 * 3600)
HELD = 2**53
SKEW = 3600
LOOPBACK = ("127.0.0.1", "localhost", "::1")


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
    """The one endpoint events go to. Two secrets are active while a secret is being rotated."""

    def __init__(self, world: World, url: str | None, secret: str) -> None:
        self.world, self.secrets, self.timeout = world, [secret], 10.0
        self.url: str | None = None
        self._waiting = {str(d["number"]) for d in world.store.every("delivery") if not d["done"]}
        if url:
            self.aim(url)

    def aim(self, url: str) -> None:
        """Send to this address from now on. Only this machine: raises Refused for any other."""
        parts = urlsplit(url)
        if parts.scheme != "http" or parts.hostname not in LOOPBACK:
            raise Refused(
                "The sandbox delivers webhooks to this machine only (http://127.0.0.1:…).", param="url"
            )
        self.url = url

    def rotate(self, secret: str, *, keep_old: bool = True) -> None:
        """A new signing secret; with `keep_old` both sign, as in Stripe's rotation period."""
        self.secrets = [secret, *self.secrets[:1]] if keep_old else [secret]

    @property
    def waiting(self) -> int:
        """Deliveries neither accepted nor given up."""
        return len(self._waiting)

    # -- queueing --------------------------------------------------------------------------------------------

    def queue(self, event: Json, manner: str = "") -> None:
        """Plan the delivery of an event, spoiled by the next planned fault. No address, no delivery."""
        if self.url is None:
            return
        fault = None if manner else self.world.faults.next_hook()
        if fault is None:
            self._plan(event, manner=manner)
            return
        self._spoil(event, fault)

    def _spoil(self, event: Json, fault: HookFault) -> None:
        match fault.how:
            case "drop":
                return
            case "double":
                self._plan(event)
                self._plan(event)
            case "delay":
                self._plan(event, wait=int(fault.seconds))
            case "reorder":
                self._hold(event, fault)
            case _:
                self._plan(event, manner=fault.how)

    def _plan(self, event: Json, *, wait: int = 0, manner: str = "") -> Json:
        number = self.world.store.count("delivery") + 1
        delivery = {
            "number": number,
            "event": event["id"],
            "due": self.world.now() + wait,
            "order": number,
            "tries": 0,
            "done": False,
            "last_status": None,
            "manner": manner,
        }
        self.world.store.put("delivery", str(number), delivery)
        self._waiting.add(str(number))
        return delivery

    def _hold(self, event: Json, fault: HookFault) -> None:
        delivery = self._plan(event, wait=HELD)
        fault.held.append(str(delivery["number"]))
        if fault.times <= 0:
            self._release(fault.held)

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
            body, signature = self._letter(event, delivery["manner"])
        status = _post(self.url or "", body, signature, self.timeout)
        attempt = Attempt(event["id"], event["type"], status)
        with self.world.lock:
            self._note(delivery, attempt)
            self.world.store.flush()
        return attempt

    def _note(self, delivery: Json, attempt: Attempt) -> None:
        tries = delivery["tries"] + 1
        given_up = tries > len(RETRIES)
        wait = 0 if attempt.accepted or given_up else RETRIES[tries - 1]
        # A retry carries the right body: the spoiled one was the network's or an attacker's doing.
        self._change(
            delivery,
            tries=tries,
            done=attempt.accepted or given_up,
            last_status=attempt.status,
            due=self.world.now() + wait,
            manner="",
        )

    def _letter(self, event: Json, manner: str) -> tuple[bytes, str]:
        body = json.dumps(event, indent=2).encode()
        skew = {"stale": -SKEW, "future": SKEW}.get(manner, 0)
        secrets = ["whsec_of_somebody_else"] if manner == "forge" else self.secrets
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
