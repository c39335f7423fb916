"""match_lawyers [--dry-run] [--json] [--as USERNAME]."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from audit.actions import DomainError
from audit.actors import Actor, Machine
from cases import match_record
from cases.actions.matching import solved, store_run
from cases.management.lists import user_named
from lawyers.matching import Status

MATCHER = Machine("system:match")


class Command(BaseCommand):
    help = (
        "Propose counsel for every case that waits for it, and store the run. Exit status 1 when the result"
        " is not proved optimal, 2 when there is nothing to match."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="solve and report, store nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of text")
        parser.add_argument("--as", dest="username", metavar="USERNAME", help="who runs it")

    def handle(self, *args: Any, **options: Any) -> None:
        by: Actor = user_named(options["username"]) or MATCHER
        at = timezone.now()
        try:
            problem, result, milliseconds = solved(at=at)
        except DomainError as refusal:
            raise CommandError(refusal.text, returncode=2) from None
        run = None
        if not options["dry_run"]:
            run = store_run(problem=problem, result=result, milliseconds=milliseconds, by=by, at=at)
        without = sum(row.uncovered for row in result.shortfalls)
        found = {
            "run": run.number if run else None,
            "cases": len(problem.needs),
            "lawyers": len(problem.places),
            "placed": len(problem.needs) - without,
            "without_counsel": without,
            "status": str(result.status),
            "stages": match_record.stages(result),
            "lock_problems": len(result.lock_problems),
            "inputs_sha256": result.identity.inputs_sha256,
            "seconds": milliseconds / 1000,
        }
        self.stdout.write(json.dumps(found, indent=2) if options["json"] else _text(found))
        if result.status != Status.OPTIMAL:
            raise CommandError("The time ran out before the result was proved to be the best.", returncode=1)


def _text(found: dict[str, Any]) -> str:
    plan = f"Plan {found['run']}" if found["run"] else "Nothing was stored"
    lines = [
        f"{plan}: {found['placed']} of {found['cases']} cases placed among {found['lawyers']} lawyers,"
        f" {found['without_counsel']} left without; {found['status']} in {found['seconds']:.2f} s.",
    ]
    if found["lock_problems"]:
        lines.append(
            f"{found['lock_problems']} things that people fixed cannot be right: see the plan's page."
        )
    return "\n".join(lines)
