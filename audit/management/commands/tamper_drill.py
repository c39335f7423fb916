"""Show what is caught when the owner of the database falsifies it."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import copies, drill


class Command(BaseCommand):
    help = (
        "Copy the database, falsify the copy in every way we know as its owner could, and print which check"
        " names each. Exit status 1 when one passes unseen. The database itself is only read."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        unseen = 0
        try:
            with copies.copied():
                for line in self._before():
                    raise CommandError(f"The copy does not verify before anything was done to it: {line}")
                for outcome in drill.run(drill.tamperings()):
                    unseen += outcome.found == ()
                    self._row(outcome)
        except copies.CannotCopy as error:
            raise CommandError(str(error), returncode=2) from None
        if unseen:
            self.stderr.write(f"{unseen} falsifications passed unseen.")
            sys.exit(1)
        self.stdout.write("Each was named. The database itself was not touched.")

    def _before(self) -> list[str]:
        return [f"{named.name}: {line}" for named in drill.proofs() for line in named.proof()][:1]

    def _row(self, outcome: drill.Outcome) -> None:
        if outcome.found is None:
            told = "nothing here to alter"
        elif not outcome.found:
            told = "PASSED UNSEEN"
        else:
            told = ": ".join(outcome.found)
        self.stdout.write(f"{outcome.what:<52} {told[:120]}")
