"""The first two accounts of an empty installation."""

import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.actions.people import add_user, grant_first_roles
from accounts.approvals import NeedsSecondPerson
from accounts.models import RoleGrant
from accounts.permissions import ADMINISTRATOR, SECOND_OFFICER
from audit.actions import DomainError
from audit.actors import Machine

SETUP = Machine("system:setup")


class Command(BaseCommand):
    help = (
        "Add an administrator and a second officer, who then add everybody else on /desk/people/."
        " Asks for their passwords. Works once, while nobody holds a role."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--administrator", required=True, metavar="ALIAS", help="an alias, not a name")
        parser.add_argument("--second-officer", required=True, metavar="ALIAS", help="an alias, not a name")

    def handle(self, *args: Any, **options: Any) -> None:
        if RoleGrant.objects.filter(ended_at=None).exists():
            raise CommandError(NeedsSecondPerson().text, returncode=2)
        wanted = {ADMINISTRATOR: options["administrator"], SECOND_OFFICER: options["second_officer"]}
        passwords = {role: getpass.getpass(f"Password of {alias}: ") for role, alias in wanted.items()}
        now = timezone.now()
        try:
            people = [
                (add_user(username=alias, password=passwords[role], name="", by=SETUP, at=now), role)
                for role, alias in wanted.items()
            ]
            grant_first_roles(roles=people, by=SETUP, at=now)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=2) from None
        except DomainError as refusal:
            raise CommandError(refusal.text, returncode=2) from None
        self.stdout.write("Both can sign in now. Each sets up a second factor first.")
