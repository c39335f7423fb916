"""Tokens open only as they were made, where they were made."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.sealing import STEP, SealBroken, Token, open_token, seal

KEY = os.urandom(32)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(VALUES)
def test_whatever_goes_in_comes_out(value: object) -> None:
    assert open_token(KEY, seal(KEY, value, "here"), "here") == value


@pytest.mark.parametrize("value", ["", 0, False, None, [], "0"], ids=repr)
def test_empty_values_survive_with_their_type(value: object) -> None:
    opened = open_token(KEY, seal(KEY, value, "here"), "here")
    assert opened == value
    assert type(opened) is type(value)


def test_another_place_does_not_open() -> None:
    with pytest.raises(SealBroken):
        open_token(KEY, seal(KEY, "Alena", "client.name|1|a"), "client.name|2|a")


def test_another_key_does_not_open() -> None:
    with pytest.raises(SealBroken):
        open_token(os.urandom(32), seal(KEY, "Alena", "here"), "here")


def test_any_flipped_letter_does_not_open() -> None:
    token = seal(KEY, "Alena", "here")
    for index in range(3, len(token)):
        swapped = "A" if token[index] != "A" else "B"
        with pytest.raises(SealBroken):
            open_token(KEY, token[:index] + swapped + token[index + 1 :], "here")


def test_cut_tokens_do_not_open() -> None:
    token = seal(KEY, "Alena", "here")
    for length in range(len(token)):
        with pytest.raises(SealBroken):
            open_token(KEY, token[:length], "here")


def test_lengths_hide_in_steps() -> None:
    lengths = {len(seal(KEY, "x" * count, "here")) for count in range(58)}
    assert len(lengths) == 1
    assert STEP == 64


def test_two_seals_of_one_value_differ() -> None:
    assert seal(KEY, "Alena", "here") != seal(KEY, "Alena", "here")
    assert isinstance(seal(KEY, "Alena", "here"), Token)


def test_the_same_bytes_written_otherwise_do_not_open() -> None:
    """Base64 has spare bits at its end: two tokens for one value would let somebody mark a row."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    token = seal(KEY, "Alena", "here")
    last = token.rstrip("=")[-1]
    twin = alphabet[alphabet.index(last) ^ 1]
    padding = token[len(token.rstrip("=")) :]
    assert padding
    with pytest.raises(SealBroken, match="not as written"):
        open_token(KEY, token.rstrip("=")[:-1] + twin + padding, "here")


def test_a_later_version_is_not_guessed_at() -> None:
    with pytest.raises(SealBroken, match="unknown version"):
        open_token(KEY, "s2." + seal(KEY, "Alena", "here")[3:], "here")
