"""Prove the whole system."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from audit import log
from audit.proof import registry


class Command(BaseCommand):
    help = (
        "Walk the log, the records, the rows, the books and the reports, and name what does not fit."
        " Exit status 1 when something does not."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        bad = 0
        for named in registry.proofs():
            found = 0
            for line in named.proof():
                found += 1
                if found == 1:
                    self.stderr.write(f"{named.name}: {line}")
            self.stdout.write(f"{named.name}: {'whole' if not found else f'{found} do not fit'}")
            bad += found
        size, root = log.head()
        self.stdout.write(f"log size {size}, root {root.hex()}")
        if bad:
            self.stderr.write("Something was changed outside the system. Compare with the last checkpoint.")
            sys.exit(1)
