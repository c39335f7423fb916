"""Prove that no cost is in two funders' reports."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.double_funding import finding
from reports.scope import position_now
from treasury.models import Grant


class Command(BaseCommand):
    help = "Prove that no cost is in the reports of two funders; name each that is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        position = position_now()
        found = finding.found(position)
        if options["json"]:
            told = {"ok": not found, "log_size": position.log_size, "found": [asdict(one) for one in found]}
            self.stdout.write(json.dumps(told))
        else:
            for one in found:
                self.stdout.write(
                    f"{one.why}: journal {one.journal}, {one.amount_minor} minor units,"
                    f" {' / '.join(one.funds)}, {one.about}"
                )
        if found:
            raise CommandError(f"{len(found)} costs could be told to two funders.", returncode=1)
        if not options["json"]:
            grants, size = Grant.objects.count(), position.log_size
            self.stdout.write(f"No cost is in two of the reports of {grants} grants (log size {size}).")
