"""A sealed copy of the system, or of its keys."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from audit.actors import Machine
from config.backup import engines, making


class Command(BaseCommand):
    help = (
        "Copy database, sealed files and reports into one encrypted file. It holds no key of anybody; with"
        " --keys copy the wrapped keys and the log's signing key instead, for elsewhere and a short time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--out", type=Path, required=True, metavar="FILE", help="a file that is not there"
        )
        parser.add_argument(
            "--keys", action="store_true", help="the key store and the log's signing key, and nothing else"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        out, kind = options["out"], "keys" if options["keys"] else making.MAIN
        try:
            size = making.make_backup(out=out, kind=kind, by=Machine("system:operator"), at=timezone.now())
        except FileExistsError:
            raise CommandError(f"{out} is there already; nothing was written.") from None
        except (engines.CannotCopy, OSError) as trouble:
            raise CommandError(f"No backup was made: {trouble}") from None
        self.stdout.write(f"{out}: {size / 1e6:.1f} MB, sealed. It opens with the recovery shares.")
        if kind == making.MAIN:
            self.stdout.write(
                "It is of no use without the keys: 'backup --keys' copies those, for elsewhere."
            )
        else:
            self.stdout.write(
                "Keep it apart from the other backups, and delete it when there is a newer one."
            )
