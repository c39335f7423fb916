"""Is everything healthy?"""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from config import health


class Command(BaseCommand):
    help = "One page of what is healthy; exit status 1 when something is not."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for a monitor")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(health.examine(timezone.now()))
        ok = all(finding.ok for finding in found)
        if options["json"]:
            self.stdout.write(json.dumps({"ok": ok, "findings": [asdict(finding) for finding in found]}))
        else:
            for finding in found:
                mark = "well" if finding.ok else "LOOK"
                self.stdout.write(f"{mark}  {finding.name:<12} {finding.text}")
        if not ok:
            sys.exit(1)
