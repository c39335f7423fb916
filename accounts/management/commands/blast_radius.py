"""What an account could read and did read; with --cut-off, the end of all it can do."""

import json
import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.actions.cutting import cut_off
from accounts.blast import BlastRadius, blast_radius
from accounts.models import User
from audit.actions import DomainError
from audit.actors import Machine

CONSOLE = Machine("system:console")


class Command(BaseCommand):
    help = "Say what an account could read now and what it did read: after an arrest, or a stolen phone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("person", metavar="PERSON", help="the alias, or the id or its first eight signs")
        parser.add_argument("--days", type=int, default=30, help="how far back to look (30)")
        parser.add_argument("--json", action="store_true", help="as JSON")
        parser.add_argument(
            "--cut-off", action="store_true", help="end sessions, tokens, grants, feeds and sign-in now"
        )
        parser.add_argument("--reason", default="", help="why; sealed. Needed with --cut-off")

    def handle(self, *args: Any, **options: Any) -> None:
        user = _found(options["person"])
        now = timezone.now()
        shown = summary(blast_radius(user, now, days=options["days"]))
        if options["json"]:
            self.stdout.write(json.dumps(shown, indent=1))
        else:
            self._say(shown)
        if options["cut_off"]:
            try:
                cut_off(user=user, reason=options["reason"], by=CONSOLE, at=now)
            except DomainError as refusal:
                raise CommandError(refusal.text, returncode=2) from None
            self.stdout.write("Cut off: sessions, tokens, grants, teams, feeds and sign-in have ended.")

    def _say(self, shown: dict[str, Any]) -> None:
        state = "may sign in" if shown["is_active"] else "cannot sign in"
        self.stdout.write(f"{shown['person']} ({', '.join(shown['roles']) or 'no role'}; {state})")
        self.stdout.write("Could read now:")
        for name, count in shown["could_read"].items():
            self.stdout.write(f"  {count:>7}  {name}")
        self.stdout.write(
            f"Did read, {shown['days']} days: {shown['people_read']} people,"
            f" {shown['people_outside_grants']} of them under no grant (budget {shown['budget']} a day)"
        )
        for day in shown["by_day"]:
            self.stdout.write(f"  {day['on']}  {day['people']:>5} people  {day['readings']:>5} readings")
        self.stdout.write(
            f"Open now: {shown['sessions']} sessions, {shown['tokens']} tokens, {shown['grants']} grants,"
            f" {shown['team_grants']} through teams"
        )


def summary(radius: BlastRadius) -> dict[str, Any]:
    """The figures, without the name of anybody; the person by their id."""
    return {
        "person": str(radius.user.pk),
        "is_active": radius.user.is_active,
        "roles": sorted(radius.user.roles),
        "days": (radius.at - radius.since).days,
        "budget": radius.budget,
        "could_read": {reach.name: reach.count for reach in radius.could},
        "people_read": len(radius.read),
        "people_outside_grants": len(radius.outside),
        "by_day": [
            {"on": day.on.isoformat(), "people": day.people, "readings": day.readings} for day in radius.days
        ],
        "sessions": len(radius.sessions),
        "tokens": len(radius.tokens),
        "grants": len(radius.grants),
        "team_grants": len(radius.team_grants),
    }


def _found(text: str) -> User:
    """The person by alias, id, or its first eight signs."""
    by_alias: User | None = User.objects.filter(username=text).first()
    if by_alias is not None:
        return by_alias
    try:
        by_id: User | None = User.objects.filter(pk=uuid.UUID(text)).first()
    except ValueError:
        fitting = [user for user in User.objects.all() if user.short == text]
        by_id = fitting[0] if len(fitting) == 1 else None
    if by_id is None:
        raise CommandError("No account fits. Give an alias, an id, or its first eight signs.", returncode=2)
    return by_id
