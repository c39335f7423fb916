"""The stand-alone verifier against RFC 8032's vectors, the product's own tree, and the product's sample."""

import csv
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import merkle, sampling, verifier
from audit.checkpoints import notes
from audit.checkpoints.signing import handover_text
from audit.proof import paths, tree

# RFC 8032, section 7.1: secret, public, message, signature.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
]
SIGNER = notes.Signer("orchard.example/log", bytes(range(32)))


@pytest.mark.parametrize(("_secret", "public", "text", "signature"), VECTORS, ids=["1", "2", "3"])
def test_ed25519_vectors(_secret: str, public: str, text: str, signature: str) -> None:
    raw = [bytes.fromhex(part) for part in (public, text, signature)]
    assert verifier.ed25519_holds(*raw)
    assert not verifier.ed25519_holds(raw[0], raw[1] + b"x", raw[2])
    flipped = bytes([raw[2][0] ^ 1]) + raw[2][1:]
    assert not verifier.ed25519_holds(raw[0], raw[1], flipped)


def test_ed25519_refuses_what_is_not_canonical() -> None:
    public, text, signature = (bytes.fromhex(part) for part in VECTORS[1][1:])
    more = int.from_bytes(signature[32:], "little") + verifier.L
    assert not verifier.ed25519_holds(public, text, signature[:32] + more.to_bytes(32, "little"))
    assert not verifier.ed25519_holds(public[:31], text, signature)
    assert not verifier.ed25519_holds(public, text, signature[:63])
    assert not verifier.ed25519_holds((2**255 - 1).to_bytes(32, "little"), text, signature)
    assert not verifier.ed25519_holds((2).to_bytes(32, "little"), text, signature)
    assert not verifier.ed25519_holds((1 | 1 << 255).to_bytes(32, "little"), text, signature)


@settings(max_examples=15, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
def test_ed25519_agrees_with_cryptography(seed: bytes, text: bytes) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = private.public_key().public_bytes_raw(), private.sign(text)
    assert verifier.ed25519_holds(public, text, signature)
    assert not verifier.ed25519_holds(public, text + b"\0", signature)


def stored(leaves: list[bytes]) -> dict[tuple[int, int], bytes]:
    return {
        (level, index): hash_
        for level, row in enumerate(tree.grown(leaves))
        for index, hash_ in enumerate(row)
    }


def hashes(leaves: list[bytes], ranges: list[paths.Range]) -> list[bytes]:
    nodes = stored(leaves)
    return [paths._fold([nodes[place] for place in paths._complete(among)]) for among in ranges]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_proof_holds_and_every_other_root_fails(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 130))
    leaves = [merkle.leaf_hash(bytes([index])) for index in range(size)]
    root = merkle.root(merkle.grow(leaves)[1])
    assert verifier.tree_root(list(leaves)) == root
    index = data.draw(st.integers(0, size - 1))
    path = hashes(leaves, paths.inclusion_ranges(index, size))
    assert verifier.inclusion_holds(leaves[index], index, size, path, root)
    assert not verifier.inclusion_holds(leaves[index], index, size, path, bytes(32))
    assert not verifier.inclusion_holds(bytes(32), index, size, path, root)
    assert not verifier.inclusion_holds(leaves[index], index, size, [*path, root], root)
    assert not verifier.inclusion_holds(leaves[index], size, size, path, root)
    first = data.draw(st.integers(1, size))
    old = merkle.root(merkle.grow(leaves[:first])[1])
    path = hashes(leaves, paths.consistency_ranges(first, size))
    assert verifier.consistency_holds(first, size, old, root, path)
    assert not verifier.consistency_holds(first, size, bytes(32), root, path)
    assert not verifier.consistency_holds(first, size, old, bytes(32), path)
    assert not verifier.consistency_holds(first, size, old, root, [*path, root])
    assert not verifier.consistency_holds(0, size, old, root, path)
    if path:
        assert not verifier.consistency_holds(first, size, old, root, [])


def test_the_empty_tree() -> None:
    assert verifier.tree_root([]) == merkle.root({})
    assert tree.grown([]) == []


ITEMS = st.lists(st.tuples(st.text(min_size=1, max_size=6), st.integers(0, 10**9)), unique_by=lambda i: i[0])


@settings(max_examples=150, deadline=None)
@given(ITEMS, st.binary(min_size=32, max_size=32), st.text(max_size=8), st.integers(1, 40))
def test_both_draw_the_same_sample(items: list[tuple[str, int]], root: bytes, nonce: str, size: int) -> None:
    ours = sampling.draw(items, root=root, nonce=nonce, size=size)
    theirs = verifier.draw(items, root, nonce, size)
    assert [(drawn.id, drawn.amount_minor, list(drawn.units)) for drawn in ours] == theirs
    total = sum(amount for _id, amount in items)
    assert sum(len(drawn.units) for drawn in ours) == min(size, total)
    certain = {name for name, amount in items if total and amount * size >= 2 * total}
    assert certain <= {drawn.id for drawn in ours}


def test_a_sample_by_hand() -> None:
    """The rule written out a third time, for three items and two cells."""
    root, nonce = bytes(range(32)), "plum"
    seed = hashlib.sha256(root + b"plum").digest()
    units = []
    for cell, (low, high) in enumerate([(0, 500), (500, 1000)]):
        number = int.from_bytes(hashlib.sha256(seed + cell.to_bytes(8, "big")).digest(), "big")
        units.append(low + number % (high - low))
    laid = {"a": range(300), "b": range(300, 900), "c": range(900, 1000)}
    expected = {name: tuple(u for u in units if u in place) for name, place in laid.items()}
    drawn = sampling.draw([("c", 100), ("a", 300), ("b", 600)], root=root, nonce=nonce, size=2)
    assert {one.id: one.units for one in drawn} == {name: hits for name, hits in expected.items() if hits}


@pytest.mark.parametrize(
    ("items", "root", "size"),
    [
        ([("a", 1), ("a", 2)], bytes(32), 1),
        ([("a", -1)], bytes(32), 1),
        ([], bytes(31), 1),
        ([], bytes(32), 0),
    ],
    ids=["twice", "negative", "root", "no cell"],
)
def test_both_refuse_the_same(items: list[tuple[str, int]], root: bytes, size: int) -> None:
    with pytest.raises(ValueError):
        sampling.draw(items, root=root, nonce="", size=size)
    with pytest.raises(verifier.Refused):
        verifier.draw(items, root, "", size)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A log of eleven events with two checkpoints, as somebody outside would hold it."""
    events = [json.dumps({"seq": seq}).encode() for seq in range(11)]
    leaves = [merkle.leaf_hash(event) for event in events]
    for size in (5, 11):
        head = notes.TreeHead(SIGNER.name, size, merkle.root(merkle.grow(leaves[:size])[1]))
        (tmp_path / f"{size}.txt").write_bytes(notes.sign(head.text, [SIGNER]).encode())
    (tmp_path / "log.txt").write_bytes(b"".join(event + b"\n" for event in events))
    (tmp_path / "event.txt").write_bytes(events[3])
    path = hashes(leaves, paths.inclusion_ranges(3, 11))
    proof = {"seq": 3, "size": 11, "leaf_hash": leaves[3].hex(), "hashes": [hash_.hex() for hash_ in path]}
    (tmp_path / "in.json").write_text(json.dumps(proof))
    path = hashes(leaves, paths.consistency_ranges(5, 11))
    (tmp_path / "con.json").write_text(json.dumps({"hashes": [hash_.hex() for hash_ in path]}))
    (tmp_path / "items.json").write_text(json.dumps([{"id": "a", "amount_minor": 5}]))
    with (tmp_path / "items.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["id", "amount_minor"], ["a", 5]])
    return tmp_path


KEY = ["--key", SIGNER.key.text]


def asked(folder: Path, words: str) -> int:
    given = [str(folder / word) if (folder / word).exists() else word for word in words.split()]
    return verifier.main([*given, *(KEY if given[0] != "sample" else [])])


@pytest.mark.parametrize(
    "words",
    [
        "checkpoint 11.txt", "inclusion 11.txt --proof in.json --event event.txt",
        "inclusion 11.txt --proof in.json", "consistency 5.txt 11.txt --proof con.json",
        "log 11.txt --export log.txt", "log 5.txt --export log.txt",
        f"sample items.json --root {'00' * 32} --nonce n --size 2",
        f"sample items.csv --root {'00' * 32} --nonce n --size 2",
    ],
)  # fmt: skip
def test_the_command_line_says_yes(folder: Path, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(folder, words) == 0
    assert capsys.readouterr().out


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("11.txt", b"11\n", b"12\n", "checkpoint 11.txt"),
        ("11.txt", b"orchard.example/log ", b"orchid.example/log ", "checkpoint 11.txt"),
        ("11.txt", b"\n\n", b"\n", "checkpoint 11.txt"),
        ("11.txt", b"\xe2\x80\x94", b"-", "checkpoint 11.txt"),
        ("11.txt", b"log ", b"log !", "checkpoint 11.txt"),
        ("event.txt", b"3", b"4", "inclusion 11.txt --proof in.json --event event.txt"),
        ("in.json", b'"seq": 3', b'"seq": 4', "inclusion 11.txt --proof in.json"),
        ("in.json", b'"size": 11', b'"size": 12', "inclusion 11.txt --proof in.json"),
        ("in.json", b"hashes", b"hushes", "inclusion 11.txt --proof in.json"),
        ("con.json", b'["', b'["00', "consistency 5.txt 11.txt --proof con.json"),
        ("log.txt", b'{"seq": 7}', b'{"seq": 8}', "log 11.txt --export log.txt"),
        ("log.txt", b'{"seq": 10}\n', b"", "log 11.txt --export log.txt"),
        ("items.json", b"5", b"-5", f"sample items.json --root {'00' * 32} --nonce n --size 2"),
    ],
)  # fmt: skip
def test_the_command_line_says_no(
    folder: Path, file: str, old: bytes, new: bytes, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = (folder / file).read_bytes()
    assert old in whole
    (folder / file).write_bytes(whole.replace(old, new, 1))
    assert asked(folder, words) == 1
    assert "NOT verified" in capsys.readouterr().err


def test_a_checkpoint_is_more_than_a_signed_text(folder: Path) -> None:
    for text in ("only\none line\n", "o\n5\nAAAA\n"):
        (folder / "5.txt").write_bytes(notes.sign(text, [SIGNER]).encode())
        assert asked(folder, "checkpoint 5.txt") == 1


def test_wrong_use_is_told_apart() -> None:
    with pytest.raises(SystemExit) as stop:
        verifier.main(["checkpoint"])
    assert stop.value.code == 2
    assert verifier.main(["checkpoint", "no-such-file", "--key", "no key"]) == 1


def test_keys_that_took_over_are_trusted_through_the_first_one(folder: Path) -> None:
    second, third = notes.Signer(SIGNER.name, bytes(32)), notes.Signer(SIGNER.name, bytes([9]) * 32)
    chain = [(SIGNER, second), (second, third)]
    handovers = [notes.sign(handover_text(a.name, a.key, b.key), [a, b]) for a, b in chain]
    head = notes.TreeHead(SIGNER.name, 11, bytes(32))
    (folder / "new.txt").write_bytes(notes.sign(head.text, [third]).encode())
    (folder / "keys.txt").write_bytes("\n\n".join(handovers).encode())
    assert asked(folder, "checkpoint new.txt") == 1
    assert asked(folder, "checkpoint new.txt --keys keys.txt") == 0
    # A handover that the old key did not sign leads nowhere.
    forged = notes.sign(handover_text(second.name, second.key, third.key), [third, third])
    (folder / "keys.txt").write_bytes("\n\n".join([handovers[0], forged]).encode())
    assert asked(folder, "checkpoint new.txt --keys keys.txt") == 1


def test_it_needs_nothing_but_the_standard_library(folder: Path) -> None:
    """Run alone, without this project and without installed packages."""
    alone = folder / "verifier.py"
    alone.write_bytes(Path(verifier.__file__).read_bytes())
    words = [sys.executable, "-I", "-S", str(alone), "checkpoint", str(folder / "11.txt"), *KEY]
    run = subprocess.run(words, check=False, capture_output=True, text=True, cwd=folder)
    assert run.returncode == 0, run.stderr
    imported = set(re.findall(r"^(?:import|from) (\w+)", alone.read_text(), re.MULTILINE))
    assert imported <= set(sys.stdlib_module_names)


@pytest.mark.parametrize(("first", "second"), [(3, 8), (5, 6)])
def test_a_path_longer_than_the_tree_proves_nothing(first: int, second: int) -> None:
    leaves = [bytes([n]) * 32 for n in range(second)]
    old, new = (merkle.root(merkle.grow(leaves[:size])[1]) for size in (first, second))
    path = hashes(leaves, paths.consistency_ranges(first, second))
    assert verifier.consistency_holds(first, second, old, new, path)
    assert not verifier.consistency_holds(first, second, old, new, [*path, new])
