"""import_cases FILE [--dry-run] [--as USERNAME]."""

from typing import Any

from cases.importing import Report, import_cases
from cases.management.lists import ListCommand


class Command(ListCommand):
    help = (
        "Take in cases from a public list of prisoners (CSV or XLSX). Rows with a fault are reported by row,"
        " column and reason and left out; the others are taken in. Running it again changes nothing."
    )

    def run(self, **options: Any) -> Report:
        return import_cases(
            options["path"],
            responsible=options["user"],
            dry_run=options["dry_run"],
            progress=self.bar(options["verbosity"]),
            by=options["by"],
            at=options["at"],
        )
