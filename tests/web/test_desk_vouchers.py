"""The files of a claim: sent once, kept without their metadata, opened with a record, gone with the payee."""

import copy
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audit.models import Event, ReadSubject
from tests.treasury.world import AT
from tests.vault.test_cleaning import MARK, document, marked_jpeg, pdf
from tests.web.desk import Desk, send, signed_in, words
from treasury import vouchers
from treasury.actions.vouchers import TooManyFiles, add_voucher_file
from treasury.kinds import PayeeKind
from treasury.models import Claim, VoucherFile
from vault import files, keys
from vault.models import SealedFile


@pytest.fixture
def desk(desk_made: Desk, db: None, tmp_path: Any, settings: Any) -> Desk:
    settings.FILES_DIR = tmp_path / "files"
    cache.clear()
    return copy.deepcopy(desk_made)


def sent(content: bytes, name: str = f"{MARK}.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def add(client: Any, claim: Claim, content: bytes) -> Any:
    return send(client, "desk:voucher-add", claim.pk, file=sent(content))


def test_a_voucher_is_kept_clean_and_opened_with_a_record(desk: Desk, tmp_path: Any) -> None:
    claim = desk.world.claim(4_000)
    treasurer = signed_in(desk.treasurer)
    page = add(treasurer, claim, marked_jpeg())
    assert "The file is sealed and kept." in words(page)
    assert "File 1, JPEG" in words(page)
    voucher = VoucherFile.objects.get()
    assert voucher.file.subject_id == vouchers.subject_of(claim)
    assert "This claim has this very file already." in words(add(treasurer, claim, marked_jpeg()))
    event = Event.objects.filter(kind="voucher.added").get()
    assert voucher.sha256 in event.body
    assert MARK not in event.body
    assert not any(
        MARK.encode() in path.read_bytes() for path in (tmp_path / "files").rglob("*") if path.is_file()
    )

    before = ReadSubject.objects.filter(fields="file.voucher").count()
    answer = treasurer.get(reverse("desk:voucher", args=[voucher.pk]))
    content = answer.getvalue()
    assert content.startswith(b"\xff\xd8\xff")
    assert MARK.encode() not in content
    assert ReadSubject.objects.filter(fields="file.voucher").count() == before + 1
    assert answer["Content-Disposition"] == f'attachment; filename="file-{str(voucher.file_id)[:8]}.jpg"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_strangers_and_readers_of_figures_get_nothing(desk: Desk) -> None:
    claim = desk.world.claim(4_000)
    add(signed_in(desk.treasurer), claim, marked_jpeg())
    voucher = VoucherFile.objects.get()
    for user in (desk.auditor, desk.stranger):
        client = signed_in(user)
        assert client.get(reverse("desk:voucher", args=[voucher.pk])).status_code == 404
        assert client.get(reverse("desk:voucher-add", args=[claim.pk])).status_code == 404
    assert not ReadSubject.objects.filter(fields="file.voucher").exists()
    seen = words(signed_in(desk.auditor).get(reverse("desk:claim", args=[claim.pk])))
    assert "File 1, JPEG" in seen
    assert voucher.sha256[:16] in seen


def test_a_claim_is_entered_with_its_file_and_the_file_is_claimed_once(desk: Desk) -> None:
    claim = desk.world.claim(4_000)
    content = pdf(document())
    fields = {
        "payee": claim.payee_id, "category": "office", "amount": "41.00", "currency": "EUR",
        "voucher_kind": "invoice", "invoiced_on": "2026-03-01",
    }  # fmt: skip
    treasurer = signed_in(desk.treasurer)
    page = send(treasurer, "desk:claim-enter", **fields, voucher=sent(content))
    assert "The claim is entered." in words(page), words(page)
    assert "File 1, PDF" in words(page)
    again = send(treasurer, "desk:claim-enter", **{**fields, "amount": "42.00"}, voucher=sent(content))
    assert "This voucher was claimed before." in words(again)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04", "Save it as PDF"),
        (b"", "This file is empty."),
        (b"\x00\x01", "Send a PDF, a JPEG"),
        (b"x" * 1_000_001, "too large"),
    ],
    ids=["office", "empty", "unknown", "large"],
)
def test_what_is_not_taken_is_said(content: bytes, said: str, desk: Desk, settings: Any) -> None:
    settings.FILE_MOST_BYTES = 1_000_000
    claim = desk.world.claim(4_000)
    assert said in words(add(signed_in(desk.treasurer), claim, content))
    assert not VoucherFile.objects.exists()


def test_with_the_payee_the_file_goes_and_its_fingerprint_stays(desk: Desk) -> None:
    from accounts.erasing import registry
    from treasury import erasing

    claim = desk.world.claim(4_000)
    claim.payee.kind = PayeeKind.COUNSEL
    cleaned = files.clean(b"An invoice of somebody")
    subject_id = claim.payee_id
    voucher = add_voucher_file(claim=claim, content=cleaned, by=desk.treasurer, at=AT)
    assert voucher.file.subject_id == subject_id
    keys.destroy_key(subject_id)
    subject = registry.Subject(subject_id, "payee", frozenset({subject_id, keys.ORGANISATION}), AT)
    assert erasing.drop_files(subject) == 1
    client = signed_in(desk.treasurer)
    assert client.get(reverse("desk:voucher", args=[voucher.pk])).status_code == 404
    seen = words(client.get(reverse("desk:claim", args=[claim.pk])))
    assert "Erased with its payee" in seen
    assert cleaned.sha256[:16] in seen
    assert "nothing more is kept" in words(add(client, claim, b"Another page"))


def test_whose_key_seals_it(desk: Desk) -> None:
    claim = desk.world.claim(4_000)
    for kind in PayeeKind:
        claim.payee.kind = kind
        expected = keys.ORGANISATION if kind in vouchers.NO_PERSON else claim.payee_id
        assert vouchers.subject_of(claim) == expected


def test_no_more_than_so_many(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from treasury.actions import vouchers as actions

    claim = desk.world.claim(4_000)
    monkeypatch.setattr(actions, "MOST_FILES", 1)
    add_voucher_file(claim=claim, content=files.clean(b"one"), by=desk.treasurer, at=AT)
    with pytest.raises(TooManyFiles):
        add_voucher_file(claim=claim, content=files.clean(b"two"), by=desk.treasurer, at=AT)
    assert SealedFile.objects.count() == 1
