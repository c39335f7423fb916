"""Papers, talks and signed silence: by pages, by actions, and by raw SQL."""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from audit.guards import lifted
from audit.models import ReadSubject
from cases import kinds
from cases.actions import circumstances
from cases.actions.papers import BoundToSilence
from cases.models import CaseDocument, Contact, NonDisclosure, Note
from tests import people
from tests.web.desk_cases import Desk, open_desk, words  # noqa: F401  the fixture

RULING = b"An invented ruling"


def upload(content: bytes = RULING) -> SimpleUploadedFile:
    return SimpleUploadedFile("name of somebody.txt", content, "text/plain")


def repeat(model: Any) -> None:
    """Insert a row once more by raw SQL, under another id and not public."""
    columns = [field.column for field in model._meta.concrete_fields]
    one_id = "cast(%s as uuid)" if connection.vendor == "postgresql" else "%s"
    taken = ", ".join({"id": one_id, "is_public": "false"}.get(name, name) for name in columns)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {table} ({', '.join(columns)}) select {taken} from {table} limit 1",
            [uuid.uuid4().hex],
        )


def test_a_paper_is_sealed_listed_opened_and_struck_out(desk: Desk) -> None:
    case = desk.receive()
    told = {"kind": "verdict", "title": "Ruling of March", "source": "family"}
    desk.done(desk.alder, "case-paper-new", case.pk, file=upload(), **told)
    assert "this very file" in desk.refused(desk.alder, "case-paper-new", case.pk, file=upload(), **told)
    document = CaseDocument.objects.get()
    page = words(desk.get(desk.alder, "case-papers", case.pk))
    assert "Ruling of March" in page
    answer = desk.get(desk.alder, "case-paper", case.pk, document.pk)
    assert b"".join(answer.streaming_content) == RULING  # type: ignore[attr-defined]
    assert "somebody" not in answer["Content-Disposition"]
    assert ReadSubject.objects.filter(subject_id=case.client_id, fields__contains="file.document").exists()
    hazel = people.coordinator("hazel")
    assert desk.get(hazel, "case-paper", case.pk, document.pk).status_code == 404
    desk.done(desk.alder, "case-paper-strike", case.pk, document.pk)
    assert desk.get(desk.alder, "case-paper", case.pk, document.pk).status_code == 404


def test_a_signed_silence_closes_substance(desk: Desk) -> None:
    case = desk.receive()
    talk = {
        "day": "2026-03-01",
        "hour": "10:00",
        "way": "message",
        "relation": "spouse",
        "said": "no parcels",
    }
    desk.done(desk.alder, "case-contact", case.pk, **talk)
    desk.done(desk.alder, "case-silence", case.pk, bound="counsel", signed_on="2026-03-02")
    page = words(desk.get(desk.alder, "case-papers", case.pk))
    assert "no parcels" in page
    assert "record only what is public" in page
    for name, data in (
        ("case-contact", talk),
        ("case-paper-new", {"kind": "verdict", "source": "family", "file": upload()}),
        ("case-note", {"text": "what counsel said"}),
    ):
        assert "is itself a charge" in desk.refused(desk.alder, name, case.pk, **data), name
    with pytest.raises(BoundToSilence):
        circumstances.take_testimony(
            case=case,
            told_on=desk.at.date(),
            account="told",
            basis=kinds.Basis.SPOKEN,
            relation=kinds.Relation.SELF,
            by=desk.alder,
            at=desk.at,
        )
    desk.done(desk.alder, "case-note", case.pk, text="in the papers", is_public="on")
    desk.done(desk.alder, "case-contact", case.pk, **talk, is_public="on")
    for model in (Note, Contact):  # whatever writes it
        with pytest.raises(IntegrityError), transaction.atomic():
            repeat(model)
    with lifted(connection), transaction.atomic():  # the mutant: without the trigger both are kept
        for model in (Note, Contact):
            repeat(model)
        transaction.set_rollback(True)
    silence = NonDisclosure.objects.get()
    desk.done(desk.alder, "case-silence-end", case.pk, silence.pk, ended_on="2026-03-02")
    desk.done(desk.alder, "case-note", case.pk, text="what counsel said")
