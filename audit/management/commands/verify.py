"""Prove the whole system."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import log
from audit.checkpoints import notes, signing
from audit.proof import checkpoints, moment, registry


class Command(BaseCommand):
    help = (
        "Walk the log, the records, the rows, the books and the reports, and name what does not fit."
        " Exit status 1 when something does not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--checkpoint", type=Path, metavar="FILE", help="a signed note that somebody kept"
        )
        parser.add_argument(
            "--key", metavar="KEY", help="the verifier key noted with it; else the keys the log itself names"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        proofs = registry.proofs()
        if options["checkpoint"]:
            proofs.append(self._outside(options["checkpoint"], options["key"]))
        elif options["key"]:
            raise CommandError("--key goes with --checkpoint", returncode=2)
        with moment.one_moment():
            bad = sum(map(self._found, proofs))
            size, root = log.head()
        self.stdout.write(f"log size {size}, root {root.hex()}")
        if bad:
            self.stderr.write("Something was changed outside the system. Compare with the last checkpoint.")
            sys.exit(1)

    def _found(self, named: registry.Named) -> int:
        """How many lines a proof has; the first of them is shown."""
        found = 0
        for line in named.proof():
            found += 1
            if found == 1:
                self.stderr.write(f"{named.name}: {line}")
        self.stdout.write(f"{named.name}: {'whole' if not found else f'{found} do not fit'}")
        return found

    def _outside(self, path: Path, key: str | None) -> registry.Named:
        try:
            note = path.read_bytes().decode()
            trusted = [notes.PublicKey.read(key)] if key else signing.public_keys()
        except (OSError, UnicodeDecodeError):
            raise CommandError(f"{path} cannot be read", returncode=2) from None
        except notes.NotANote as wrong:
            raise CommandError(str(wrong), returncode=2) from None
        return registry.Named(f"checkpoint {path.name}", lambda: checkpoints.outside_problems(note, trusted))
