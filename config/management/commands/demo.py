"""A whole installation with invented people, for a look around."""

import shutil
import socket
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from config.demo import story
from config.demo.processes import Ended, Process, run_together
from vault import keyfile
from vault.router import KEYS


class Command(BaseCommand):
    help = "Make demo data through the real actions, then run the site, a worker and the payment sandbox."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="of the site; the sandbox takes port + 10")
        parser.add_argument("--size", choices=["small", "large"], default="small")
        parser.add_argument("--no-serve", action="store_true", help="make the data and stop")
        parser.add_argument("--reset", action="store_true", help="throw the demo's data away and begin anew")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demo needs DEBUG=1: everybody knows its sign-ins.", returncode=2)
        if options["reset"]:
            self._reset()
        self._prepare(options["size"])
        self.stdout.write("")
        self.stdout.write(story.sign_ins())
        if options["no_serve"]:
            return
        self._serve(options["port"])

    def _reset(self) -> None:
        marked = settings.DATA_DIR / "demo"
        if not marked.exists() and any(settings.DATA_DIR.glob("*.sqlite3")):
            raise CommandError(
                f"{settings.DATA_DIR} was not made by the demo; nothing was thrown away.", returncode=2
            )
        self.stdout.write("Throwing the old demo away")
        shutil.rmtree(settings.DATA_DIR, ignore_errors=True)
        settings.KEY_FILE.parent.mkdir(parents=True, exist_ok=True, mode=0o700)

    def _prepare(self, size: str) -> None:
        if not settings.KEY_FILE.exists():
            self.stdout.write("Making keys")
            keyfile.create(Path(settings.KEY_FILE))
        self.stdout.write("Preparing the database")
        call_command("migrate", verbosity=0)
        call_command("migrate", database=KEYS, verbosity=0)
        marked = settings.DATA_DIR / "demo"
        if marked.exists():
            self.stdout.write(f"Demo data is there ({marked.read_text().strip()}); --reset makes it anew")
            return
        if User.objects.exists():
            raise CommandError("This database has people in it. The demo wants an empty one.", returncode=2)
        self.stdout.write(f"Making demo data, size {size}: invented people, real actions")
        story.make(size, say=self.stdout.write)
        marked.write_text(f"size {size}\n")

    def _serve(self, port: int) -> None:
        sandbox = port + 10
        for taken in (port, sandbox):
            if _is_taken(taken):
                raise CommandError(
                    f"Port {taken} is taken. Choose another: make demo ARGS='--port 8100'.", returncode=2
                )
        site = f"http://127.0.0.1:{port}"
        environment = {"STRIPE_BASE_URL": f"http://127.0.0.1:{sandbox}", "SITE_URL": site}
        processes = [
            Process(
                "sandbox",
                ("payment_sandbox", "--port", str(sandbox), "--webhook-url", f"{site}/hooks/stripe/",
                 "--state", str(settings.DATA_DIR / "sandbox.sqlite3")),
            ),
            Process("worker", ("db_worker", "--interval", "0.5", "--no-reload", "-v", "0")),
            Process("clock", ("tick", "--every", "60")),
            Process("site", ("runserver", "--noreload", str(port))),
        ]  # fmt: skip
        self.stdout.write(f"\nSite:     {site}/en/   (staff: {site}/desk/)")
        self.stdout.write(f"Payments: http://127.0.0.1:{sandbox}/sandbox/   (the sandbox's control page)")
        self.stdout.write("Ctrl-C ends all of it.\n")
        self.stdout.flush()
        try:
            run_together(processes, environment=environment, say=self.stdout.write)
        except Ended as ended:
            raise CommandError(f"{ended}. The others were stopped too.") from None


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
