"""Sign the head of the log."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from audit.actions import DomainError
from audit.actors import Machine
from audit.checkpoints import keys, signing

COMMAND = Machine("system:command")


class Command(BaseCommand):
    help = (
        "Seal the readings since the last checkpoint and sign the log's size and root. Give the note to"
        " people outside: what they hold cannot be taken back."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, metavar="FILE", help="write the signed note there")
        parser.add_argument(
            "--rotate-key", action="store_true", help="hand over to a new key, which the old one vouches for"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["rotate_key"]:
                made = signing.rotate_signing_key(by=COMMAND, at=timezone.now())
                self.stdout.write(f"key {made.number}: {made.public_key}")
            signed = signing.checkpoint_now(by=COMMAND, at=timezone.now())
        except DomainError as refusal:
            raise CommandError(refusal.text) from None
        except (keys.SigningKeyMissing, keys.SigningKeyExposed) as missing:
            raise CommandError(str(missing)) from None
        if options["out"] is None:
            self.stdout.write(signed.note, ending="")
            return
        # Byte for byte: a signed text with other line ends is another text.
        options["out"].write_bytes(signed.note.encode())
        self.stdout.write(f"{options['out']}: {signed.size} events, root {signed.root_hash}")
