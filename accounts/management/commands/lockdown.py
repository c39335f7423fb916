"""Lock the house down: for the hour in which it is not yet known what was taken."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import lockdown
from accounts.actions.cutting import LockedAlready, lock_down
from accounts.management.commands.blast_radius import CONSOLE
from audit.actions import DomainError


class Command(BaseCommand):
    help = (
        "Close sign-ins, end all sessions and tokens, take campaign pages down, stop mandates, revoke feeds."
        " Two people lift it on /desk/people/lockdown/. Running it again runs what failed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reason", required=True, help="why; sealed")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            lock_down(reason=options["reason"], by=CONSOLE, at=now)
            self.stdout.write("Sign-ins are closed; every session and token has ended.")
        except LockedAlready:
            self.stdout.write("Sign-ins were closed already; running the other parts again.")
        except DomainError as refusal:
            raise CommandError(refusal.text, returncode=2) from None
        failed = []
        for done in lockdown.run_parts(by=CONSOLE, at=now):
            self.stdout.write(f"  {done.name}: {done.error or done.count}")
            if done.error:
                failed.append(done.name)
        if failed:
            raise CommandError(f"Run it again: {', '.join(failed)} failed. The rest is done.", returncode=1)
