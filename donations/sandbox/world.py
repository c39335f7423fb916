"""The sandbox's one state: objects, clock, switches, planned faults. Everything happens under its lock."""

import heapq
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from math import floor
from pathlib import Path
from typing import cast

import stripe
from stripe._api_version import _ApiVersion

from donations.sandbox.faults import Faults
from donations.sandbox.fees import FeeTable
from donations.sandbox.refusals import Json, Refused
from donations.sandbox.shapes import shaped
from donations.sandbox.store import Store

API_VERSION: str = _ApiVersion.CURRENT


@dataclass
class Switches:
    """`require_scripts`: the hosted page refuses browsers without scripts, as Stripe's does.
    `late_balance`: a paid charge gets its balance transaction only when settled, as with Stripe under load.
    `rates`: currencies the account does not keep, each with its price in euro; payments are converted.
    `retry_days`: days from each failed try of an invoice to the next; then `after_retries` the subscription
    is canceled, unpaid or left past_due.
    `next_fee`: a part of a fee, as JSON, that the next charge costs in addition.
    """

    require_scripts: bool = False
    late_balance: bool = False
    rates: dict[str, float] = field(default_factory=dict)
    retry_days: tuple[int, ...] = (3, 5, 7)
    after_retries: str = "canceled"
    next_fee: Json | None = None

    def kept_currency(self, currency: str) -> tuple[str, float | None]:
        """The currency of the balance a payment goes to, with the rate of conversion if there is one."""
        rate = self.rates.get(currency)
        return (currency, None) if rate is None else ("eur", rate)

    def converted(self, minor: int, currency: str) -> int:
        """Minor units of the kept currency, rounded half up; every modelled currency has two decimals."""
        rate = self.rates.get(currency)
        return minor if rate is None else floor(minor * Decimal(str(rate)) + Decimal("0.5"))


@dataclass
class Caller:
    """The API call being served, named in the events it causes."""

    request_id: str | None = None
    idempotency_key: str | None = None


@dataclass
class World:
    """State shared by API, hosted page, control and webhooks. Hold `lock` around every use.

    `reminders` is a heap of what falls due; while the agenda works on it the time is `frozen_at`.
    """

    path: Path | None = None
    fees: FeeTable = field(default_factory=FeeTable)
    base_url: str = ""
    switches: Switches = field(default_factory=Switches)
    faults: Faults = field(default_factory=Faults)
    caller: Caller = field(default_factory=Caller)
    caught_up_at: int = 0
    recalled: bool = False
    frozen_at: int | None = None
    reminders: list[tuple[int, int, str, str]] = field(default_factory=list)
    reminded: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock)
    on_event: Callable[[Json], None] = lambda event: None

    def __post_init__(self) -> None:
        self.store = Store(self.path)

    # -- time ------------------------------------------------------------------------------------------------

    @property
    def offset(self) -> int:
        """Seconds that the test clock is ahead of the real one."""
        saved = self.store.get("setting", "clock")
        return int(saved["offset"]) if saved else 0

    def now(self) -> int:
        """The sandbox's time in whole seconds since 1970."""
        if self.frozen_at is not None:
            return self.frozen_at
        return int(time.time()) + self.offset

    def advance(self, seconds: int) -> None:
        """Move the test clock forward; like Stripe's, it never goes back."""
        if seconds < 0:
            raise Refused("The test clock can only be advanced.", param="seconds")
        self.store.put("setting", "clock", {"offset": self.offset + seconds})

    def remind(self, moment: int, job: str, key: str) -> None:
        """Have the agenda do `job` on the object `key` when `moment` has come."""
        self.reminded += 1
        heapq.heappush(self.reminders, (moment, self.reminded, job, key))

    # -- objects ---------------------------------------------------------------------------------------------

    def new_id(self, prefix: str, length: int = 24) -> str:
        """A fresh id in Stripe's form."""
        text = secrets.token_urlsafe(length + 16).replace("-", "").replace("_", "")
        while len(text) < length:
            text += secrets.token_hex(length)
        return prefix + text[:length]

    def keep(self, thing: Json) -> Json:
        """Remember a new or changed Stripe object under its own kind and id."""
        self.store.put(thing["object"], thing["id"], thing)
        return thing

    def find(self, kind: str, key: str | None) -> Json | None:
        """The object, or None."""
        return self.store.get(kind, key) if key else None

    def need(self, kind: str, key: str | None) -> Json:
        """An object that must exist: one written by the sandbox itself."""
        found = self.find(kind, key)
        if found is None:
            raise LookupError(f"the sandbox lost {kind} {key}")
        return found

    def link(self, kind: str, key: str, other: str) -> None:
        """Note that `other` belongs to `key`, so that it is found without a search."""
        self.store.put(kind, key, {"ids": [*self.linked(kind, key), other]})

    def linked(self, kind: str, key: str) -> list[str]:
        """What was linked, oldest first."""
        found = self.store.get(kind, key)
        return list(found["ids"]) if found else []

    # -- events ----------------------------------------------------------------------------------------------

    def emit(self, kind: str, thing: Json, *, previous: Json | None = None) -> Json:
        """Record an event with a snapshot of the object and hand it to the webhooks."""
        # No copy: stored objects are replaced, never changed in place.
        data = {"object": thing}
        if previous is not None:
            data["previous_attributes"] = previous
        event = shaped(
            stripe.Event,
            id=self.new_id("evt_1", 23),
            api_version=API_VERSION,
            created=self.now(),
            data=data,
            livemode=False,
            pending_webhooks=0,
            request={"id": self.caller.request_id, "idempotency_key": self.caller.idempotency_key},
            type=kind,
        )
        self.keep(event)
        self.on_event(event)
        return event


def text(thing: Json, name: str) -> str:
    """A field known to hold text."""
    return cast(str, thing[name])
