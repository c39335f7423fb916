"""The sandbox's one state: objects, clock, switches, planned faults. Everything happens under its lock."""

import secrets
import string
import threading
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
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
LETTERS = string.ascii_letters + string.digits


@dataclass
class Switches:
    """`require_scripts`: the hosted page refuses browsers without scripts, as Stripe's does.
    `late_balance`: a paid charge gets its balance transaction only when settled, as with Stripe under load.
    """

    require_scripts: bool = False
    late_balance: bool = False


@dataclass
class Caller:
    """The API call being served, named in the events it causes."""

    request_id: str | None = None
    idempotency_key: str | None = None


@dataclass
class World:
    """State shared by API, hosted page, control and webhooks. Hold `lock` around every use."""

    path: Path | None = None
    fees: FeeTable = field(default_factory=FeeTable)
    base_url: str = ""
    switches: Switches = field(default_factory=Switches)
    faults: Faults = field(default_factory=Faults)
    caller: Caller = field(default_factory=Caller)
    caught_up_at: int = 0
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
        return int(time.time()) + self.offset

    def advance(self, seconds: int) -> None:
        """Move the test clock forward; like Stripe's, it never goes back."""
        if seconds < 0:
            raise Refused("The test clock can only be advanced.", param="seconds")
        self.store.put("setting", "clock", {"offset": self.offset + seconds})

    # -- objects ---------------------------------------------------------------------------------------------

    def new_id(self, prefix: str, length: int = 24) -> str:
        """A fresh id in Stripe's form."""
        return prefix + "".join(secrets.choice(LETTERS) for _ in range(length))

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

    # -- events ----------------------------------------------------------------------------------------------

    def emit(self, kind: str, thing: Json, *, previous: Json | None = None) -> Json:
        """Record an event with a snapshot of the object and hand it to the webhooks."""
        data = {"object": deepcopy(thing)}
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
