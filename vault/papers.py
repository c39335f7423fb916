"""Recovery shares as sheets to be written down or printed, one for each keeper."""

from collections.abc import Iterator

from vault import shares
from vault.keyfile import Keys


def sheets(keys: Keys, name: str) -> Iterator[str]:
    """The lines of all sheets. They are shown once and stored nowhere."""
    yield ""
    yield f"RECOVERY SHARES of key {name}. Any {shares.NEEDED} of {shares.SHARES} bring the keys back."
    yield "Write each on a sheet of its own, for three keepers in three places. They are not shown again."
    for number, lines in enumerate(shares.print_shares(keys, name), start=1):
        yield ""
        yield f"  Share {number} of {shares.SHARES}, key {name}"
        for line in lines:
            yield f"    {line}"
    yield ""
    yield "Whoever holds two of them and a copy of the key store reads everything. If two are lost and the"
    yield "key file too, nobody can ever read what is sealed: not you, not us."
    yield ""
