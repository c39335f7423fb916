"""Sealing a text that belongs to no row of a person, such as the secret of a sign-in device."""

from typing import cast

from vault import keys, sealing


def lock(label: str, text: str) -> str:
    """Seal under the organisation's own key; ``label`` must be given again to open."""
    return sealing.seal(keys.data_key(keys.ORGANISATION), text, f"box|{label}")


def unlock(label: str, token: str) -> str:
    """The text. Raises sealing.SealBroken."""
    return cast(str, sealing.open_token(keys.data_key(keys.ORGANISATION), token, f"box|{label}"))
