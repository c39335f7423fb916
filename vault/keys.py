"""One data key per person (the *subject*), kept wrapped in the key store."""

import os
import uuid
from collections.abc import Iterable

from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from vault import keyfile, reading
from vault.models import SubjectKey
from vault.router import KEYS

# Free-text reasons and other words of the organisation itself are sealed under this subject.
ORGANISATION = uuid.UUID("00000000-0000-4000-8000-00000000000a")
_NONCE = 12


class Erased(Exception):
    """The person's key is gone, so nothing sealed for them can be read or written."""


def new_key(subject_id: uuid.UUID) -> None:
    """Give a new person a data key. The key is stored at once: it must outlive the row it seals."""
    new_keys([subject_id])


def new_keys(subject_ids: Iterable[uuid.UUID]) -> None:
    """Data keys for many new people in one statement."""
    SubjectKey.objects.using(KEYS).bulk_create([_wrap(subject_id) for subject_id in subject_ids])


def ensure_key(subject_id: uuid.UUID) -> None:
    """Make the key unless it is there: for the organisation's own subject, never for a person."""
    SubjectKey.objects.using(KEYS).bulk_create([_wrap(subject_id)], ignore_conflicts=True)


def exists(subject_id: uuid.UUID) -> bool:
    """Whether the person can still be read; false once erased."""
    return SubjectKey.objects.using(KEYS).filter(pk=subject_id).exists()


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


def _wrap(subject_id: uuid.UUID) -> SubjectKey:
    keys = keyfile.load()
    nonce = os.urandom(_NONCE)
    sealed = AESGCMSIV(keys.wrapping[keys.current]).encrypt(nonce, os.urandom(32), subject_id.bytes)
    return SubjectKey(id=subject_id, kek_id=keys.current, wrapped=nonce + sealed)


def _unwrap(rows: Iterable[SubjectKey]) -> dict[uuid.UUID, bytes]:
    wrapping = keyfile.load().wrapping
    opened = {}
    for row in rows:
        raw = bytes(row.wrapped)
        opened[row.id] = AESGCMSIV(wrapping[row.kek_id]).decrypt(raw[:_NONCE], raw[_NONCE:], row.id.bytes)
    return opened


def _chunks(items: list[uuid.UUID], size: int) -> Iterable[list[uuid.UUID]]:
    return (items[start : start + size] for start in range(0, len(items), size))
