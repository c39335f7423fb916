"""Sealing what is too long to be held at once: AES-256-GCM-SIV, one chunk after another.

Each chunk is bound to its place, its number and whether it is the last one, so that chunks cannot be moved,
left out or cut off. A stream is ``abs1`` and the chunks, each a nonce and a ciphertext.
"""

import os
from collections.abc import Iterable, Iterator
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from vault.sealing import SealBroken

MAGIC = b"abs1"
CHUNK = 256 * 1024
_NONCE, _TAG = 12, 16


class Source(Protocol):
    """Anything that can be read."""

    def read(self, size: int = -1, /) -> bytes: ...


class Sealer:
    """Takes bytes and gives sealed chunks; ``close`` gives the last one. Without it the stream is cut off."""

    def __init__(self, key: bytes, bound_to: str) -> None:
        self.cipher, self.bound_to = AESGCMSIV(key), bound_to
        self.waiting, self.number = bytearray(), 0

    def feed(self, content: bytes | memoryview) -> Iterator[bytes]:
        """The chunks that are full now."""
        self.waiting += content
        while len(self.waiting) > CHUNK:  # the last chunk may be full too, so one stays behind
            yield self._chunk(bytes(self.waiting[:CHUNK]), last=False)
            del self.waiting[:CHUNK]

    def close(self) -> bytes:
        """The last chunk."""
        return self._chunk(bytes(self.waiting), last=True)

    def _chunk(self, content: bytes, *, last: bool) -> bytes:
        nonce, lead = os.urandom(_NONCE), b"" if self.number else MAGIC
        sealed = self.cipher.encrypt(nonce, content, _place(self.bound_to, self.number, last))
        self.number += 1
        return lead + nonce + sealed


def seal(key: bytes, content: Iterable[bytes | memoryview], bound_to: str) -> Iterator[bytes]:
    """The sealed stream of some content; ``bound_to`` must be given again to open it."""
    sealer = Sealer(key, bound_to)
    for piece in content:
        yield from sealer.feed(piece)
    yield sealer.close()


def open_stream(key: bytes, source: Source, bound_to: str) -> Iterator[bytes]:
    """The content, chunk by chunk, each authentic before it is given. Raises SealBroken.

    Only when the last one has come without an error is the whole known to be whole.
    """
    if source.read(len(MAGIC)) != MAGIC:
        raise SealBroken("unknown version")
    cipher, number = AESGCMSIV(key), 0
    size = _NONCE + CHUNK + _TAG
    sealed = _read(source, size)
    while True:
        after = _read(source, size) if len(sealed) == size else b""
        place = _place(bound_to, number, not after)
        try:
            yield cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], place)
        except (InvalidTag, ValueError):
            raise SealBroken(f"chunk {number} does not open") from None
        if not after:
            return
        sealed, number = after, number + 1


def derived(key: bytes, use: str) -> bytes:
    """A key of its own for one use, from another key."""
    return HKDF(hashes.SHA256(), 32, salt=b"abarona", info=use.encode()).derive(key)


def _read(source: Source, size: int) -> bytes:
    """Exactly so many bytes, fewer only at the end: a pipe gives them in pieces."""
    pieces, missing = [], size
    while missing and (piece := source.read(missing)):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


def _place(bound_to: str, number: int, last: bool) -> bytes:
    return f"{bound_to}|{number}|{int(last)}".encode()
