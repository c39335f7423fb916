"""``manage.py database_roles``: the two roles on PostgreSQL, printed or put in order."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from config import roles


class Command(BaseCommand):
    help = (
        "Give the program's role on PostgreSQL exactly its rights (migrate does so too)."
        " --print shows the SQL, with what the server's administrator runs once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--print", action="store_true", help="print the SQL and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("SQLite has no roles: this command is for PostgreSQL.")
        role = settings.DATABASE_APP_ROLE
        if not role:
            raise CommandError(
                "Set MIGRATE_DATABASE_URL (the owner) beside DATABASE_URL (the program); they name two roles."
            )
        if options["print"]:
            self._print(role)
        else:
            roles.give(connection, role)
            self.stdout.write("The program's role has its rights, and no other.")

    def _print(self, role: str) -> None:
        owner, database = connection.settings_dict["USER"], connection.settings_dict["NAME"]
        self.stdout.write("-- Once, as the server's administrator; then set both passwords with \\password.")
        for statement in roles.creation(owner, role, database):
            self.stdout.write(f"{statement};")
        self.stdout.write("\n-- As the owner, in the database; migrate repeats this each time.")
        for statement in roles.grants(connection, role):
            self.stdout.write(f"{statement};")
