"""Make the key file, once."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from vault import keyfile, papers


class Command(BaseCommand):
    help = "Make the file with the key-encryption key and the index key. Refuses to replace one."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.KEY_FILE)
        try:
            held = keyfile.create(path)
        except FileExistsError:
            raise CommandError(f"{path} is there already; nothing was changed.") from None
        for line in papers.sheets(held, held.current):
            self.stdout.write(line)
        self.stdout.write(f"Keys are in {path}. See docs/keys.md before the first real name is entered.")
