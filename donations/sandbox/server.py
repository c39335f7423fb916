"""The sandbox as one thing to start and stop, for the command and for tests."""

import threading
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from donations.sandbox import control, hosted, paying
from donations.sandbox.agenda import catch_up
from donations.sandbox.fees import FeeTable
from donations.sandbox.http import Listener
from donations.sandbox.refusals import Json
from donations.sandbox.webhooks import Attempt, Webhooks
from donations.sandbox.world import World

PORT = 8010
SECRET = "whsec_sandbox"  # noqa: S105 - known to everybody, opens nothing
BEAT_SECONDS = 0.2
POLL_SECONDS = 0.05


class Sandbox:
    """A Stripe of our own on 127.0.0.1.

    `port=0` takes a free one. With `background` webhooks go out by themselves; without it they wait for
    `deliver()`, so that a test decides when. `path` is an SQLite file that keeps the state between runs.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        webhook_url: str | None = None,
        secret: str = SECRET,
        path: Path | None = None,
        fees: FeeTable | None = None,
        background: bool = False,
    ) -> None:
        self.world = World(path=path, fees=fees or FeeTable())
        self.webhooks = Webhooks(self.world, webhook_url, secret)
        self.world.on_event = self.webhooks.queue
        self._port, self._background = port, background
        self._listener: Listener | None = None
        self._threads: list[threading.Thread] = []
        self._stopping = threading.Event()

    # -- life ------------------------------------------------------------------------------------------------

    def start(self) -> Self:
        """Listen, in threads of this process. Raises OSError when the port is taken."""
        self._listener = Listener(self._port, self.world, self.webhooks)
        self.world.base_url = f"http://127.0.0.1:{self._listener.server_address[1]}"
        serve = partial(self._listener.serve_forever, poll_interval=POLL_SECONDS)
        jobs = {"sandbox-http": serve} | ({"sandbox-webhooks": self._beat} if self._background else {})
        for name, job in jobs.items():
            thread = threading.Thread(target=job, daemon=True, name=name)
            self._threads.append(thread)
            thread.start()
        return self

    def stop(self) -> None:
        """End everything and write what is left. May be called twice."""
        self._stopping.set()
        if self._listener is not None:
            self._listener.close_all()
            self._listener = None
        for thread in self._threads:
            thread.join(timeout=15)
        self._threads.clear()
        with self.world.lock:
            self.world.store.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _beat(self) -> None:
        while not self._stopping.wait(BEAT_SECONDS):
            with self.world.lock:
                catch_up(self.world)
            self.webhooks.deliver_due()

    # -- handles for tests -----------------------------------------------------------------------------------

    @property
    def base_url(self) -> str:
        """Where the SDK's client is to be pointed."""
        return self.world.base_url

    @property
    def secret(self) -> str:
        """The newest signing secret of the webhooks."""
        return self.webhooks.secrets[0]

    def pay(self, session_id: str, card: str = "ok", *, bank: bool | None = None) -> paying.Step:
        """Pay as the hosted page would; `card` is a name in `instruments.INSTRUMENTS`.

        `bank` answers the confirmation that the card "authentication" asks for; None leaves it waiting.
        """
        with self.world.lock:
            catch_up(self.world)
            step = paying.pay(self.world, session_id, card)
            if step == "authentication" and bank is not None:
                step = paying.authenticate(self.world, session_id, approved=bank)
            self.world.store.flush()
            return step

    def page(self, session_id: str) -> hosted.Page:
        """The hosted page as a browser would get it."""
        with self.world.lock:
            return hosted.show(self.world, session_id)

    def deliver(self) -> list[Attempt]:
        """Try every webhook that is due, now and in this thread."""
        return self.webhooks.deliver_due()

    def control(self, do: str, **order: object) -> Json:
        """Pull a lever, as `POST /sandbox/control` does."""
        with self.world.lock:
            answer = control.pull(self.world, self.webhooks, {"do": do, **order})
            self.world.store.flush()
            return answer

    def settle(self) -> int:
        """Let the banks answer; how many payments that decided."""
        return int(self.control("settle")["settled"])

    def advance(self, seconds: int) -> None:
        """Move the test clock."""
        self.control("advance_clock", seconds=seconds)

    def events(self, kind: str | None = None) -> list[Json]:
        """Everything that happened, oldest first."""
        with self.world.lock:
            return [event for event in self.world.store.every("event") if kind in (None, event["type"])]
