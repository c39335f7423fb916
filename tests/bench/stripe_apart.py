"""The payment sandbox in a process of its own, so that a bench measures the app alone.

Each line on its input is the id of a payment page to pay; "events" prints what happened so far, as JSON.
"""

import json
import subprocess
import sys
from typing import Any


class StripeApart:
    """The handle of the other process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.stripe_apart"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.base_url = self._line()

    def pay(self, session_id: str) -> None:
        """Pay with a card that works."""
        self._say(session_id)
        assert self._line() == "paid"

    def events(self) -> list[dict[str, Any]]:
        """Everything that happened, oldest first."""
        self._say("events")
        found: list[dict[str, Any]] = json.loads(self._line())
        return found

    def stop(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)

    def _say(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def main() -> None:
    """Run the sandbox until the input ends."""
    from donations.sandbox.server import Sandbox

    with Sandbox() as sandbox:
        print(sandbox.base_url, flush=True)
        for line in sys.stdin:
            if line.strip() == "events":
                print(json.dumps(sandbox.events()), flush=True)
            else:
                sandbox.pay(line.strip())
                print("paid", flush=True)


if __name__ == "__main__":
    main()
