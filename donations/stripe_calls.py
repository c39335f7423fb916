"""What all calls of the gateway rest on: one client, and one way to ask it."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

Answer = TypeVar("Answer")


class Ask(Protocol):
    """Carries out one call; what Stripe's SDK raises becomes a GatewayError."""

    def __call__(self, call: Callable[[], Answer]) -> Answer:
        """The call's answer. Raises GatewayError."""


class StripeCalls:
    """The ground under the gateway and its parts; see donations/stripe_gateway.py.

    ``client`` is the SDK's, which only the gateway's own module may name.
    """

    def __init__(self, client: Any, ask: Ask) -> None:
        self._client = client
        self._ask = ask
