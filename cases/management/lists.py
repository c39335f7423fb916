"""What the commands that read a list share: their options, progress and row report."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from accounts.models import User
from audit.actions import DomainError
from audit.actors import Actor, Machine
from cases.importing import Report

T = TypeVar("T")
IMPORTER = Machine("system:import")


class ListCommand(BaseCommand, ABC):
    """Exit status 0: all rows were taken in or known before; 1: some had faults; 2: wrong use, or no list."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path", type=Path, metavar="FILE", help="CSV (UTF-8) or XLSX, first row the header"
        )
        parser.add_argument("--dry-run", action="store_true", help="check every row, change nothing")
        parser.add_argument("--as", dest="username", metavar="USERNAME", help="the coordinator who does it")

    def handle(self, *args: Any, **options: Any) -> None:
        user = user_named(options["username"])
        by: Actor = user or IMPORTER
        try:
            report = self.run(**options, user=user, by=by, at=timezone.now())
        except OSError:
            raise CommandError("The file cannot be read. Check its name and rights.", returncode=2) from None
        except DomainError as refusal:
            raise CommandError(refusal.text, returncode=2) from None
        self.show(report, dry_run=options["dry_run"])
        if report.problems:
            raise CommandError(f"{report.bad_rows} rows have faults, listed above.", returncode=1)

    @abstractmethod
    def run(self, **options: Any) -> Report:
        """Read the list; ``options`` are those of the command, and ``user``, ``by``, ``at``."""

    def show(self, report: Report, *, dry_run: bool) -> None:
        """One line for each fault, never with a cell of the list in it, and one of totals."""
        for problem in report.problems:
            where = f"row {problem.row}, {problem.column or 'whole row'}"
            self.stdout.write(f"{where}, {problem.code}: {problem.message}")
        done = "would be new" if dry_run else "new"
        self.stdout.write(
            f"{report.rows} rows: {report.new} {done}, {report.known_before} known before,"
            f" {report.bad_rows} with faults."
        )

    def bar(self, verbosity: int) -> Callable[[Sequence[T]], Iterable[T]]:
        """Progress on standard error, unless it is to be quiet."""

        def shown(rows: Sequence[T]) -> Iterable[T]:
            return tqdm(rows, unit="rows", mininterval=0.5, disable=verbosity == 0)

        return shown


def user_named(username: str | None) -> User | None:
    """The active account of this alias; None for none asked. Raises CommandError with status 2."""
    if not username:
        return None
    user: User | None = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError("There is no active account of that name.", returncode=2)
    return user
