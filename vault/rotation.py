"""A new key-encryption key: data keys are wrapped anew, what they sealed is never touched.

Each step can be cut off at any moment and taken again: the key file is replaced as a whole, rows are wrapped
anew in small transactions, and the old key leaves the file only when no row needs it.
"""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connections, transaction

from vault import keyfile, keys, traces
from vault.models import SubjectKey
from vault.router import KEYS

BATCH = 200


class RowsLeft(Exception):
    """Data keys are still wrapped by an old key, so it cannot be retired."""


def prepare() -> tuple[str, str]:
    """Names of the key that goes and of the one that comes; makes the latter unless a rotation is on."""
    held = keyfile.load()
    if held.coming:
        return held.current, held.coming
    if len(held.wrapping) > 1:
        return min(held.wrapping, key=_age), held.current
    held = held.prepared()
    keyfile.replace_file(Path(settings.KEY_FILE), held)
    return held.current, held.coming


def turn() -> None:
    """From now on the coming key wraps; it may have been turned to before."""
    held = keyfile.load()
    if held.coming:
        keyfile.replace_file(Path(settings.KEY_FILE), held.turned())


def wrap_anew() -> Iterator[int]:
    """Wrap every data key under the current key; yields how many each transaction did."""
    while done := _wrap_batch(keyfile.load()):
        yield done
    traces.swept(KEYS, SubjectKey._meta.db_table)


def retire() -> None:
    """Take the old keys out of the file. Raises RowsLeft.

    Holds off new data keys meanwhile: one that was about to be wrapped by the old key is wrapped by the new.
    """
    with transaction.atomic(using=KEYS):
        keys.hold_off_new_keys()
        held = keyfile.load()
        if held.coming or SubjectKey.objects.using(KEYS).exclude(kek_id=held.current).exists():
            raise RowsLeft("data keys are still wrapped by an old key: run 'manage.py rotate_keys' again")
        keyfile.replace_file(Path(settings.KEY_FILE), held.retired())


def waiting() -> int:
    """How many data keys are not under the current key."""
    return SubjectKey.objects.using(KEYS).exclude(kek_id=keyfile.load().current).count()


def is_on() -> bool:
    """Whether the key file holds more than the one key that wraps."""
    return len(keyfile.load().wrapping) > 1


def _wrap_batch(held: keyfile.Keys) -> int:
    rows = SubjectKey.objects.using(KEYS).exclude(kek_id=held.current).order_by("pk")
    with transaction.atomic(using=KEYS):
        if connections[KEYS].features.has_select_for_update:  # on PostgreSQL only
            rows = rows.select_for_update()
        some = list(rows[:BATCH])
        for row in some:
            row.wrapped = keys.wrap(row.id, keys.unwrap(row, held), held)
            row.kek_id = held.current
        # An update, never an insert: a person erased in this moment stays erased.
        SubjectKey.objects.using(KEYS).bulk_update(some, ["wrapped", "kek_id"])
    return len(some)


def _age(name: str) -> int:
    return int(name[1:])
