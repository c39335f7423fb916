"""Papers of a case, talks about it, and signed silence."""

import uuid
from typing import Any

from django.conf import settings
from django.http import Http404, StreamingHttpResponse
from django.urls import URLPattern, path
from rest_framework import serializers
from rest_framework.request import Request

from api.building import deed, listing, thing
from api.defence.cases import OPEN
from api.defence.circumstances import ORDER, EntryOut, opens, rows_of
from api.defence.court import OfCase
from api.endpoints import Deed, Endpoint
from api.fields import Day, Flag, Moment, OneOf, Strict, Text
from api.money.vouchers import Base64File
from api.opening import read
from api.tables import Act, Resource
from cases import kinds
from cases.actions import papers
from cases.models import CaseDocument, Contact, NonDisclosure
from cases.papers import BoundBy, DocumentKind, Way
from vault import files, serving
from vault.models import SealedFile

WORK = "cases.work"


class DocumentOut(EntryOut):
    """``sha256`` is of the file as it came, ``kept_sha256`` of what is kept without its metadata."""

    kind = serializers.ChoiceField(DocumentKind.choices)
    type = serializers.ChoiceField(SealedFile.Type.choices, source="file.type")
    dated_on = serializers.DateField(allow_null=True)
    source = serializers.ChoiceField(kinds.Source.choices)  # type: ignore[assignment]  # DRF's metaclass moves it away
    is_public = serializers.BooleanField()
    sha256 = serializers.CharField()
    kept_sha256 = serializers.CharField()
    title = serializers.SerializerMethodField()

    def get_title(self, row: Any) -> str | None:
        return read(self, row, "title")


class ContactOut(EntryOut):
    happened_at = serializers.DateTimeField()
    way = serializers.ChoiceField(Way.choices)
    relation = serializers.ChoiceField(kinds.Relation.choices)
    inward = serializers.BooleanField()
    is_public = serializers.BooleanField()
    said = serializers.SerializerMethodField()

    def get_said(self, row: Any) -> str | None:
        return read(self, row, "said")


class SilenceOut(EntryOut):
    bound = serializers.ChoiceField(BoundBy.choices)
    signed_on = serializers.DateField()
    ended_on = serializers.DateField(allow_null=True)


def _documents(by: Any, at: Any) -> Any:
    return rows_of(CaseDocument)(by, at).select_related("case__client", "file")


DOCUMENTS = Resource("document", _documents, DocumentOut, ORDER, OfCase, opens("title"))
CONTACTS = Resource("contact", rows_of(Contact), ContactOut, ORDER, OfCase, opens("said"))
SILENCES = Resource("silence", rows_of(NonDisclosure), SilenceOut, ORDER, OfCase)


class DocumentIn(Strict):
    content = Base64File()
    kind = OneOf(DocumentKind)
    title = Text(default="", max_length=160)
    dated_on = Day(allow_null=True, default=None)
    source = OneOf(kinds.Source)  # type: ignore[assignment]  # DRF's metaclass moves it away
    is_public = Flag(default=False)


class ContactIn(Strict):
    happened_at = Moment()
    way = OneOf(Way)
    relation = OneOf(kinds.Relation)
    inward = Flag(default=True)
    is_public = Flag(default=False)
    said = Text(max_length=8000)


class SilenceIn(Strict):
    bound = OneOf(BoundBy)
    signed_on = Day()


class SilenceEndIn(Strict):
    ended_on = Day()


class AddDocument(Deed):
    """Seal a file of the case."""

    permission = {"POST": WORK}
    resource = OPEN
    act = Act(papers.add_document, WORK, "case", DocumentIn, answers=DOCUMENTS, adds=True)
    most_bytes = settings.FILE_MOST_BYTES * 4 // 3 + 16_384


class TakeDocument(Endpoint):
    """The bytes of a file. That it was opened, and by whom, is recorded before they leave."""

    permission = {"GET": WORK}
    resource = DOCUMENTS
    binary = True

    def get(self, request: Request, key: uuid.UUID) -> StreamingHttpResponse:
        document: CaseDocument = self.load(key)
        try:
            pieces = files.open_file(document.file)
        except files.FileGone:
            raise Http404 from None
        return StreamingHttpResponse(pieces, headers=serving.headers(document.file))


CASE = "cases/<uuid:key>/"
urlpatterns: list[URLPattern] = [
    *listing("documents/", DOCUMENTS, WORK),
    *thing("documents/<uuid:key>/", DOCUMENTS, WORK),
    path("documents/<uuid:key>/content/", TakeDocument.as_view(), name="take-document"),
    path(f"{CASE}documents/", AddDocument.as_view(), name="add-document"),
    *listing("contacts/", CONTACTS, WORK),
    *thing("contacts/<uuid:key>/", CONTACTS, WORK),
    *deed(f"{CASE}contacts/", OPEN, Act(papers.log_contact, WORK, "case", ContactIn, CONTACTS, adds=True)),
    *listing("silences/", SILENCES, WORK),
    *thing("silences/<uuid:key>/", SILENCES, WORK),
    *deed(
        f"{CASE}silences/",
        OPEN,
        Act(papers.record_nondisclosure, WORK, "case", SilenceIn, SILENCES, adds=True),
    ),
    *deed(
        "silences/<uuid:key>/end/",
        SILENCES,
        Act(papers.end_nondisclosure, WORK, "nondisclosure", SilenceEndIn),
    ),
]
