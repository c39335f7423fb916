"""Finding and making givers who left an address: by a keyed digest of it, never by the address itself."""

import datetime
import uuid

from django.db import connection

from donations.models import Donor
from vault import indexes, keys

INDEX = "donor.address"
RECIPIENT = "donor"
_LOCK = 0x61_62_61_72  # any number that nobody else locks


def find(address: str) -> Donor | None:
    """Whose address this is, unless they are erased."""
    ids = indexes.subjects(INDEX, [_digest(address)])
    for donor in Donor.objects.filter(pk__in=ids).order_by("since_on", "pk"):
        if keys.exists(donor.pk):
            return donor
    return None


def donor_for(address: str, level: str, language: str, at: datetime.datetime) -> Donor:
    """Inside an action: the giver with this address, new if there is none.

    Somebody who gave before keeps the level they have: whoever types an address has not proved that it is
    theirs, so it cannot make us keep more.
    """
    _one_at_a_time()
    known = find(address)
    if known is not None:
        return known
    donor_id = uuid.uuid4()
    keys.new_key(donor_id)
    donor = Donor.objects.create(
        id=donor_id,
        level=level,
        address=address.strip() if level == Donor.Level.IN_TOUCH else None,
        language=language,
        since_on=at.date(),
    )
    indexes.replace(INDEX, donor.pk, [_digest(address)])
    return donor


def address_of(donor_id: uuid.UUID) -> str | None:
    """For the outbox, inside its reading; None for those of whom we keep no address. Raises keys.Erased."""
    donor = Donor.objects.filter(pk=donor_id, level=Donor.Level.IN_TOUCH).first()
    if donor is None:
        return None
    keys.data_key(donor.pk)  # an erased person's attribute would read as a word
    return str(donor.address)


def _digest(address: str) -> str:
    return indexes.exact_index(INDEX, address)


def _one_at_a_time() -> None:
    """Two gifts with one new address at the same moment must not make two donors. SQLite has one writer."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
