"""From one version of the program to the next."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audit.actors import Machine
from config.backup import engines, making, upgrading


class Command(BaseCommand):
    help = "Backup, migrate, check; if anything fails, put everything back. Stop the site before."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        due = [name for alias in upgrading.STORES for name in upgrading.pending(alias)]
        if not due:
            self.stdout.write("Nothing to do: the database is of this version.")
            return
        now = timezone.now()
        folder = settings.DATA_DIR / "backups"
        folder.mkdir(mode=0o700, exist_ok=True)
        out = folder / f"before-upgrade-{now:%Y%m%d-%H%M%S-%f}.backup"
        try:
            making.make_backup(out=out, kind=making.MAIN, by=Machine("system:operator"), at=now)
            self.stdout.write(f"Backup: {out}")
            self.stdout.write(f"Migrating, {len(due)} steps")
            done = upgrading.migrate_or_undo(self.stdout.write)
        except (engines.CannotCopy, OSError) as trouble:
            raise CommandError(f"Nothing was changed: {trouble}.") from None
        except upgrading.Undone as undone:
            raise CommandError(f"The upgrade failed and was undone: {undone}.") from None
        self.stdout.write(f"Done: {len(done)} migrations. Start the site, then run 'manage.py doctor'.")
