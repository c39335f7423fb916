"""Recovery shares: any two of three sheets of paper bring the keys back; one alone says nothing.

Shamir's scheme over GF(256), byte by byte. Each share is seven lines of sixteen letters and digits (no I, L,
O, U), each with two check signs, so that a slip of the pen is found and its line named.
"""

import hashlib
import secrets
from collections.abc import Iterable, Sequence

from vault.keyfile import Keys

SHARES, NEEDED = 3, 2
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ = {**{sign: value for value, sign in enumerate(_SIGNS)}, "O": 0, "I": 1, "L": 1}
_FORMAT = 1
_HEAD, _CHECK, _SECRET = 3, 3, 64
_LINE = 10  # bytes in a line
LINES = (_HEAD + _CHECK + _SECRET) // _LINE


class ShareMistyped(Exception):
    """A line is not as it was printed; ``line`` is its number, ``share`` which of those given."""

    def __init__(self, share: int, line: int) -> None:
        self.share, self.line = share, line
        super().__init__(f"share {share}, line {line} is mistyped: compare it sign by sign")


class SharesDoNotFit(Exception):
    """Too few, twice the same, or of different printings."""


def multiply(a: int, b: int) -> int:
    """The product in GF(256) with the polynomial x^8 + x^4 + x^3 + x + 1."""
    product = 0
    for bit in range(8):
        product ^= -(b >> bit & 1) & a
        a = (a << 1) ^ (-(a >> 7) & 0x11B)
    return product


def inverse(a: int) -> int:
    """The number that multiplied by ``a`` gives 1. Raises ZeroDivisionError."""
    if a == 0:
        raise ZeroDivisionError("0 has no inverse")
    result = 1
    for _ in range(254):  # a to the power of 254
        result = multiply(result, a)
    return result


def split(secret: bytes, *, shares: int = SHARES, needed: int = NEEDED) -> list[bytes]:
    """The values at 1, 2, ... of random polynomials that go through the secret at 0."""
    rows = [secret, *(secrets.token_bytes(len(secret)) for _ in range(needed - 1))]
    return [bytes(_at(x, column) for column in zip(*rows, strict=True)) for x in range(1, shares + 1)]


def join(parts: dict[int, bytes]) -> bytes:
    """The secret from values at different places; too few of them give something else."""
    weights = {x: _weight(x, parts) for x in parts}
    return bytes(
        _sum(multiply(weights[x], part[index]) for x, part in parts.items())
        for index in range(len(next(iter(parts.values()))))
    )


def print_shares(keys: Keys, name: str) -> list[list[str]]:
    """Three shares of one key-encryption key and the index key, as lines to be written down."""
    secret = keys.wrapping[name] + keys.index
    check = _digest(secret)[:_CHECK]
    printed = []
    for x, part in enumerate(split(secret), start=1):
        raw = bytes([_FORMAT << 4 | x]) + int(name[1:]).to_bytes(2, "big") + check + part
        printed.append([_line(number, raw[number * _LINE :][:_LINE]) for number in range(LINES)])
    return printed


def read_shares(lines: Sequence[str]) -> Keys:
    """The keys from the lines of two shares, one after the other, in any writing and order of shares.

    Raises ShareMistyped, SharesDoNotFit.
    """
    given = [line for line in lines if line.strip()]
    if len(given) != NEEDED * LINES:
        raise SharesDoNotFit(f"{NEEDED} shares of {LINES} lines are needed; these are {len(given)} lines")
    raws = [_share(index + 1, given[index * LINES :][:LINES]) for index in range(NEEDED)]
    if len({raw[0] for raw in raws}) < NEEDED:
        raise SharesDoNotFit("this is twice the same share: take another one")
    if len({raw[1 : _HEAD + _CHECK] for raw in raws}) > 1:
        raise SharesDoNotFit("these shares were printed at different times: take two of one printing")
    secret = join({raw[0] & 15: raw[_HEAD + _CHECK :] for raw in raws})
    if _digest(secret)[:_CHECK] != raws[0][_HEAD : _HEAD + _CHECK]:
        raise SharesDoNotFit("these shares are not of one printing: take two of one printing")
    name = f"k{int.from_bytes(raws[0][1:_HEAD], 'big')}"
    return Keys(current=name, wrapping={name: secret[:32]}, index=secret[32:])


def _at(x: int, coefficients: Iterable[int]) -> int:
    value = 0
    for coefficient in reversed(list(coefficients)):
        value = multiply(value, x) ^ coefficient
    return value


def _weight(x: int, places: Iterable[int]) -> int:
    weight = 1
    for other in places:
        if other != x:
            weight = multiply(weight, multiply(other, inverse(other ^ x)))
    return weight


def _sum(values: Iterable[int]) -> int:
    total = 0
    for value in values:
        total ^= value
    return total


def _line(number: int, raw: bytes) -> str:
    signs = _written(int.from_bytes(raw, "big"), 16)
    groups = " ".join(signs[start : start + 4] for start in range(0, 16, 4))
    return f"{groups} {_check(number, raw)}"


def _share(share: int, lines: Sequence[str]) -> bytes:
    raw = b"".join(_read(share, number, line) for number, line in enumerate(lines))
    if raw[0] >> 4 != _FORMAT:
        raise SharesDoNotFit("this share was printed by another version of the program")
    return raw


def _read(share: int, number: int, line: str) -> bytes:
    signs = [sign for sign in line.upper() if sign not in " -\t\r\n"]
    if len(signs) != 18 or any(sign not in _READ for sign in signs):
        raise ShareMistyped(share, number + 1)
    value = 0
    for sign in signs[:16]:
        value = value << 5 | _READ[sign]
    raw = value.to_bytes(_LINE, "big")
    if [_READ[sign] for sign in signs[16:]] != [_READ[sign] for sign in _check(number, raw)]:
        raise ShareMistyped(share, number + 1)
    return raw


def _check(number: int, raw: bytes) -> str:
    return _written(int.from_bytes(_digest(bytes([number]) + raw)[:2], "big") & 1023, 2)


def _written(value: int, length: int) -> str:
    return "".join(_SIGNS[value >> 5 * place & 31] for place in reversed(range(length)))


def _digest(raw: bytes) -> bytes:
    return hashlib.sha256(b"abarona recovery share" + raw).digest()
