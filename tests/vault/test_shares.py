"""Two of three shares bring the keys back; one tells nothing, a slip of the pen is found."""

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault import papers, shares
from vault.keyfile import Keys

KEYS = Keys(current="k7", wrapping={"k7": bytes(range(32))}, index=bytes(range(100, 132)))
BYTE = st.integers(0, 255)


def test_multiplication_is_that_of_aes() -> None:
    assert shares.multiply(0x57, 0x83) == 0xC1  # FIPS 197, 4.2
    assert shares.multiply(0x57, 0x13) == 0xFE
    assert all(shares.multiply(a, shares.inverse(a)) == 1 for a in range(1, 256))
    with pytest.raises(ZeroDivisionError):
        shares.inverse(0)


@given(BYTE, BYTE, BYTE)
def test_it_is_a_field(a: int, b: int, c: int) -> None:
    assert shares.multiply(a, b) == shares.multiply(b, a)
    assert shares.multiply(a, b ^ c) == shares.multiply(a, b) ^ shares.multiply(a, c)
    assert shares.multiply(a, shares.multiply(b, c)) == shares.multiply(shares.multiply(a, b), c)


@given(st.binary(min_size=1, max_size=40), st.integers(2, 4))
def test_any_so_many_join(secret: bytes, needed: int) -> None:
    parts = dict(enumerate(shares.split(secret, shares=5, needed=needed), start=1))
    for some in itertools.combinations(parts, needed):
        assert shares.join({x: parts[x] for x in some}) == secret


def test_one_share_alone_fits_every_secret() -> None:
    """For each byte of one share there is, for each secret, exactly one second share that fits."""
    seen = {shares.join({1: b"\x42", 2: bytes([other])}) for other in range(256)}
    assert len(seen) == 256


@pytest.mark.parametrize("pair", list(itertools.permutations(range(3), 2)), ids=str)
def test_any_two_sheets_in_any_order_give_the_keys(pair: tuple[int, int]) -> None:
    printed = shares.print_shares(KEYS, "k7")
    typed = [line.lower().replace(" ", "") for number in pair for line in ["", *printed[number]]]
    assert shares.read_shares(typed) == KEYS


def test_letters_that_look_alike_are_read_alike() -> None:
    printed = shares.print_shares(KEYS, "k7")
    typed = [line.replace("0", "O").replace("1", "l") for line in printed[0] + printed[2]]
    assert shares.read_shares(typed) == KEYS


def test_every_single_slip_and_swap_is_found_or_harmless() -> None:
    lines = [line for share in shares.print_shares(KEYS, "k7")[:2] for line in share]
    dice = random.Random(5)
    found = 0
    for turn in range(400):
        at = dice.randrange(len(lines))
        signs = list(lines[at].replace(" ", ""))
        place = dice.randrange(17)
        if turn % 2:
            signs[place] = dice.choice([s for s in "0123456789ABCDEFGHJKMNPQRSTVWXYZ" if s != signs[place]])
        else:
            signs[place], signs[place + 1] = signs[place + 1], signs[place]
        typed = [*lines[:at], "".join(signs), *lines[at + 1 :]]
        if "".join(signs) == lines[at].replace(" ", ""):
            continue
        with pytest.raises((shares.ShareMistyped, shares.SharesDoNotFit)) as told:
            shares.read_shares(typed)
        if isinstance(told.value, shares.ShareMistyped):
            found += (told.value.share, told.value.line) == (at // 7 + 1, at % 7 + 1)
    assert found > 380  # ten bits of check for each line: the line itself is named


def test_shares_that_do_not_belong_together_are_refused() -> None:
    first, again = shares.print_shares(KEYS, "k7"), shares.print_shares(KEYS, "k7")
    other = shares.print_shares(Keys("k8", {"k8": bytes(32)}, bytes(32)), "k8")
    for typed, word in (
        (first[0], "are needed"),
        (first[0] + first[0], "same share"),
        (first[0] + again[1], "not of one printing"),
        (first[0] + other[1], "different times"),
        ([line[:-1] for line in first[0]] + first[1], "mistyped"),
        (["?" * 18, *first[0][1:], *first[1]], "mistyped"),
    ):
        with pytest.raises((shares.SharesDoNotFit, shares.ShareMistyped), match=word):
            shares.read_shares(typed)


def test_a_share_of_a_later_format_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "_FORMAT", 2)
    later = shares.print_shares(KEYS, "k7")
    monkeypatch.undo()
    with pytest.raises(shares.SharesDoNotFit, match="another version"):
        shares.read_shares(later[0] + later[1])


def test_sheets_hold_everything_and_no_more() -> None:
    lines = list(papers.sheets(KEYS, "k7"))
    rows = [line.strip() for line in lines if line.startswith("    ")]
    assert len(rows) == 21
    assert shares.read_shares(rows[7:]) == KEYS
