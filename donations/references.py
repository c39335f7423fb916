"""References that come back from outside: ours if they can be read, nothing otherwise."""

import uuid


def read_uuid(text: str | None) -> uuid.UUID | None:
    """The id in a text, None for anything else."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
