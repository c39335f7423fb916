"""Prove the money laws."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from treasury import chart, laws, standing
from treasury.currencies import amount_text


class Command(BaseCommand):
    help = "Prove every money law and print each difference; exit status 1 when one is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        checked = laws.check()
        ok = all(law.ok for law in checked)
        if options["json"]:
            found = {"ok": ok, "laws": [law.as_json() for law in checked]}
            self.stdout.write(json.dumps(found, indent=2))
        else:
            self._table(checked)
        if not ok:
            broken = ", ".join(law.name for law in checked if not law.ok)
            raise CommandError(f"The books break these laws: {broken}. Stop paying and call an auditor.")

    def _table(self, checked: list[laws.Law]) -> None:
        currency = chart.base_currency()
        for law in checked:
            mark = "ok" if law.ok else "BROKEN"
            self.stdout.write(f"{law.name:<30} {amount_text(law.difference_minor, currency):>20}  {mark}")
        if uncovered := standing.uncovered_minor():
            self.stdout.write(f"Losses that no fund has covered yet: {amount_text(uncovered, currency)}.")
