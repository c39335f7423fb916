"""A new key-encryption key."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from audit import keeping
from audit.actors import Machine
from vault import keyfile, keys, papers, rotation
from vault.models import SubjectKey
from vault.router import KEYS

BY = Machine("system:operator")


class Command(BaseCommand):
    help = (
        "Wrap all data keys under a new key-encryption key and print new recovery shares. Can be stopped and"
        " run again at any moment; nothing that is sealed is touched."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--prepare",
            action="store_true",
            help="with several servers: make the new key and stop, so that the key file can be copied to all",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with keyfile.held(Path(settings.KEY_FILE)):
                self._rotate(only_prepare=options["prepare"])
        except BlockingIOError:
            raise CommandError("A rotation is running already; wait for it to end.") from None
        except (rotation.RowsLeft, keys.WrongKeys) as trouble:
            raise CommandError(f"The rotation is not over: {trouble}. Run it again.") from None

    def _rotate(self, *, only_prepare: bool) -> None:
        if (done := unfinished()) and not rotation.is_on():
            self._finish(done)
            return
        old, new = rotation.prepare()
        if not keeping.happened("keys.rotation_begun", new):
            keeping.begin_rotation(old=old, new=new, by=BY, at=timezone.now())
        for line in papers.sheets(keyfile.load(), new):
            self.stdout.write(line)
        if only_prepare:
            self.stdout.write("Copy the key file to every server, then run 'rotate_keys' again.")
            return
        rotation.turn()
        with tqdm(total=rotation.waiting(), unit="key", disable=None) as bar:
            for count in rotation.wrap_anew():
                bar.update(count)
        rotation.retire()
        self._finish(new)

    def _finish(self, new: str) -> None:
        count = SubjectKey.objects.using(KEYS).count()
        keeping.finish_rotation(new=new, data_keys=count, by=BY, at=timezone.now())
        self.stdout.write(f"{count} data keys are under {new}; the old key is gone from the key file.")
        self.stdout.write("Run 'backup --keys' now, then destroy the older key backups and shares.")


def unfinished() -> str:
    """The key whose rotation was begun and is not in the log as finished; "" when there is none."""
    held = keyfile.load()
    new = held.coming or held.current
    begun = keeping.happened("keys.rotation_begun", new)
    return new if begun and not keeping.happened("keys.rotated", new) else ""
