"""Signed notes and checkpoints as C2SP writes them (c2sp.org/signed-note, c2sp.org/tlog-checkpoint).

A note is text that ends in a newline, an empty line, and signature lines
``— <key name> base64(key id || Ed25519 signature)``. A checkpoint is a note whose text is three lines:
the log's origin, the tree's size, the root in base64.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"  # signature type of the note specification
MOST_SIGNATURES = 16
MOST_CHARACTERS = 64_000
_DASH = "\u2014"
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class NotANote(Exception):
    """The text has not the form of a signed note, or not that of a checkpoint."""


class BadSignature(Exception):
    """No signature by the known key, or one that does not fit the text."""


@dataclass(frozen=True)
class PublicKey:
    """A verifier key: ``public`` are 32 bytes; ``name`` is the log's origin."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that name the key in signature lines; an identifier, not a proof."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """The *vkey*: ``<name>+<key id in hex>+base64(type || key)``."""
        return f"{self.name}+{self.id.hex()}+{_base64(ED25519 + self.public)}"

    @classmethod
    def read(cls, text: str) -> "PublicKey":
        """A key from its text. Raises NotANote."""
        name, _plus, rest = text.strip().partition("+")
        shown, _plus, encoded = rest.partition("+")
        raw = _bytes(encoded)
        if not _is_name(name) or len(raw) != 33 or raw[:1] != ED25519:
            raise NotANote("this is not an Ed25519 verifier key")
        key = cls(name, raw[1:])
        if key.id.hex() != shown:
            raise NotANote("the verifier key contradicts its own id")
        return key


@dataclass(frozen=True)
class Signer:
    """Signs under a name; ``seed`` are the 32 bytes of an Ed25519 private key."""

    name: str
    seed: bytes

    def __repr__(self) -> str:
        return f"Signer({self.name!r})"

    @property
    def key(self) -> PublicKey:
        """What others need to verify."""
        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        return PublicKey(self.name, private.public_key().public_bytes_raw())

    def line(self, text: str) -> str:
        """The signature line over a note's text."""
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return f"{_DASH} {self.name} {_base64(self.key.id + signature)}\n"


@dataclass(frozen=True)
class Note:
    """A note as read: ``signatures`` are (name, key id, signature). Nothing is verified yet."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]

    def verify(self, *keys: PublicKey) -> PublicKey:
        """The first known key that signed. Raises BadSignature, also when one known key's line is wrong."""
        found = None
        for name, key_id, signature in self.signatures:
            for key in keys:
                if (key.name, key.id) != (name, key_id):
                    continue
                try:
                    Ed25519PublicKey.from_public_bytes(key.public).verify(signature, self.text.encode())
                except InvalidSignature:
                    raise BadSignature("a signature does not fit the text") from None
                found = found or key
        if found is None:
            raise BadSignature("no known key signed this")
        return found


@dataclass(frozen=True)
class TreeHead:
    """What a checkpoint says."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The note's text."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"

    @classmethod
    def read(cls, text: str) -> "TreeHead":
        """From a note's text; extension lines are allowed and ignored. Raises NotANote."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] or not all(lines[:-1]) or not _SIZE.fullmatch(lines[1]):
            raise NotANote("this is not a checkpoint")
        root = _bytes(lines[2])
        if len(root) != 32:
            raise NotANote("the root is not a SHA-256 hash")
        return cls(lines[0], int(lines[1]), root)


def sign(text: str, signers: Iterable[Signer]) -> str:
    """A whole note. Raises NotANote for a text that no note can carry."""
    if not text.endswith("\n") or _has_controls(text):
        raise NotANote("a note's text ends in a newline and has no control characters")
    return text + "\n" + "".join(signer.line(text) for signer in signers)


def read(note: str) -> Note:
    """Take a note apart. Raises NotANote."""
    head, gap, tail = note.rpartition("\n\n")
    lines = tail.removesuffix("\n").split("\n")
    if not gap or not tail.endswith("\n") or _has_controls(note) or len(note) > MOST_CHARACTERS:
        raise NotANote("this is not a signed note")
    if len(lines) > MOST_SIGNATURES:
        raise NotANote("there are too many signatures")
    return Note(head + "\n", tuple(_signature(line) for line in lines))


def _signature(line: str) -> tuple[str, bytes, bytes]:
    dash, _space, rest = line.partition(" ")
    name, _space, encoded = rest.partition(" ")
    raw = _bytes(encoded)
    if dash != _DASH or not _is_name(name) or len(raw) < 5:
        raise NotANote("a signature line is malformed")
    return name, raw[:4], raw[4:]


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(letter.isspace() for letter in name)


def _has_controls(text: str) -> bool:
    return any(letter < " " and letter != "\n" for letter in text)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NotANote("this is not base64") from None
