"""The code by which a giver finds their gift again; only its digest is kept."""

from accounts.codes import ALPHABET, digest, new_code, plain

__all__ = ["ALPHABET", "digest", "new_code", "plain"]
