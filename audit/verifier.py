#!/usr/bin/env python3
"""Check signed checkpoints, proofs, an exported log and a drawn sample, without trusting whoever runs it.

One file, Python 3.9 or newer, standard library only: read it before you run it. It opens no connection.

  verifier.py checkpoint NOTE --key KEY [--keys HANDOVERS]
  verifier.py inclusion NOTE --key KEY --proof PROOF.json [--event EVENT.txt]
  verifier.py consistency OLDER-NOTE NEWER-NOTE --key KEY --proof PROOF.json
  verifier.py log NOTE --key KEY --export LOG.txt
  verifier.py sample ITEMS.json|ITEMS.csv --root HEX --nonce WORDS --size N

KEY is the verifier key you noted when you first met the log ("name+id+key"), not one you fetch with each
checkpoint. Exit status: 0 it holds, 1 it does not, 2 the command was used wrongly.
"""

from __future__ import annotations

import argparse
import base64
import csv
import hashlib
import json
import sys
from pathlib import Path

# Ed25519 (RFC 8032, section 5.1). Verifying only: no secret passes through here, so no time is hidden.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = tuple[int, int, int, int]  # extended coordinates X, Y, Z, T with XY = ZT


class Refused(Exception):
    """It does not hold; the text says what."""


def _x_of(y: int, odd: int) -> int:
    if y >= P:
        raise Refused("a point is not in its shortest form")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and odd):
        raise Refused("this is no point of the curve")
    return P - x if x & 1 != odd else x


def _point(raw: bytes) -> Point:
    number = int.from_bytes(raw, "little")
    y = number & ((1 << 255) - 1)
    x = _x_of(y, number >> 255)
    return x, y, 1, x * y % P


def _add(one: Point, two: Point) -> Point:
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(factor: int, point: Point) -> Point:
    found: Point = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            found = _add(found, point)
        point, factor = _add(point, point), factor >> 1
    return found


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519_holds(public: bytes, text: bytes, signature: bytes) -> bool:
    """Whether the 64 bytes sign the text under the 32-byte public key."""
    if len(public) != 32 or len(signature) != 64:
        return False
    try:
        key, nonce = _point(public), _point(signature[:32])
    except Refused:
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= L:
        return False
    digest = hashlib.sha512(signature[:32] + public + text).digest()
    left, right = _times(s, BASE), _add(nonce, _times(int.from_bytes(digest, "little") % L, key))
    same_x = (left[0] * right[2] - right[0] * left[2]) % P == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % P == 0


# Signed notes and checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint).


def _unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Refused("something that should be base64 is not") from None


def read_key(text: str) -> tuple[str, bytes, bytes]:
    """Name, key id and public key of a verifier key."""
    name, _plus, rest = text.strip().partition("+")
    shown, _plus, encoded = rest.partition("+")
    raw = _unbase64(encoded)
    key_id = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if len(raw) != 33 or raw[:1] != b"\x01" or key_id.hex() != shown:
        raise Refused("this is not an Ed25519 verifier key")
    return name, key_id, raw[1:]


def open_note(note: str, keys: list[str]) -> str:
    """The text of a note that a known key signed. A line of a known key that is wrong refuses the note."""
    head, gap, tail = note.rpartition("\n\n")
    if not gap or not tail.endswith("\n") or any(letter < " " and letter != "\n" for letter in note):
        raise Refused("this is not a signed note")
    text, signed = head + "\n", False
    known = {(name, key_id): public for name, key_id, public in map(read_key, keys)}
    for line in tail[:-1].split("\n"):
        dash, _space, rest = line.partition(" ")
        name, _space, encoded = rest.partition(" ")
        raw = _unbase64(encoded)
        if dash != "\u2014" or not name or len(raw) < 5:
            raise Refused("a signature line is malformed")
        public = known.get((name, raw[:4]))
        if public is not None:
            if not ed25519_holds(public, text.encode(), raw[4:]):
                raise Refused("the signature does not fit the text")
            signed = True
    if not signed:
        raise Refused("no key that you trust signed this")
    return text


def follow_handovers(key: str, handovers: str) -> list[str]:
    """The key and those that took over from it, each vouched for by the one before and by itself.

    ``handovers`` are the log's statements, one after another, as /transparency/keys.txt gives them.
    """
    trusted = [key]
    for part in handovers.split("\n\n\n"):
        note = part.strip("\n") + "\n"
        lines = note.split("\n")
        if len(lines) < 5 or lines[1] != "log key handover" or lines[2] != trusted[-1]:
            continue
        open_note(note, [lines[2]])
        open_note(note, [lines[3]])
        trusted.append(lines[3])
    return trusted


def read_head(note: str, keys: list[str]) -> tuple[str, int, bytes]:
    """Origin, size and root of a checkpoint whose signature holds."""
    lines = open_note(note, keys).split("\n")
    if len(lines) < 4 or not all(lines[:-1]) or not lines[1].isdecimal() or str(int(lines[1])) != lines[1]:
        raise Refused("this is not a checkpoint")
    root = _unbase64(lines[2])
    if len(root) != 32:
        raise Refused("the root is not a SHA-256 hash")
    return lines[0], int(lines[1]), root


# The tree (RFC 9162, section 2.1).


def leaf_hash(event: bytes) -> bytes:
    return hashlib.sha256(b"\0" + event).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def tree_root(leaves: list[bytes]) -> bytes:
    """Root over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    while len(leaves) > 1:
        whole = [node_hash(leaves[i], leaves[i + 1]) for i in range(0, len(leaves) - 1, 2)]
        leaves = whole + leaves[len(whole) * 2 :]
    return leaves[0]


def inclusion_holds(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    """Section 2.1.3.2."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def consistency_holds(first: int, second: int, old: bytes, new: bytes, path: list[bytes]) -> bool:
    """Section 2.1.4.2."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and old == new
    if first & (first - 1) == 0:
        path = [old, *path]
    if not path:
        return False
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    left = right = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            left, right = node_hash(sibling, left), node_hash(sibling, right)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            right = node_hash(right, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and left == old and right == new


# The auditors' sample: see audit/sampling.py or /transparency/ for the rule in words.


def draw(
    items: list[tuple[str, int]], root: bytes, nonce: str, size: int
) -> list[tuple[str, int, list[int]]]:
    """Ids, amounts and drawn units of money, in the order of ids."""
    if len(root) != 32 or size < 1 or len(dict(items)) != len(items) or any(a < 0 for _i, a in items):
        raise Refused("the root has 32 bytes, ids are unique, amounts and the size of the sample positive")
    laid = sorted(items, key=lambda item: item[0].encode())
    total = sum(amount for _id, amount in laid)
    seed, units = hashlib.sha256(root + nonce.encode()).digest(), []
    for cell in range(size):
        low, high = cell * total // size, (cell + 1) * total // size
        if high > low:
            drawn = int.from_bytes(hashlib.sha256(seed + cell.to_bytes(8, "big")).digest(), "big")
            units.append(low + drawn % (high - low))
    found, low = [], 0
    for name, amount in laid:
        hits = [unit for unit in units if low <= unit < low + amount]
        if hits:
            found.append((name, amount, hits))
        low += amount
    return found


def read_items(path: Path) -> list[tuple[str, int]]:
    """JSON: a list of {"id", "amount_minor"}; CSV: columns of the same names."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = json.load(file) if path.suffix == ".json" else list(csv.DictReader(file))
    return [(str(row["id"]), int(row["amount_minor"])) for row in rows]


# The command line.


def _keys(asked: argparse.Namespace) -> list[str]:
    if asked.keys is None:
        return [asked.key]
    return follow_handovers(asked.key, asked.keys.read_text(encoding="utf-8"))


def _note(path: Path, asked: argparse.Namespace) -> tuple[str, int, bytes]:
    return read_head(path.read_bytes().decode("utf-8"), _keys(asked))


def _checkpoint(asked: argparse.Namespace) -> str:
    origin, size, root = _note(asked.note, asked)
    return f"signed: {origin}, {size} events, root {root.hex()}"


def _inclusion(asked: argparse.Namespace) -> str:
    _origin, size, root = _note(asked.note, asked)
    proof = json.loads(asked.proof.read_text(encoding="utf-8"))
    leaf = bytes.fromhex(proof["leaf_hash"])
    if asked.event is not None and leaf_hash(asked.event.read_bytes()) != leaf:
        raise Refused("the event is not the one that the proof is about")
    path = [bytes.fromhex(text) for text in proof["hashes"]]
    if proof["size"] != size or not inclusion_holds(leaf, proof["seq"], size, path, root):
        raise Refused("the proof does not lead to the signed root")
    return f"event {proof['seq']} is one of the {size} that were signed"


def _consistency(asked: argparse.Namespace) -> str:
    _origin, first, old = _note(asked.older, asked)
    _origin, second, new = _note(asked.newer, asked)
    proof = json.loads(asked.proof.read_text(encoding="utf-8"))
    path = [bytes.fromhex(text) for text in proof["hashes"]]
    if not consistency_holds(first, second, old, new, path):
        raise Refused("the newer log does not begin with the older one: something was changed or taken out")
    return f"the log of {second} events begins with the {first} that were signed before"


def _log(asked: argparse.Namespace) -> str:
    _origin, size, root = _note(asked.note, asked)
    with asked.export.open("rb") as file:
        leaves = [leaf_hash(line.rstrip(b"\n")) for line in file]
    if len(leaves) < size:
        raise Refused(f"the export has {len(leaves)} events, and {size} were signed")
    if tree_root(leaves[:size]) != root:
        raise Refused("the events are not those that were signed")
    return f"the first {size} of {len(leaves)} events are those that were signed"


def _sample(asked: argparse.Namespace) -> str:
    found = draw(read_items(asked.items), bytes.fromhex(asked.root), asked.nonce, asked.size)
    return "\n".join(f"{name}\t{amount}\t{len(units)}" for name, amount, units in found)


def _words() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = words.add_subparsers(dest="verb", required=True)
    files = {
        "checkpoint": ["note"],
        "inclusion": ["note"],
        "consistency": ["older", "newer"],
        "log": ["note"],
    }
    for verb, names in files.items():
        one = verbs.add_parser(verb)
        for name in names:
            one.add_argument(name, type=Path)
        one.add_argument("--key", required=True)
        one.add_argument("--keys", type=Path, help="the statements of keys that took over")
    for verb in ("inclusion", "consistency"):
        verbs.choices[verb].add_argument("--proof", type=Path, required=True)
    verbs.choices["inclusion"].add_argument("--event", type=Path)
    verbs.choices["log"].add_argument("--export", type=Path, required=True)
    sample = verbs.add_parser("sample")
    sample.add_argument("items", type=Path)
    for name, kind in (("--root", str), ("--nonce", str), ("--size", int)):
        sample.add_argument(name, type=kind, required=True)
    return words


VERBS = {
    "checkpoint": _checkpoint,
    "inclusion": _inclusion,
    "consistency": _consistency,
    "log": _log,
    "sample": _sample,
}


def main(given: list[str] | None = None) -> int:
    """Run one verb; 0 it holds, 1 it does not. argparse leaves with 2."""
    asked = _words().parse_args(given)
    try:
        sys.stdout.write(VERBS[asked.verb](asked) + "\n")
    except Refused as wrong:
        sys.stderr.write(f"NOT verified: {wrong}\n")
        return 1
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        sys.stderr.write(f"NOT verified: a file cannot be read as it should ({type(wrong).__name__})\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
