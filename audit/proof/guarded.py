"""Do all triggers stand that keep what must never change?"""

from collections.abc import Iterator

from django.db import connection

from audit import guards


def problems() -> Iterator[str]:
    """Each trigger that is gone or does something else."""
    for name in guards.missing(connection):
        yield f"{name}: the trigger is missing or altered; 'migrate' puts it up again"
