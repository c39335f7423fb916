"""Turning one value into one token and back: AES-256-GCM-SIV, length hidden in 64-byte steps.

A token is ``s1.`` and the base64 of nonce and ciphertext; ``s1`` names version and algorithm. The
associated data binds it to field, row and person, so a token moved elsewhere does not open.
"""

import base64
import binascii
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

VERSION = "s1."
STEP = 64
_NONCE = 12


class SealBroken(Exception):
    """The token was changed, cut, moved to another row or sealed with another key."""


class Token(str):
    """A sealed value as it stands in the database; text that must not be taken for the value."""

    __slots__ = ()


def seal(key: bytes, value: Any, bound_to: str) -> Token:
    """Seal any JSON value under a 32-byte data key; ``bound_to`` must be given again to open it."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    plain = len(body).to_bytes(4, "big") + body
    plain += b"\0" * (-len(plain) % STEP)
    nonce = os.urandom(_NONCE)
    return Token(
        VERSION + base64.b64encode(nonce + AESGCMSIV(key).encrypt(nonce, plain, bound_to.encode())).decode()
    )


def open_token(key: bytes, token: str, bound_to: str) -> Any:
    """The value that was sealed. Raises SealBroken for anything but the very same token and place."""
    if not token.startswith(VERSION):
        raise SealBroken("unknown version")
    try:
        raw = base64.b64decode(token[len(VERSION) :], validate=True)
        if base64.b64encode(raw).decode() != token[len(VERSION) :]:
            raise SealBroken("not as written")  # base64 has spare bits at its end
        plain = AESGCMSIV(key).decrypt(raw[:_NONCE], raw[_NONCE:], bound_to.encode())
    except (binascii.Error, InvalidTag, ValueError):
        raise SealBroken("does not open") from None
    return json.loads(plain[4 : 4 + int.from_bytes(plain[:4], "big")])
