"""Write the books for hledger."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from treasury import hledger


class Command(BaseCommand):
    help = "Write the books as an hledger journal, to a file or to the screen."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, help="the file to write; without it, the screen")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path | None = options["out"]
        if out is None:
            for line in hledger.export():
                self.stdout.write(line)
            return
        try:
            _write_whole(out)
        except OSError as error:
            raise CommandError(f"The file cannot be written: {error.strerror}.") from None
        self.stdout.write(f"Written to {out}. Read it with: hledger -f {out} balance")


def _write_whole(out: Path) -> None:
    """The whole file or none of it."""
    draft = out.with_name(f"{out.name}.part")
    with draft.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in hledger.export())
    draft.replace(out)
