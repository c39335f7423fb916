"""import_lawyers FILE [--dry-run] [--as USERNAME]."""

from typing import Any

from cases.importing import Report
from cases.lawyer_list import import_lawyers
from cases.management.lists import ListCommand


class Command(ListCommand):
    help = (
        "Take in lawyers of the panel (CSV or XLSX). Empty cells mean not known. Rows with a fault are"
        " reported by row, column and reason and left out. Running it again changes nothing."
    )

    def run(self, **options: Any) -> Report:
        return import_lawyers(
            options["path"],
            dry_run=options["dry_run"],
            progress=self.bar(options["verbosity"]),
            by=options["by"],
            at=options["at"],
        )
