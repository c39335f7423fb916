"""Finding sealed values without storing them: keyed digests, deleted at erasure.

Only for values with enough variety to be worth it; never for birth dates or other short lists, which a
thief of the index key could enumerate.
"""

import hashlib
import hmac
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping

from vault import keyfile, keys
from vault.models import IndexEntry

# 24 bits: with 35,000 people a bucket holds strangers too, so a hit proves nothing about anybody.
_NAME_DIGITS = 6


def exact_index(kind: str, text: str) -> str:
    """Full-length digest (64 hex digits) of an e-mail address or the like, for exact look-up."""
    return _digest(kind, text.strip().casefold())


def name_index(kind: str, key: str) -> str:
    """Truncated digest (6 hex digits) of one name key: candidates only, never proof."""
    return _digest(kind, key)[:_NAME_DIGITS]


def replace(kind: str, subject_id: uuid.UUID, digests: Iterable[str]) -> None:
    """Make these the digests of this kind for this person. Raises keys.Erased: they are not found again."""
    keys.data_key(subject_id)
    IndexEntry.objects.filter(kind=kind, subject_id=subject_id).delete()
    IndexEntry.objects.bulk_create(
        IndexEntry(kind=kind, subject_id=subject_id, digest=digest) for digest in sorted(set(digests))
    )


def subjects(kind: str, digests: Iterable[str]) -> set[uuid.UUID]:
    """Everybody indexed under any of these digests."""
    found = IndexEntry.objects.filter(kind=kind, digest__in=set(digests)).values_list("subject_id", flat=True)
    return set(found)


def forget(subject_id: uuid.UUID) -> int:
    """Drop every digest of a person; how many there were."""
    return IndexEntry.objects.filter(subject_id=subject_id).delete()[0]


def forget_erased() -> int:
    """Drop the digests of people without a key, as a backup brings them back; how many there were."""
    indexed = set(IndexEntry.objects.values_list("subject_id", flat=True).distinct())
    gone = indexed.difference(keys.existing(indexed))
    return sum(forget(subject_id) for subject_id in gone)


def _digest(kind: str, text: str) -> str:
    return hmac.new(keyfile.load().index, f"{kind}|{text}".encode(), hashlib.sha256).hexdigest()


def add_many(kind: str, digests: Mapping[uuid.UUID, Iterable[str]]) -> None:
    """First digests of many new people in one statement."""
    IndexEntry.objects.bulk_create(
        IndexEntry(kind=kind, subject_id=subject_id, digest=digest)
        for subject_id, found in digests.items()
        for digest in sorted(set(found))
    )


def known(kind: str, digests: Iterable[str]) -> set[str]:
    """Those of the digests under which somebody is indexed."""
    wanted = sorted(set(digests))
    found: set[str] = set()
    for start in range(0, len(wanted), 500):
        rows = IndexEntry.objects.filter(kind=kind, digest__in=wanted[start : start + 500])
        found.update(rows.values_list("digest", flat=True))
    return found


def hits(kind: str, digests: Iterable[str]) -> Counter[uuid.UUID]:
    """Everybody indexed under any of these digests, with how many of them they share."""
    rows = IndexEntry.objects.filter(kind=kind, digest__in=set(digests))
    return Counter(rows.values_list("subject_id", flat=True))
