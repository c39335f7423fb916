"""The sandbox with the real SDK in front of it and a receiver of webhooks behind it, all on loopback."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests
import stripe

from donations.sandbox.server import Sandbox
from donations.stripe_gateway import Gateway

KEY = "sk_test_of_nobody"


class Receiver:
    """A webhook endpoint: keeps what it got, answers `status`."""

    def __init__(self) -> None:
        self.status = 200
        self.letters: list[tuple[bytes, str]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.letters.append((body, self.headers["Stripe-Signature"]))
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hooks/stripe/"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def sandbox(receiver: Receiver) -> Iterator[Sandbox]:
    with Sandbox(webhook_url=receiver.url) as made:
        yield made


@pytest.fixture
def gateway(sandbox: Sandbox) -> Iterator[Gateway]:
    made = Gateway(KEY, sandbox.base_url, timeout=2.0, max_network_retries=0)
    yield made
    made.close()


@pytest.fixture
def patient(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    """A gateway that retries, as in production, without waiting between the tries."""
    monkeypatch.setattr(stripe.HTTPClient, "_sleep_time_seconds", lambda self, tries: 0.0)
    made = Gateway(KEY, sandbox.base_url, timeout=2.0, max_network_retries=2)
    yield made
    made.close()


@pytest.fixture
def sdk(sandbox: Sandbox) -> Iterator[stripe.StripeClient]:
    """The SDK itself, for what the gateway never asks."""
    session = requests.Session()
    http = stripe.RequestsClient(timeout=5, session=session)
    yield stripe.StripeClient(
        KEY, base_addresses={"api": sandbox.base_url}, http_client=http, max_network_retries=0
    )
    session.close()
