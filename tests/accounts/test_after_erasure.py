"""After people are erased, what was proved before still is: reports, inclusion in the log, the books."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from audit import verifier
from audit.actors import SYSTEM
from audit.checkpoints import signing
from audit.models import Event
from audit.proof import paths
from lawyers.actions.panel import add_lawyer
from lawyers.models import Lawyer
from reports.verification import verify
from tests import people
from tests.accounts.erasing import erase
from tests.treasury.world import AT, World
from treasury.actions.payments import pay_claim
from treasury.models import Payee
from vault import reading
from vault.fields import ERASED

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def test_reports_and_proofs_of_before_still_hold(tmp_path: Path, settings: Any) -> None:
    settings.REPORTS_DIR = tmp_path / "issued"
    world, admin = World.made(), people.administrator()
    lawyer = add_lawyer(code_name="Heron-03", name="Invented Лоер", by=people.coordinator(), at=AT)
    world.ceiling(fee=50_000)
    claim = world.approved(world.claim(10_000))
    pay_claim(claim=claim, by=world.treasurer, at=AT)
    folder = tmp_path / "out"
    call_command(
        "build_report", "trial-balance", "--from", "2026-01-01", "--to", "2026-12-31", "--format", "json,csv",
        "--out", str(folder),
    )  # fmt: skip
    signed = signing.checkpoint_now(by=SYSTEM, at=AT)
    about = Event.objects.filter(subjects__subject_id=str(claim.payee_id), kind="claim.paid").get()
    bodies = about.body.encode()
    proof = paths.inclusion(about.seq, signed.size)

    for person in (claim.payee_id, lawyer.pk):
        erase(person, admin, world.second, AT)
    with reading.reading("staff:x", "test"):
        assert Payee.objects.get(pk=claim.payee_id).name is ERASED
        left = Lawyer.objects.get(pk=lawyer.pk)
        assert (left.name, left.contact, left.code_name) == (ERASED, ERASED, "Heron-03")
        assert left.history.earliest().name is ERASED

    # The verifier that outsiders run, with what they kept: the note, the event and the proof of before.
    (key,) = signing.public_keys()
    _origin, size, root = verifier.read_head(signed.note, [key.text])
    leaf = verifier.leaf_hash(bodies)
    assert verifier.inclusion_holds(leaf, about.seq, size, proof, root)
    assert paths.inclusion(about.seq, signed.size) == proof
    assert Event.objects.get(pk=about.pk).body.encode() == bodies
    later = signing.checkpoint_now(by=SYSTEM, at=AT + DAY)
    grown = paths.consistency(signed.size, later.size)
    assert verifier.consistency_holds(signed.size, later.size, root, bytes.fromhex(later.root_hash), grown)
    # The mutant: an erasure that took the name out of the event would break the proof.
    assert not verifier.inclusion_holds(
        verifier.leaf_hash(bodies.replace(str(claim.payee_id).encode(), b"erased")),
        about.seq,
        size,
        proof,
        root,
    )
    for path in sorted(folder.iterdir()):
        assert verify(path).ok, verify(path).problems
        call_command("verify_report", str(path))
    call_command("verify")
    call_command("check_money")
