"""`manage.py stripe_parity`: is the payment sandbox like Stripe? The same calls to both, and a table."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from donations.sandbox import parity
from donations.sandbox.server import Sandbox

KEY = "STRIPE_TEST_KEY"


class Command(BaseCommand):
    """Needs no database. Without a key nothing leaves this machine."""

    help = (
        "Run one script of calls against the payment sandbox and against Stripe's test mode, and compare the "
        f"shapes of answers and the refusals. Stripe's side needs a test key in the environment ({KEY}); it "
        "makes a product, a price, a customer and unpaid sessions there. Without a key, compare with a "
        "recording (--against), or the sandbox with itself: that proves the script, nothing about Stripe. "
        "Payments cannot be compared: only a person can use Stripe's page."
    )
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--record", type=Path, help="write what the other side answered to this file")
        parser.add_argument("--against", type=Path, help="compare with a recording instead of calling Stripe")

    def handle(self, *args: Any, **options: Any) -> None:
        """Play, compare, print; exit status 1 when something differs."""
        with Sandbox() as sandbox:
            ours = parity.play_at("sk_test_parity", sandbox.base_url)
            theirs, side = self._other(options["against"], sandbox.base_url)
        if options["record"]:
            options["record"].write_text(json.dumps(theirs, indent=1, sort_keys=True) + "\n")
        found = parity.compare(ours, theirs)
        for each in found:
            self.stdout.write(f"{'differs' if each.what else 'same':8} {each.call}")
            self.stdout.writelines(f"           {line}" for line in each.what)
        different = sum(bool(each.what) for each in found)
        self.stdout.write(f"{len(found)} calls, {different} differ. Compared with: {side}.")
        if different:
            raise CommandError("The sandbox is not like the other side.", returncode=1)

    def _other(self, recording: Path | None, base_url: str) -> tuple[dict[str, parity.Seen], str]:
        if recording is not None:
            try:
                return json.loads(recording.read_text()), "a recording"
            except (OSError, ValueError) as error:
                raise CommandError(f"The recording cannot be read: {error}", returncode=2) from error
        key = os.environ.get(KEY, "")
        if not key:
            side = f"the sandbox itself (no {KEY}): nothing about Stripe"
            return parity.play_at("sk_test_parity", base_url), side
        if not key.startswith(("sk_test_", "rk_test_")):
            raise CommandError(f"{KEY} is not a key of test mode.", returncode=2)
        return parity.play_at(key, None), "Stripe's test mode"
