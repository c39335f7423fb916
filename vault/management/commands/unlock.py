"""Start with keys from outside."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from vault import keyfile, keys, runtime, shares


class Command(BaseCommand):
    help = (
        "Write the key file into a directory of memory, from two recovery shares (or, with --key-file, from"
        " a key file) typed or piped in. After the machine stops it is gone."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--key-file", action="store_true", help="a key file is piped in, not shares")
        parser.add_argument("--on-disk", action="store_true", help="write to a disk all the same, to stay")
        parser.add_argument("--lock", action="store_true", help="take the key file out of memory again")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.KEY_FILE)
        if not options["on_disk"] and (fault := runtime.fault(path)):
            raise CommandError(f"KEY_FILE {fault}.", returncode=2)
        if options["lock"]:
            path.unlink(missing_ok=True)
            self.stdout.write("The key file is gone from memory. Stop the site: it remembers what it read.")
            return
        given = self._read(as_file=options["key_file"])
        try:
            if not keys.opens_the_store(given):
                raise CommandError("These keys do not open this key store; nothing was written.")
        except DatabaseError:
            self.stdout.write("There is no key store here yet, so the keys could not be tried.")
        try:
            keyfile.write_new(path, given)
        except FileExistsError:
            raise CommandError(f"{path} is there already; nothing was written.") from None
        self.stdout.write(f"Unlocked with key {given.current}.")

    def _read(self, *, as_file: bool) -> keyfile.Keys:
        if not as_file and sys.stdin.isatty():
            self.stdout.write(
                f"Type {shares.NEEDED} shares, {shares.LINES} lines each; empty lines are fine."
            )
        try:
            if as_file:
                return keyfile.parse(sys.stdin.read())
            return shares.read_shares(_lines())
        except (keyfile.KeyFileBroken, shares.ShareMistyped, shares.SharesDoNotFit) as trouble:
            raise CommandError(f"Not unlocked: {trouble}.") from None


def _lines() -> list[str]:
    """As many lines as two shares have, or fewer at the end of the input."""
    found: list[str] = []
    while len(found) < shares.NEEDED * shares.LINES and (line := sys.stdin.readline()):
        if line.strip():
            found.append(line)
    return found
