"""Whose key seals the files of a claim's voucher.

A voucher names its payee: their name, account and hand. So it is sealed under the payee's key and goes with
them when they are erased; that it was there, and its digest, stay in the log. Courts, suppliers, landlords
and partner organisations are no persons and are not erased, and auditors ask for their invoices years later:
those are the organisation's own papers, sealed under its key. A client may be named on either kind: whoever
enters a file is told to black the client's name out, as the claim knows the case already.
"""

import uuid

from treasury.kinds import PayeeKind
from treasury.models import Claim
from vault import keys

NO_PERSON = frozenset({PayeeKind.COURT, PayeeKind.SUPPLIER, PayeeKind.LANDLORD, PayeeKind.PARTNER})


def subject_of(claim: Claim) -> uuid.UUID:
    """The payee, or the organisation when the payee is no person."""
    payee_id: uuid.UUID = claim.payee_id
    return keys.ORGANISATION if claim.payee.kind in NO_PERSON else payee_id
