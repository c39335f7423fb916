"""Check an archive that was handed to an auditor."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.archive.checking import check_archive


class Command(BaseCommand):
    help = "Compare an archive with its manifest, with the log, and each report in it with its rows."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.", returncode=2)
        verdict = check_archive(path)
        for problem in verdict.problems:
            self.stderr.write(problem)
        if not verdict.ok:
            raise CommandError(f"{path.name} is not as it was handed over.", returncode=1)
        about = verdict.about
        self.stdout.write(
            f"{path.name}: {verdict.members} members as made for {about['recipient']},"
            f" {about['starts_on']} to {about['ends_on']}, log size {about['log_size']}"
        )
