"""Prove that a webhook comes from Stripe, and read the little of it that is believed."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from donations.stripe_answers import EventHint

TOLERANCE = timedelta(seconds=300)
LARGEST_WEBHOOK = 1_000_000
STAMP = re.compile(r"t=([0-9]{1,11})")
SIGNATURE = re.compile(r"v1=([0-9a-f]{64})")


class BadSignature(Exception):
    """A webhook that Stripe did not sign, or not now; `reason` holds nothing of its body."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def verify_webhook(payload: bytes, header: str, secrets: Sequence[str], now: datetime) -> EventHint:
    """What a webhook hints at, if one of the secrets proves that Stripe signed it within 5 minutes of `now`.

    `payload` is the raw body; two secrets are active while one is being rotated. Raises BadSignature.
    The SDK's own check takes any time in the future and trips over a header outside ASCII; this does not.
    """
    if len(payload) > LARGEST_WEBHOOK:
        raise BadSignature("the body is too large")
    stamp, signatures = _read(header)
    if abs(int(now.timestamp()) - stamp) > TOLERANCE.total_seconds():
        raise BadSignature("the time of signing is too far from now")
    signed = str(stamp).encode() + b"." + payload
    expected = [hmac.new(s.encode(), signed, hashlib.sha256).hexdigest() for s in secrets if s.strip()]
    if not any(hmac.compare_digest(ours, theirs) for ours in expected for theirs in signatures):
        raise BadSignature("no secret fits the signature")
    try:
        return event_hint(json.loads(payload))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise BadSignature("signed, but not an event") from None


def _read(header: str) -> tuple[int, list[str]]:
    parts = header.split(",")
    stamps = [part for part in parts if part.startswith("t=")]
    stamp = STAMP.fullmatch(stamps[0]) if len(stamps) == 1 else None
    if stamp is None:
        raise BadSignature("the signature header cannot be read")
    found = [SIGNATURE.fullmatch(part) for part in parts]
    return int(stamp.group(1)), [each.group(1) for each in found if each]


def event_hint(event: Mapping[str, Any]) -> EventHint:
    """The hint in an event's JSON. Raises ValueError or KeyError for anything else."""
    if event.get("object") != "event" or not isinstance(event["livemode"], bool):
        raise ValueError("not an event")
    return EventHint(
        id=str(event["id"]),
        type=str(event["type"]),
        object_id=str(event["data"]["object"].get("id") or ""),
        livemode=event["livemode"],
        created_at=datetime.fromtimestamp(int(event["created"]), UTC),
    )
