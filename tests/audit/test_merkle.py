"""The tree against the definition in RFC 9162, written out a second time."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from audit import merkle


def by_definition(bodies: list[bytes]) -> bytes:
    if not bodies:
        return hashlib.sha256(b"").digest()
    if len(bodies) == 1:
        return hashlib.sha256(b"\0" + bodies[0]).digest()
    split = 1
    while split * 2 < len(bodies):
        split *= 2
    return hashlib.sha256(b"\1" + by_definition(bodies[:split]) + by_definition(bodies[split:])).digest()


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_root_is_the_definitions_root(bodies: list[bytes]) -> None:
    size, peaks = merkle.grow(merkle.leaf_hash(body) for body in bodies)
    assert size == len(bodies)
    assert merkle.root(peaks) == by_definition(bodies)


def test_extending_reports_each_completed_subtree_once() -> None:
    peaks: merkle.Peaks = {}
    made = [node[:2] for size in range(8) for node in merkle.extend(peaks, size, bytes([size]) * 32)]
    assert len(made) == len(set(made)) == 15
    assert set(peaks) == {3}
