"""Prove that two reports were taken from one log."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.consistency import Consistency, Place, between
from reports.render.read_back import NotAReport, read_report


class Command(BaseCommand):
    help = "Prove that the later of two report files was taken from a continuation of the earlier one's log."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs=2, type=Path, metavar="REPORT")
        parser.add_argument("--out", type=Path, help="a folder for the notes and the proof")

    def handle(self, *args: Any, **options: Any) -> None:
        found = between(*(self._place(path) for path in options["files"]))
        if not found.holds:
            raise CommandError("The two reports do not come from one log.", returncode=1)
        if options["out"] is not None:
            self._write(found, options["out"])
        sizes = f"{found.newer.log_size} events begins with the {found.older.log_size}"
        self.stdout.write(f"The log of {sizes} of the earlier report.")

    def _place(self, path: Path) -> Place:
        try:
            with path.open("rb") as file:
                identity = read_report(file).identity
        except (OSError, NotAReport) as error:
            raise CommandError(f"{path} cannot be read as a report ({error}).", returncode=2) from None
        return Place(identity.log_size, identity.root_hex)

    def _write(self, found: Consistency, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "proof.json").write_text(json.dumps(found.proof))
        for name, note in (("older.txt", found.older_note), ("newer.txt", found.newer_note)):
            if note is not None:
                (folder / name).write_bytes(note.note.encode())
        if not found.signed:
            self.stderr.write("One of the two states was not signed: the verifier needs both notes.")
