"""`manage.py payment_sandbox`: Stripe's HTTP API on this machine, for development and the demo."""

import signal
import sqlite3
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from donations.sandbox.refusals import Refused
from donations.sandbox.server import PORT, SECRET, Sandbox


class Command(BaseCommand):
    """Runs until Ctrl-C or SIGTERM. Needs no database."""

    help = "Run the payment sandbox: a local stand-in for Stripe on 127.0.0.1 (see docs/sandbox.md)."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=PORT, help=f"port on 127.0.0.1 (default {PORT})")
        parser.add_argument(
            "--webhook-url", default=None, help="where events go, e.g. http://127.0.0.1:8000/hooks/stripe/"
        )
        parser.add_argument("--secret", default=SECRET, help="signing secret of the webhooks")
        parser.add_argument("--state", type=Path, default=None, help="file that keeps the state between runs")
        parser.add_argument(
            "--require-scripts", action="store_true", help="payment page needs scripts, as Stripe's does"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Start, say where, wait, stop."""
        sandbox = self._sandbox(options)
        stop = threading.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda number, frame: stop.set())
        try:
            sandbox.start()
        except OSError as error:
            raise CommandError(
                f"Port {options['port']} on 127.0.0.1 cannot be used ({error.strerror}). "
                "Stop the program that has it, or choose another with --port."
            ) from error
        if options["require_scripts"]:
            sandbox.control("switch", require_scripts=True)
        self._tell(sandbox)
        stop.wait()
        sandbox.stop()
        self.stdout.write("Payment sandbox stopped.")

    def _sandbox(self, options: dict[str, Any]) -> Sandbox:
        try:
            return Sandbox(
                options["port"],
                webhook_url=options["webhook_url"],
                secret=options["secret"],
                path=options["state"],
                background=True,
            )
        except Refused as refusal:
            raise CommandError(refusal.message, returncode=2) from refusal
        except sqlite3.Error as error:
            raise CommandError(
                f"The file given with --state cannot be used ({error}). Give the path of a file in a "
                "directory that exists, made by this command or not there yet.",
                returncode=2,
            ) from error

    def _tell(self, sandbox: Sandbox) -> None:
        self.stdout.write(f"Payment sandbox: {sandbox.base_url}  control page: {sandbox.base_url}/sandbox/")
        self.stdout.write(f"Webhooks go to: {sandbox.webhooks.url or 'nowhere (give --webhook-url)'}")
        self.stdout.flush()
