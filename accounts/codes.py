"""Codes by which somebody without an account finds their own thing again; only a digest is kept."""

import hashlib
import secrets

# No 0, O, 1, I, L: people copy codes by hand.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
GROUPS, SIZE = 5, 4  # 31^20: nobody guesses one


def new_code() -> str:
    """Twenty random signs in groups of four."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(SIZE)) for _ in range(GROUPS))


def digest(code: str) -> str:
    """What is stored for a code, whatever way it was typed."""
    return hashlib.sha256(plain(code).encode()).hexdigest()


def plain(code: str) -> str:
    """The signs of a code without what people put between them; "" when nothing is left."""
    return "".join(sign for sign in code.upper() if sign in ALPHABET)
