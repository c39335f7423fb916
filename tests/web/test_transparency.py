"""Checkpoints in public, for auditors, and for machines: what is told, and that it verifies."""

import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from audit import log, verifier
from audit.actors import SYSTEM
from audit.checkpoints import keys, signing
from audit.models import Event
from tests import people
from tests.plugins.tampering import tamper
from tests.web.desk import Desk, signed_in
from tests.web.visitors import text_of

pytestmark = pytest.mark.django_db
API = "/api/v1/public/"


@pytest.fixture(autouse=True)
def _key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "path", lambda: tmp_path / "log.json")


def test_before_the_first_checkpoint_it_says_so(client: Client) -> None:
    assert "Nothing has been signed yet" in text_of(client.get("/en/transparency/"))
    for address in ("latest.txt", "checkpoints/1.txt"):
        assert client.get(f"/transparency/{address}").status_code == 404
    for address in ("checkpoint/", "log/consistency/?first=1", "log/inclusion/?seq=0"):
        assert client.get(API + address).status_code == 404
    assert client.get(API + "checkpoints/").json() == []


def test_anybody_can_check_the_log_with_what_is_published(client: Client, at: object) -> None:
    """From the first page to the verifier's yes, over a change of keys; no event is told."""
    people.coordinator()
    first = signing.checkpoint_now(by=SYSTEM, at=at)
    signing.rotate_signing_key(by=SYSTEM, at=at)
    second = signing.checkpoint_now(by=SYSTEM, at=at)
    page = client.get("/en/transparency/")
    text = text_of(page)
    (key, later) = (key.text for key in signing.public_keys())
    assert key in text
    assert later in text
    assert "<script" not in page.content.decode()
    assert client.get("/ru/transparency/").status_code == client.get("/be/transparency/").status_code == 200
    old, new = (
        client.get(f"/transparency/checkpoints/{row.size}.txt").content.decode() for row in (first, second)
    )
    assert client.get("/transparency/latest.txt").content.decode() == new
    trusted = verifier.follow_handovers(key, client.get("/transparency/keys.txt").content.decode())
    assert trusted == [key, later]
    (_o, size_1, root_1), (_o, size_2, root_2) = (verifier.read_head(note, trusted) for note in (old, new))
    proof = client.get(API + "log/consistency/", {"first": size_1}).json()
    hashes = [bytes.fromhex(text) for text in proof["hashes"]]
    assert (proof["first"], proof["second"]) == (size_1, size_2)
    assert verifier.consistency_holds(size_1, size_2, root_1, root_2, hashes)
    event = Event.objects.get(seq=1)
    leaf = verifier.leaf_hash(event.body.encode())
    for query in ({"seq": 1}, {"leaf": leaf.hex()}, {"seq": 1, "size": size_2}):
        answer = client.get(API + "log/inclusion/", query)
        proof = answer.json()
        path = [bytes.fromhex(text) for text in proof["hashes"]]
        assert verifier.inclusion_holds(leaf, 1, size_2, path, root_2)
        assert event.kind not in answer.content.decode()
        assert str(event.action_id) not in answer.content.decode()
    listed = client.get(API + "checkpoints/").json()
    assert [row["size"] for row in listed] == [size_2, size_1]
    assert client.get(API + "checkpoint/").json()["note"] == new
    assert client.get(API + "checkpoint/", {"size": size_1}).json()["note"] == old
    assert [row["public_key"] for row in client.get(API + "log/keys/").json()] == trusted


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("checkpoint/?size=x", 400), ("checkpoint/?size=-1", 400), ("checkpoint/?size=%D9%A1", 400),
        ("checkpoint/?size=99999999999999999999", 400), ("checkpoint/?size=0", 404),
        ("log/inclusion/", 400), ("log/inclusion/?leaf=xyz", 400), ("log/inclusion/?leaf=" + "0" * 64, 404),
        ("log/inclusion/?seq=0&size=99999", 404), ("log/inclusion/?seq=99999", 404),
        ("log/consistency/", 400), ("log/consistency/?first=0", 404),
        ("log/consistency/?first=1&second=99999", 404),
    ],
)  # fmt: skip
def test_wrong_questions_are_refused(client: Client, at: object, address: str, status: int) -> None:
    people.coordinator()
    signing.checkpoint_now(by=SYSTEM, at=at)
    assert client.get(API + address).status_code == status


def test_the_verifier_is_served_as_it_is_tested(client: Client) -> None:
    served = client.get("/transparency/verifier.py")
    assert served.content == Path(verifier.__file__).read_bytes()
    assert "attachment" in served["Content-Disposition"]


def test_auditors_take_notes_and_proofs(at: object) -> None:
    desk = Desk.made()
    assert desk.who_enters("desk:checkpoints") == {"auditor", "second-officer"}
    client = signed_in(desk.auditor)
    page = reverse("desk:checkpoints")
    proof = reverse("desk:log-proof")
    assert "Nothing has been signed yet" in text_of(client.get(page))
    assert client.get(proof, {"seq": 0}).status_code == 404
    made = signing.checkpoint_now(by=SYSTEM, at=at)
    signing.rotate_signing_key(by=SYSTEM, at=at)
    text = text_of(client.get(page))
    assert "The log still has it" in text
    assert signing.public_keys()[1].text in text
    assert client.get(reverse("desk:checkpoint", args=[made.size])).content.decode() == made.note
    assert client.get(reverse("desk:checkpoint", args=[made.size + 9])).status_code == 404
    told = client.get(proof, {"seq": 0})
    assert "attachment" in told["Content-Disposition"]
    path = [bytes.fromhex(text) for text in json.loads(told.content)["hashes"]]
    leaf = verifier.leaf_hash(Event.objects.get(seq=0).body.encode())
    assert verifier.inclusion_holds(leaf, 0, made.size, path, log.root_at(made.size))
    assert client.get(proof, {"first": 1, "size": made.size}).json()["second"] == made.size
    for query in ({}, {"seq": 0, "first": 1}, {"seq": "x"}, {"seq": 99_999}):
        assert client.get(proof, query).status_code == 404


def test_a_checkpoint_that_the_log_no_longer_has_is_shown(at: object) -> None:

    desk = Desk.made()
    signing.checkpoint_now(by=SYSTEM, at=at)
    tamper("update audit_checkpoint set size = 1048576")
    page = signed_in(desk.auditor).get(reverse("desk:checkpoints"))
    assert "The log has another" in text_of(page)
