"""The HTTP side: one handler for the API, the hosted page and the control."""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, socket
from typing import cast
from urllib.parse import urlsplit

from donations.sandbox import api, pages
from donations.sandbox.faults import CallFault
from donations.sandbox.hosted import Page
from donations.sandbox.pages import Request
from donations.sandbox.refusals import Json
from donations.sandbox.webhooks import Webhooks
from donations.sandbox.world import World

MAX_BODY = 1_000_000
HOSTS = ("127.0.0.1", "localhost")
CRASH_STATUS = {"error_500": 500, "error_409": 409, "error_429": 429}
CRASH_ERROR = {
    "error_500": {"type": "api_error", "message": "An unknown error occurred."},
    "error_409": {
        "type": "idempotency_error",
        "code": "idempotency_key_in_use",
        "message": "There is currently another in-progress request using this Stripe Idempotency Key.",
    },
    "error_429": {
        "type": "invalid_request_error",
        "code": "rate_limit",
        "message": "Request rate limit exceeded.",
    },
}


class Listener(ThreadingHTTPServer):
    """Listens on 127.0.0.1 only; on close it also ends connections that clients keep open."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int, world: World, hooks: Webhooks) -> None:
        self.world, self.hooks = world, hooks
        self.closing = threading.Event()
        self._open: set[socket] = set()
        self._keys: set[str | None] = set()
        self._keys_lock = threading.Lock()
        super().__init__(("127.0.0.1", port), Handler)

    def take(self, key: str | None) -> bool:
        """Whether a call with this idempotency key may begin: not while another with it is being served."""
        with self._keys_lock:
            if key is None or key not in self._keys:
                self._keys.add(key)
                return True
            return False

    def release(self, key: str | None) -> None:
        """The call with this idempotency key has been served."""
        with self._keys_lock:
            self._keys.discard(key)

    def process_request(self, request: socket | tuple[bytes, socket], client_address: object) -> None:
        self._open.add(cast(socket, request))
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket | tuple[bytes, socket]) -> None:
        self._open.discard(cast(socket, request))
        super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news; anything else is."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    def close_all(self) -> None:
        """Stop serving and cut what is still connected."""
        self.closing.set()
        self.shutdown()
        for connection in list(self._open):
            try:
                connection.shutdown(SHUT_RDWR)
            except OSError:
                self._open.discard(connection)
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    """One connection. Nothing is logged: bodies are nobody's business."""

    protocol_version = "HTTP/1.1"
    server: Listener
    timeout = 120
    # Head and body in one packet: in two, the other side's delayed acknowledgement costs 40 ms a call.
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Silence."""

    def do_GET(self) -> None:
        self._serve("")

    def do_DELETE(self) -> None:
        self._serve("")

    def do_POST(self) -> None:
        body = self._body()
        if body is not None:
            self._serve(body)

    def _body(self) -> str | None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > MAX_BODY:
            self.close_connection = True
            self._send_json(
                413, {"error": {"type": "invalid_request_error", "message": "Request too large."}}
            )
            return None
        return self.rfile.read(int(length)).decode("utf-8", "replace")

    def _serve(self, body: str) -> None:
        # Against pages elsewhere that make a browser talk to this machine under another name.
        if self.headers.get("Host", "").rpartition(":")[0] not in HOSTS or self._foreign():
            self._send_json(
                403, {"error": {"type": "invalid_request_error", "message": "Wrong host or origin."}}
            )
            return
        path = urlsplit(self.path).path
        if path.startswith("/v1/"):
            self._serve_api(path, body)
        else:
            with self.server.world.lock:
                is_json = self.headers.get("Content-Type", "").startswith("application/json")
                request = Request(self.command, path, body, is_json)
                page = pages.answer(self.server.world, self.server.hooks, request)
                self.server.world.store.flush()
            self._send_page(page)

    def _foreign(self) -> bool:
        origin = self.headers.get("Origin")
        return origin not in (None, "null") and urlsplit(origin).netloc != self.headers.get("Host")

    # -- the API ---------------------------------------------------------------------------------------------

    def _serve_api(self, path: str, body: str) -> None:
        world = self.server.world
        headers = {name.lower(): value for name, value in self.headers.items()}
        call = api.Call(self.command, path, urlsplit(self.path).query, body, headers)
        key = headers.get("idempotency-key") if self.command == "POST" else None
        if not self.server.take(key):
            self._send_json(409, {"error": CRASH_ERROR["error_409"]})
            return
        try:
            with world.lock:
                fault = world.faults.next_call(path)
                happens = fault is None or fault.when == "after"
                answer = api.answer(world, call) if happens else None
                if fault is not None and fault.keep and fault.how in CRASH_STATUS:
                    api.remember(world, call, CRASH_STATUS[fault.how], {"error": CRASH_ERROR[fault.how]})
                world.store.flush()
        finally:
            self.server.release(key)
        if fault is not None:
            self._break(fault)
        elif answer is not None:
            self._send_json(answer.status, answer.body, answer.headers)

    def _break(self, fault: CallFault) -> None:
        if fault.how in CRASH_STATUS:
            self._send_json(CRASH_STATUS[fault.how], {"error": CRASH_ERROR[fault.how]})
        elif fault.how == "garbage":
            self._send(200, "<html>502 Bad Gateway", {"Content-Type": "text/html"})
        else:
            if fault.how == "hang":
                self.server.closing.wait(fault.seconds)
            self.close_connection = True

    # -- sending ---------------------------------------------------------------------------------------------

    def _send_page(self, page: Page) -> None:
        policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'"
        guards = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": policy,
            "Referrer-Policy": "no-referrer",
        }
        self._send(page.status, page.body, guards | page.headers)

    def _send_json(self, status: int, body: Json, headers: dict[str, str] | None = None) -> None:
        # Without indentation: with it json leaves its fast path and takes as long as all the rest of a call.
        self._send(status, json.dumps(body), {"Content-Type": "application/json", **(headers or {})})

    def _send(self, status: int, body: str, headers: dict[str, str]) -> None:
        raw = body.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)
