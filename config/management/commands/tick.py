"""Time-driven work, once a minute."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from config import heartbeat
from config.clockwork import JOBS, run_due


class Command(BaseCommand):
    help = "Do what is due: waiting hints, open payments, batches to close, stuck tasks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, metavar="SECONDS", help="keep on, with this pause between")

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            for name, outcome in run_due(JOBS, at=timezone.now()):
                if outcome:
                    self.stdout.write(f"{name}: {outcome}")
            heartbeat.beat(timezone.now())
            if not options["every"]:
                return
            time.sleep(options["every"])
