"""Starting, stopping, remembering; and what the gateway tells about the machine it runs on."""

import http.server
import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import stripe

from donations.sandbox.server import Sandbox
from donations.stripe_gateway import Gateway, GatewayUnavailable
from tests.sandbox.browsing import browse
from tests.sandbox.conftest import Receiver
from tests.sandbox.gifts import open_checkout

RUN = """
import sys
from django.conf import settings
settings.configure()
from donations.management.commands.payment_sandbox import Command
Command().run_from_argv(["manage.py", "payment_sandbox", *sys.argv[1:]])
"""


def test_state_is_kept_between_runs(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.sqlite3"
    with Sandbox(path=file) as first:
        gateway = Gateway("sk_test_x", first.base_url)
        session = open_checkout(gateway)
        first.pay(session.id)
        paid = gateway.fetch_payment(gateway.fetch_checkout(session.id).payment_intent_id or "")
        first.advance(60)
        gateway.close()
    with Sandbox(path=file) as second:
        gateway = Gateway("sk_test_x", second.base_url)
        assert gateway.fetch_checkout(session.id).status == "complete"
        assert gateway.fetch_payment(paid.id) == paid
        assert open_checkout(gateway).id == session.id
        assert [e["type"] for e in second.events()] == [e["type"] for e in first.events()]
        assert second.control("state")["offset_seconds"] == 60
        gateway.close()


def test_webhooks_not_yet_sent_go_out_after_a_restart(tmp_path: Path, receiver: Receiver) -> None:
    file = tmp_path / "sandbox.sqlite3"
    with Sandbox(path=file, webhook_url=receiver.url) as first:
        gateway = Gateway("sk_test_x", first.base_url)
        first.pay(open_checkout(gateway).id)
        gateway.close()
    assert receiver.letters == []
    with Sandbox(path=file, webhook_url=receiver.url) as second:
        assert [attempt.accepted for attempt in second.deliver()] == [True] * 5
    assert len(receiver.letters) == 5


def start(*words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", "-c", RUN, *words]
    root = Path(__file__).parents[2]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_command_serves_until_it_is_told_to_stop(number: signal.Signals, tmp_path: Path) -> None:
    with start("--port", "0", "--state", str(tmp_path / "s"), "--require-scripts") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        line = process.stdout.readline()
        base = line.split()[2]
        assert browse(f"{base}/sandbox/").status == 200
        assert '"require_scripts": true' in browse(f"{base}/sandbox/control").body
        process.send_signal(number)
        assert "stopped" in process.stdout.read()
        assert process.wait(timeout=20) == 0
        assert process.stderr.read() == ""


def test_command_says_what_is_wrong(tmp_path: Path) -> None:
    with Sandbox() as taken, start("--port", taken.base_url.rpartition(":")[2]) as process:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 1
        assert "--port" in errors
    with start("--port", "0", "--webhook-url", "http://example.org/") as process:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 2
        assert "this machine only" in errors
    with start("--port", "0", "--state", str(tmp_path / "absent" / "file")) as process:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 2
        assert "--state" in errors


@pytest.fixture
def witness() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A server that writes down the headers it gets and answers with a redirect to itself."""
    seen: list[dict[str, str]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(dict(self.headers.items()))
            self.send_response(302)
            self.send_header("Location", "/stolen")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", seen
    server.shutdown()
    thread.join()
    server.server_close()


def test_stripe_learns_nothing_about_this_machine(
    witness: tuple[str, list[dict[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENCODE", "1")
    base, seen = witness
    gateway = Gateway("sk_test_x", base, max_network_retries=0)
    for _ in range(2):
        with pytest.raises(GatewayUnavailable):
            gateway.fetch_checkout("cs_test_1")
    gateway.close()
    assert len(seen) == 2, "a redirect was followed"
    for headers in seen:
        assert headers["User-Agent"] == f"Stripe/v1 PythonBindings/{stripe.VERSION}"
        assert not {"X-Stripe-Client-User-Agent", "X-Stripe-Client-Telemetry", "Cookie"} & headers.keys()


def test_connections_are_used_again(gateway: Gateway, sandbox: Sandbox) -> None:
    session = open_checkout(gateway)
    for _ in range(5):
        gateway.fetch_checkout(session.id)
    assert sandbox._listener is not None
    assert len(sandbox._listener._open) == 1


def test_no_body_is_logged(
    gateway: Gateway, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    open_checkout(gateway, product_name="mark-in-name", client_reference="mark-in-reference")
    written = caplog.text + "".join(capfd.readouterr())
    assert "mark-in" not in written
    assert "sk_test_of_nobody" not in written


def test_stripe_log_in_the_environment_prints_no_body() -> None:
    code = (
        "from donations.sandbox.server import Sandbox\n"
        "from donations.stripe_gateway import Gateway\n"
        "from tests.sandbox.gifts import open_checkout\n"
        "with Sandbox() as s:\n"
        "    g = Gateway('sk_test_x', s.base_url)\n"
        "    open_checkout(g, product_name='mark-in-name')\n"
        "    g.close()\n"
    )
    root = Path(__file__).parents[2]
    environment = {"STRIPE_LOG": "debug", "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=root, env=environment, check=True
    )
    assert "mark-in-name" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("key", "base"),
    [
        ("sk_live_x", "http://127.0.0.1:1"),
        ("rk_live_x", "https://example.org"),
        ("sk_test_x", "http://example.org"),
        ("sk_test_x", "ftp://127.0.0.1"),
    ],
)
def test_key_and_address_must_fit(key: str, base: str) -> None:
    with pytest.raises(ValueError, match=r"test key|address"):
        Gateway(key, base)
    Gateway("sk_live_x").close()
