"""One data key per person (the *subject*), kept wrapped in the key store."""

import os
import uuid
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from django.db import connections, transaction

from vault import keyfile, reading
from vault.models import SubjectKey
from vault.router import KEYS

# Free-text reasons and other words of the organisation itself are sealed under this subject.
ORGANISATION = uuid.UUID("00000000-0000-4000-8000-00000000000a")
_NONCE = 12


class Erased(Exception):
    """The person's key is gone, so nothing sealed for them can be read or written."""


class WrongKeys(Exception):
    """The key file does not open the key store: it is of another installation or of another time."""


def new_key(subject_id: uuid.UUID) -> None:
    """Give a new person a data key. The key is stored at once: it must outlive the row it seals."""
    new_keys([subject_id])


def new_keys(subject_ids: Iterable[uuid.UUID]) -> None:
    """Data keys for many new people in one statement."""
    _store(subject_ids)


def ensure_key(subject_id: uuid.UUID) -> None:
    """Make the key unless it is there: for the organisation's own subject, never for a person."""
    _store([subject_id], ignore_conflicts=True)


def exists(subject_id: uuid.UUID) -> bool:
    """Whether the person can still be read; false once erased."""
    return SubjectKey.objects.using(KEYS).filter(pk=subject_id).exists()


def existing(subject_ids: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Those of them whose key is there still, each once."""
    found: list[uuid.UUID] = []
    for some in _chunks(sorted(set(subject_ids)), 500):
        found += SubjectKey.objects.using(KEYS).filter(pk__in=some).values_list("pk", flat=True)
    return found


def destroy_key(subject_id: uuid.UUID) -> None:
    """Erase the person: whatever was sealed for them, anywhere, stays closed for ever."""
    SubjectKey.objects.using(KEYS).filter(pk=subject_id).delete()
    if (current := reading.current()) is not None:
        current.keys.pop(subject_id, None)


def data_key(subject_id: uuid.UUID) -> bytes:
    """The 32-byte data key; remembered within one reading only. Raises Erased."""
    current = reading.current()
    if current is not None and subject_id in current.keys:
        return current.keys[subject_id]
    found = _unwrap(SubjectKey.objects.using(KEYS).filter(pk=subject_id))
    if subject_id not in found:
        if subject_id == ORGANISATION:
            ensure_key(ORGANISATION)
            return data_key(subject_id)
        raise Erased(str(subject_id))
    if current is not None:
        current.keys.update(found)
    return found[subject_id]


def prefetch(subject_ids: Iterable[uuid.UUID]) -> None:
    """Fetch the keys of a whole list into the current reading in one query."""
    current = reading.current()
    if current is None:
        raise reading.NoReader("prefetch")
    wanted = {subject_id for subject_id in subject_ids if subject_id not in current.keys}
    for some in _chunks(sorted(wanted), 500):
        current.keys.update(_unwrap(SubjectKey.objects.using(KEYS).filter(pk__in=some)))


def wrap(subject_id: uuid.UUID, key: bytes, held: keyfile.Keys) -> bytes:
    """The data key, sealed by the current key-encryption key and bound to the person."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCMSIV(held.wrapping[held.current]).encrypt(nonce, key, subject_id.bytes)


def unwrap(row: SubjectKey, held: keyfile.Keys) -> bytes:
    """The data key of a row. Raises WrongKeys."""
    raw = bytes(row.wrapped)
    try:
        return AESGCMSIV(held.wrapping[row.kek_id]).decrypt(raw[:_NONCE], raw[_NONCE:], row.id.bytes)
    except (KeyError, InvalidTag, ValueError):
        raise WrongKeys(row.kek_id) from None


def opens_the_store(held: keyfile.Keys) -> bool:
    """Whether these keys open the key store, as far as one row of each key-encryption key shows."""
    rows = SubjectKey.objects.using(KEYS)
    names = rows.order_by("kek_id").values_list("kek_id", flat=True).distinct()
    try:
        for name in names:
            unwrap(rows.filter(kek_id=name)[0], held)
    except WrongKeys:
        return False
    return True


def hold_off_new_keys() -> None:
    """Inside a transaction: nobody stores a new data key until it ends."""
    _lock("lock table vault_subjectkey in share mode")


def _store(subject_ids: Iterable[uuid.UUID], *, ignore_conflicts: bool = False) -> None:
    with transaction.atomic(using=KEYS):
        # Before the key file is read: a rotation must not retire its key between that and the insert.
        _lock("lock table vault_subjectkey in row exclusive mode")
        held = keyfile.load()
        rows = [
            SubjectKey(id=subject_id, kek_id=held.current, wrapped=wrap(subject_id, os.urandom(32), held))
            for subject_id in subject_ids
        ]
        SubjectKey.objects.using(KEYS).bulk_create(rows, ignore_conflicts=ignore_conflicts)


def _lock(statement: str) -> None:
    # On SQLite a transaction is a lock from its first statement on.
    if connections[KEYS].vendor == "postgresql":  # on PostgreSQL only
        with connections[KEYS].cursor() as cursor:
            cursor.execute(statement)


def _unwrap(rows: Iterable[SubjectKey]) -> dict[uuid.UUID, bytes]:
    held = keyfile.load()
    return {row.id: unwrap(row, held) for row in rows}


def _chunks(items: list[uuid.UUID], size: int) -> Iterable[list[uuid.UUID]]:
    return (items[start : start + size] for start in range(0, len(items), size))
