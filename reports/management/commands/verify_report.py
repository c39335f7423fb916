"""Check a report that somebody holds."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.verification import verify


class Command(BaseCommand):
    help = (
        "Compute a report again from the log position it names, and compare rows, totals and bytes."
        " Exit status 1 when something differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="a report in any of its formats")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path} is not a file.", returncode=2)
        verdict = verify(path)
        if verdict.report is not None:
            identity = verdict.report.identity
            self.stdout.write(f"{verdict.report.type}, {identity.row_count} rows")
            self.stdout.write(f"log size {identity.log_size}, root {identity.root_hex}")
            self.stdout.write(f"content hash {identity.content_hash}")
        for problem in verdict.problems:
            self.stderr.write(problem)
        if not verdict.ok:
            sys.exit(1)
        self.stdout.write("The report is what the log says, and the file is as it was issued.")
