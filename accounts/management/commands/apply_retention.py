"""Apply the table of retention."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from accounts.retention import applying, document
from audit.actors import SYSTEM


class Command(BaseCommand):
    help = "Delete, forget or erase what is over by the table in docs/retention.md. The tick does it nightly."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--table", action="store_true", help="print the table as docs/retention.md")
        parser.add_argument("--dry-run", action="store_true", help="say what is due, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["table"]:
            self.stdout.write(document.as_markdown(), ending="")
            return
        now = timezone.now()
        if options["dry_run"]:
            for outcome in applying.look(by=SYSTEM, at=now):
                self.stdout.write(f"{outcome.rule.name}: {outcome.due} due after {outcome.rule.period} days")
            return
        failed = False
        for outcome in applying.apply_all(by=SYSTEM, at=now):
            failed |= outcome.failed
            if outcome.failed:
                self.stderr.write(f"{outcome.rule.name}: failed, see the log; it is tried again tonight")
            elif outcome.due:
                waiting = f", {outcome.refused} wait for something" if outcome.refused else ""
                self.stdout.write(f"{outcome.rule.name}: {outcome.removed} of {outcome.due}{waiting}")
        self.stdout.write(f"held: {len(applying.held_people())} people")
        if failed:
            sys.exit(1)
