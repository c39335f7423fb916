"""A stream opens whole and in its place, or not at all."""

import io
import os

import pytest

from vault import streams
from vault.sealing import SealBroken

KEY = os.urandom(32)


class Dribble:
    """A source that gives few bytes at a time, as a pipe does."""

    def __init__(self, content: bytes, size: int) -> None:
        self.inner, self.size = io.BytesIO(content), size

    def read(self, size: int = -1, /) -> bytes:
        return self.inner.read(min(size, self.size))


def sealed(content: bytes, bound_to: str = "here") -> bytes:
    return b"".join(streams.seal(KEY, [content[:10], content[10:]], bound_to))


def opened(raw: bytes, key: bytes = KEY, bound_to: str = "here") -> bytes:
    return b"".join(streams.open_stream(key, io.BytesIO(raw), bound_to))


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "CHUNK", 64)


@pytest.mark.parametrize("length", [0, 1, 63, 64, 65, 128, 129, 1000])
def test_it_comes_back(length: int) -> None:
    content = os.urandom(length)
    raw = sealed(content)
    assert opened(raw) == content
    assert b"".join(streams.open_stream(KEY, Dribble(raw, 7), "here")) == content
    assert length < 16 or content[:16] not in raw


def test_any_flipped_bit_is_found() -> None:
    raw = sealed(bytes(150))
    for index in range(len(raw)):
        with pytest.raises(SealBroken):
            opened(raw[:index] + bytes([raw[index] ^ 1]) + raw[index + 1 :])


def test_any_cut_is_found_at_the_borders_of_chunks_too() -> None:
    raw = sealed(bytes(300))
    for length in range(len(raw)):
        with pytest.raises(SealBroken):
            opened(raw[:length])


def test_chunks_cannot_be_swapped_left_out_repeated_or_lent() -> None:
    raw, other = sealed(bytes(300)), sealed(bytes(300))
    size = 64 + 28
    head, chunks = raw[:4], [raw[4 + at : 4 + at + size] for at in range(0, len(raw) - 4, size)]
    lent = other[4 : 4 + size]
    for broken in (
        [chunks[1], chunks[0], *chunks[2:]],
        [chunks[0], *chunks[2:]],
        [chunks[0], *chunks],
        [*chunks, chunks[-1]],
    ):
        with pytest.raises(SealBroken):
            opened(head + b"".join(broken))
    # A chunk of the same place in another stream under the same key and name fits: names are used once.
    assert opened(head + lent + b"".join(chunks[1:])) == bytes(300)
    with pytest.raises(SealBroken):
        opened(head + sealed(bytes(300), "there")[4 : 4 + size] + b"".join(chunks[1:]))


def test_another_key_place_or_version_does_not_open() -> None:
    raw = sealed(b"content")
    for wrong in ({"key": os.urandom(32)}, {"bound_to": "there"}):
        with pytest.raises(SealBroken):
            opened(raw, **wrong)
    with pytest.raises(SealBroken, match="version"):
        opened(b"abs2" + raw[4:])


def test_derived_keys_differ_by_use() -> None:
    assert streams.derived(KEY, "a") != streams.derived(KEY, "b") != KEY
    assert streams.derived(KEY, "a") == streams.derived(KEY, "a")
