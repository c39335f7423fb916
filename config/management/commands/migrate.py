"""Django's ``migrate``, which may begin on a database whose triggers are missing: it puts them up."""

from typing import Any

from django.core.management.commands import migrate

from audit import checks


class Command(migrate.Command):
    def check(self, *args: Any, **options: Any) -> None:
        """All checks but the one whose answer is to run this command."""
        with checks.putting_up():
            super().check(*args, **options)
