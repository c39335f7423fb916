"""Take a bank statement in: camt.053 or MT940."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from audit.actors import Actor, Machine
from treasury.bank.files import read_statements
from treasury.bank.importing import Imported, import_statements, look_over
from treasury.bank.shape import UnreadableStatement
from treasury.currencies import amount_text

IMPORTER = Machine("system:import")


class Command(BaseCommand):
    help = (
        "Take in a bank statement (camt.053 001.02 to 001.13, or MT940). Lines that quote a reference of ours"
        " are matched, all others wait in the queue. A file taken in before changes nothing. Exit status 1:"
        " the file is no statement; 2: wrong use."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path", type=Path, metavar="FILE", help="the file as the bank sent it, not packed"
        )
        parser.add_argument("--dry-run", action="store_true", help="read and compare, change nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
        parser.add_argument("--as", dest="username", metavar="USERNAME", help="the treasurer who does it")

    def handle(self, *args: Any, **options: Any) -> None:
        by = _person(options["username"])
        try:
            with options["path"].open("rb") as file:
                statements = read_statements(file)
        except OSError:
            raise CommandError("The file cannot be read. Check its name and rights.", returncode=2) from None
        except UnreadableStatement as refusal:
            if options["json"]:
                self._print(
                    {
                        "statements": 0,
                        "lines": 0,
                        "credit_minor": 0,
                        "debit_minor": 0,
                        "errors": [refusal.text],
                    }
                )
            raise CommandError(refusal.text, returncode=1) from None
        if options["dry_run"]:
            report = look_over(statements)
        else:
            report = import_statements(statements=statements, by=by, at=timezone.now())
        if options["json"]:
            self._print(report.as_json())
        else:
            self._say(report, dry_run=options["dry_run"])

    def _print(self, found: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(found, indent=2))

    def _say(self, report: Imported, *, dry_run: bool) -> None:
        for row in report.rows:
            one = row.statement
            came, went = (amount_text(amount, one.currency) for amount in (one.credit_minor, one.debit_minor))
            state = "known before" if row.known else f"{row.new_lines} {'would be ' if dry_run else ''}new"
            self.stdout.write(
                f"statement {one.number or '-'}: {len(one.lines)} lines ({state}), {came} in, {went} out"
            )
        for problem in report.problems:
            self.stdout.write(f"look at this: {problem}")
        if not dry_run:
            self.stdout.write(f"{report.accepted} lines were matched by their reference.")


def _person(username: str | None) -> Actor:
    if not username:
        return IMPORTER
    found: User | None = User.objects.filter(username=username, is_active=True).first()
    if found is None or not found.has("money.book"):
        raise CommandError("There is no active treasurer of that name.", returncode=2)
    return found
