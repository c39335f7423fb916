"""Donors sign in by a code sent to their address: no user, no password, nothing of the browser kept.

Somebody who asks for an address we do not know is answered in the same way and after the same work: no one
learns here who has given.
"""

import datetime
import hashlib
import hmac
import secrets
import uuid

from django.db import transaction

from accounts.outbox import letters, posting
from donations import donors
from donations.codes import ALPHABET, plain
from donations.models import Donor, DonorSession, SignInCode
from vault import indexes

LETTER = "donor-code"
LASTS = datetime.timedelta(minutes=15)
TRIES = 5
# Codes for one address: so many in a quarter of an hour, and in a day.
FEW, MANY = 3, 8
DAY = datetime.timedelta(days=1)
SIGNS = 8  # 31^8, five tries, fifteen minutes
IDLE = datetime.timedelta(minutes=30)
ABSOLUTE = datetime.timedelta(hours=2)
_LATE = datetime.timedelta(minutes=2)


def ask(address: str, language: str, *, at: datetime.datetime) -> uuid.UUID:
    """Send a code if the address is a donor's. What comes back leads to the form for it in any case."""
    row_id, code = uuid.uuid4(), _new_code()
    with transaction.atomic():
        asked = SignInCode.objects.filter(address_digest=_digest(address, at), made_at__gt=at - DAY)
        lately = asked.filter(made_at__gt=at - LASTS).count()
        throttled = lately >= FEW or asked.count() >= MANY
        donor = donors.find(address)
        SignInCode.objects.create(
            id=row_id,
            address_digest=_digest(address, at),
            donor=None if throttled else donor,
            code_digest=_code_digest(row_id, code),
            made_at=at,
            ends_at=at + LASTS,
        )
        real = donor is not None and not throttled
        posting.post(
            letter=LETTER if real else letters.DECOY,
            language=language,
            address=address.strip() if real else "nobody@example.invalid",
            about_id=donor.pk if donor is not None and real else None,
            secret=f"{code[:4]}-{code[4:]}",
            lasts=LASTS,
            at=at,
        )
    return row_id


def check(row_id: uuid.UUID, code: str, *, at: datetime.datetime) -> Donor | None:
    """The donor, if this is the code of that request: once, in time, within five tries."""
    with transaction.atomic():
        row = SignInCode.objects.select_for_update(of=("self",)).filter(pk=row_id).first()
        if row is None or row.used or row.ends_at <= at or row.tries >= TRIES:
            return None
        row.tries += 1
        fits = hmac.compare_digest(row.code_digest, _code_digest(row_id, plain(code)))
        row.used = fits and row.donor_id is not None
        row.save(update_fields=["tries", "used"])
    return row.donor if row.used else None


def begin(donor: Donor, at: datetime.datetime) -> str:
    """A key for a browser."""
    key = secrets.token_urlsafe(32)
    DonorSession.objects.create(
        digest=_session_digest(key), donor=donor, began_at=at, ends_at=min(at + IDLE, at + ABSOLUTE)
    )
    return key


def donor_of(key: str, *, at: datetime.datetime) -> Donor | None:
    """Who signed in with this key; puts the idle end off, never beyond two hours in all."""
    found = DonorSession.objects.filter(digest=_session_digest(key), ends_at__gt=at)
    row = found.select_related("donor").first()
    if row is None:
        return None
    end = min(at + IDLE, row.began_at + ABSOLUTE)
    if end - row.ends_at > _LATE:
        found.update(ends_at=end)
    return row.donor


def end(key: str) -> None:
    """Sign out."""
    DonorSession.objects.filter(digest=_session_digest(key)).delete()


def end_all_of(donor_id: uuid.UUID) -> int:
    """Sign out everywhere, and forget codes on their way; how many there were."""
    ended = DonorSession.objects.filter(donor=donor_id).delete()[0]
    return ended + SignInCode.objects.filter(donor=donor_id).delete()[0]


def _new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(SIGNS))


def _digest(address: str, at: datetime.datetime) -> str:
    return indexes.exact_index("donor.asked", f"{at.date()}|{address.strip().casefold()}")


def _code_digest(row_id: uuid.UUID, code: str) -> str:
    # Keyed: eight signs could be found from a plain digest in a copy of the database.
    return indexes.exact_index("donor.code", f"{row_id}|{code}")


def _session_digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
