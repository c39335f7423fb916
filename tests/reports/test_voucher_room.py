"""Samples that nobody steers, vouchers that take three people and end, findings with two sides."""

import datetime
import io
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction
from PIL import Image

from accounts.actions.people import EndsTooSoon, NeedsEnd, grant_role, role_terms
from accounts.approvals import NeedsSecondPerson, SamePerson, decide_approval, request_approval
from audit import verifier
from audit.checkpoints import signing
from reports.archive.building import items_csv
from reports.audit_pack.inspecting import inspect
from reports.audit_pack.procedures import Procedure
from reports.consistency import Place, between
from reports.findings import actions as findings
from reports.sampling_room import actions, looking, pages
from reports.sampling_room.models import Sample, Unsealing
from reports.scope import position_now
from tests import people
from tests.reports.auditing import FROM, TO, WORDS, claim, guest, pay, picture
from tests.treasury.world import AT, WORKER, World, key, raw
from treasury.actions.vouchers import add_voucher_file
from treasury.kinds import Category
from treasury.models import VoucherFile
from vault import files
from vault.reading import NoReader, reading

pytestmark = pytest.mark.django_db
LATER = AT + datetime.timedelta(hours=5)


@pytest.fixture
def world(db: None, tmp_path: Any, settings: Any) -> World:
    settings.FILES_DIR, settings.REPORTS_DIR = tmp_path / "files", tmp_path
    made = World.made()
    made.ceiling(travel=60_000)
    for amount in (9_000, 700, 3_000):
        pay(made, made.approved(claim(made, amount, category=Category.TRAVEL)))
    return made


def draw(world: World, by: Any, nonce: str = "3 1 4 1 5 9", size: int = 40) -> Sample:
    point = signing.checkpoint_now(by=WORKER, at=AT)
    return actions.draw_sample(
        checkpoint=point, starts_on=FROM, ends_on=TO, nonce=nonce, size=size, by=by, at=AT
    )


def test_a_sample_is_drawn_again_by_the_verifier_and_steered_by_nobody(world: World, tmp_path: Any) -> None:
    auditor = guest()
    sample = draw(world, auditor, size=2)
    path = tmp_path / "items.csv"
    path.write_bytes(b"".join(items_csv(sample)))
    root = bytes.fromhex(sample.checkpoint.root_hash)
    again = verifier.draw(verifier.read_items(path), root, sample.nonce, sample.size)
    kept = [(str(item.journal_id), item.amount_minor, item.hits) for item in sample.drawn.order_by("journal")]
    assert sorted((name, amount, len(units)) for name, amount, units in again) == sorted(kept)
    # What the organisation books after the checkpoint is not in it, whatever it books.
    pay(world, world.approved(claim(world, 30_000, category=Category.TRAVEL)))
    older = actions.draw_sample(
        checkpoint=sample.checkpoint, starts_on=FROM, ends_on=TO, nonce="another one", size=2,
        by=auditor, at=AT,
    )  # fmt: skip
    assert (older.items, older.total_minor) == (3, 12_700)
    assert draw(world, auditor).total_minor == 42_700
    assert [one.number for one in Sample.objects.order_by("number")] == [1, 2, 3]
    for wrong, refusal in (
        ({"nonce": "short"}, actions.NonceTooShort),
        ({"size": 401}, actions.SampleTooLarge),
        (
            {"starts_on": datetime.date(2020, 1, 1), "ends_on": datetime.date(2020, 2, 1)},
            actions.NothingToDraw,
        ),
    ):
        chosen = {"starts_on": FROM, "ends_on": TO, "nonce": "long enough", "size": 4, **wrong}
        with pytest.raises(refusal):
            actions.draw_sample(checkpoint=sample.checkpoint, by=auditor, at=AT, **chosen)


def asked(world: World, auditor: Any) -> Unsealing:
    item = draw(world, auditor).drawn.get(amount_minor=9_000)
    return actions.ask_voucher(item=item, by=auditor, at=AT)


def agree(unsealing: Unsealing, by: Any, second: Any, hours: int = 4) -> None:
    terms = actions.unsealing_terms(unsealing, hours)
    wanted = request_approval(kind=actions.KIND, object_id=unsealing.pk, payload=terms, by=by, at=AT)
    decide_approval(approval=wanted, agrees=True, by=second, at=AT)


def test_a_voucher_takes_three_people_and_ends(world: World) -> None:
    auditor = guest()
    unsealing = asked(world, auditor)
    with pytest.raises(actions.AskedBefore):
        actions.ask_voucher(item=unsealing.item, by=auditor, at=AT)
    with pytest.raises(NeedsSecondPerson):
        actions.unseal_voucher(unsealing=unsealing, hours=4, by=world.treasurer, at=AT)
    with pytest.raises(SamePerson):
        agree(unsealing, world.treasurer, world.treasurer)
    agree(unsealing, world.treasurer, world.second)
    with pytest.raises(NeedsSecondPerson):  # other hours than those that were agreed to
        actions.unseal_voucher(unsealing=unsealing, hours=72, by=world.treasurer, at=AT)
    actions.unseal_voucher(unsealing=unsealing, hours=4, by=world.treasurer, at=AT)
    assert looking.open_to(auditor, AT, unsealing.pk)
    assert looking.open_to(auditor, LATER, unsealing.pk) is None
    assert looking.open_to(guest("quince"), AT, unsealing.pk) is None
    with pytest.raises(actions.NotWaiting):
        actions.close_voucher(unsealing=unsealing, by=auditor, at=LATER)
    again = actions.ask_voucher(item=unsealing.item, by=auditor, at=LATER)
    assert again.opened_at is None


def test_an_auditor_opens_none_to_themselves(world: World) -> None:
    both = people.person("sorb", "auditor", "treasurer", "second-officer")
    unsealing = asked(world, both)
    agree(unsealing, world.treasurer, both)
    with pytest.raises(actions.OwnVoucher):
        actions.unseal_voucher(unsealing=unsealing, hours=4, by=world.treasurer, at=AT)
    with pytest.raises(actions.OwnVoucher):
        actions.unseal_voucher(unsealing=unsealing, hours=4, by=both, at=AT)
    for opened, second in ((both, world.second), (world.second, both), (world.second, world.second)):
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            raw(
                "update reports_unsealing set opened_by = %s, second_by = %s, opened_at = %s, until = %s"
                " where id = %s",
                opened.actor_id, second.actor_id, AT, LATER, key(unsealing.pk),
            )  # fmt: skip


def test_documents_are_drawn_without_keys_and_only_in_a_reading(world: World) -> None:
    unsealing = asked(world, guest())
    scan = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(scan, "PDF")
    for content in (picture(), WORDS, scan.getvalue()):
        made = files.clean(content)
        add_voucher_file(claim=unsealing.item.claim, content=made, by=world.treasurer, at=AT)
    shown = {row.file.type: row for row in looking.documents_of(unsealing)}
    with pytest.raises(NoReader):
        looking.draw(shown["png"], "mark")
    with reading("staff:x", "test") as opened:
        plain, marked = (looking.draw(shown["png"], mark, 0).picture for mark in ("", "damson 2026"))
        assert plain
        assert marked
        assert plain != marked
        assert looking.draw(shown["text"], "mark").words == [WORDS.decode()]
        page = looking.draw(shown["pdf"], "mark", 0)
        assert page.picture
        assert page.sheets == 1
        assert Image.open(io.BytesIO(page.picture)).width == pages.WIDEST
        assert opened.opened[world_subject(shown["png"])] == {"file.voucher"}
        files.path_of(shown["text"].file).write_bytes(b"not what was sealed")
        with pytest.raises(looking.NotDrawable):
            looking.draw(shown["text"], "mark")
    assert inspect(by=WORKER, at=AT).files_changed == 1


def world_subject(row: VoucherFile) -> Any:
    return row.file.subject_id


def test_a_finding_has_two_sides(world: World) -> None:
    auditor = guest()
    with pytest.raises(findings.NoWords):
        findings.raise_finding(procedure=Procedure.RATES, words=" ", by=auditor, at=AT)
    made = findings.raise_finding(procedure=Procedure.RATES, words="Which?", by=auditor, at=AT)
    with pytest.raises(findings.NotAnswered):
        findings.close_finding(finding=made, words="So.", stands=True, by=auditor, at=AT)
    with pytest.raises(findings.OwnFinding):
        findings.answer_finding(finding=made, words="This.", by=auditor, at=AT)
    findings.answer_finding(finding=made, words="This.", by=world.treasurer, at=AT)
    with pytest.raises(findings.AnswersOwn):
        findings.close_finding(finding=made, words="So.", stands=False, by=world.treasurer, at=AT)
    findings.ask_again(finding=made, words="And that?", by=auditor, at=AT)
    findings.answer_finding(finding=made, words="That too.", by=world.treasurer, at=AT)
    findings.close_finding(finding=made, words="So.", stands=True, by=auditor, at=AT)
    with pytest.raises(findings.FindingClosed):
        findings.ask_again(finding=made, words="More.", by=auditor, at=AT)
    assert list(made.remarks.values_list("kind", flat=True)).count("answer") == 2
    for sql in (
        "update reports_finding set answered_by = raised_by",
        "update reports_finding set stands = null",
    ):
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            raw(sql)


def test_auditors_are_guests(world: World) -> None:
    admin, whom = people.administrator(), people.stranger()
    until = AT + datetime.timedelta(days=9)
    with pytest.raises(NeedsEnd):
        grant_role(user=whom, role="auditor", by=admin, at=AT)
    with pytest.raises(EndsTooSoon):
        grant_role(user=whom, role="auditor", until=AT, by=admin, at=AT)
    terms = role_terms("auditor", until)
    wanted = request_approval(kind="role.grant", object_id=whom.pk, payload=terms, by=admin, at=AT)
    decide_approval(approval=wanted, agrees=True, by=world.second, at=AT)
    later = until + datetime.timedelta(days=1)
    with pytest.raises(NeedsSecondPerson):  # a later end than the one that was agreed to
        grant_role(user=whom, role="auditor", until=later, by=admin, at=AT)
    given = grant_role(user=whom, role="auditor", until=until, by=admin, at=AT)
    assert given.until == until
    # The machine's clock is past that day already: the role gives nothing, before anybody has ended it.
    whom.refresh_from_db()
    assert given.ended_at is None
    assert not whom.has("audit.see")


def test_books_without_a_fault_are_funded_once_and_stay_one_log(world: World) -> None:
    out = io.StringIO()
    call_command("prove_funding", stdout=out)
    assert "No cost is in two" in out.getvalue()
    first = position_now()
    draw(world, guest())
    last = position_now()
    places = [Place(one.log_size, one.root_hex) for one in (first, last)]
    assert between(*places).holds
    assert between(*reversed(places)).holds
    forged = Place(first.log_size, "00" * 32)
    assert not between(forged, places[1]).holds
    assert not between(places[0], Place(last.log_size + 9, last.root_hex)).holds
