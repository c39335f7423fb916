"""import_known_trials FILE [--dry-run] [--as USERNAME]."""

from typing import Any

from cases.importing import Report, import_known_trials
from cases.management.lists import ListCommand


class Command(ListCommand):
    help = (
        "Take in trials that monitors know of (CSV or XLSX: court, date, article, source). Rows with a fault"
        " are reported by row, column and reason and left out. Running it again changes nothing."
    )

    def run(self, **options: Any) -> Report:
        return import_known_trials(
            options["path"],
            dry_run=options["dry_run"],
            progress=self.bar(options["verbosity"]),
            by=options["by"],
            at=options["at"],
        )
