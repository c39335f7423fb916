"""A backup brought back."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from audit.actors import Machine
from config.backup import container, engines, restoring
from vault import keyfile, keys

TROUBLE = (
    container.NotABackup,
    engines.NotEmpty,
    engines.CannotCopy,
    keys.WrongKeys,
    keyfile.KeyFileMissing,
    restoring.KeysTooOld,
    OSError,
)


class Command(BaseCommand):
    help = (
        "Bring a backup back into an empty place. First 'unlock' with the recovery shares, then restore the"
        " keys, then the rest, then 'verify'."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--even-old", action="store_true", help="a key backup older than KEY_BACKUP_DAYS")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = restoring.restore_backup(
                source=options["file"],
                even_old=options["even_old"],
                by=Machine("system:operator"),
                at=timezone.now(),
            )
        except TROUBLE as trouble:
            raise CommandError(f"Nothing was restored: {trouble}.") from None
        self.stdout.write(f"Restored: {done.manifest.kind}, made at {done.manifest.made_at}.")
        if done.erased_again:
            self.stdout.write(f"{done.erased_again} people were erased after that and are erased again.")
        if done.manifest.log_size:
            size, root = done.manifest.log_size, done.manifest.log_root
            self.stdout.write(f"Its log had at least {size} events, root {root}.")
        self.stdout.write("Now run 'manage.py verify'.")
