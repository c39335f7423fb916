"""The sealed files of claims' vouchers: listed, added, handed over."""

import base64
import binascii
import datetime
import uuid
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request

from accounts.models import User
from api.building import listing, thing
from api.endpoints import Deed, Endpoint
from api.fields import Strict, Text
from api.filtering import FilterSet, ident
from api.money.claims import CLAIMS, ENTER, SEE, visible_claims
from api.tables import Act, Resource
from api.tokens import caller
from cases.voucher_sight import vouchers_open_to
from treasury.actions.vouchers import add_voucher_file
from treasury.models import VoucherFile
from vault import files, serving
from vault.cleaning.kinds import Refused
from vault.models import SealedFile

# Who may open what pays somebody; as on the desk.
OPEN = ("claims.enter", "money.pay", "money.approve")


class VoucherFileOut(serializers.Serializer[Any]):
    """``sha256`` is of the file as it came, ``kept_sha256`` of what is kept without its metadata."""

    id = serializers.UUIDField()
    claim = serializers.UUIDField(source="claim_id")
    type = serializers.ChoiceField(SealedFile.Type.choices, source="file.type")
    sha256 = serializers.CharField()
    kept_sha256 = serializers.CharField()
    added_at = serializers.DateTimeField()
    added_by = serializers.CharField()
    deleted_at = serializers.DateTimeField(source="file.deleted_at", allow_null=True)


def visible_vouchers(by: User, at: datetime.datetime) -> QuerySet[Any]:
    """Those of the claims they see."""
    return VoucherFile.objects.filter(claim__in=visible_claims(by, at).values("id")).select_related("file")


class VoucherFileFilters(FilterSet):
    claim = ident("claim_id")


VOUCHERS = Resource("voucher-file", visible_vouchers, VoucherFileOut, ("added_at", "id"), VoucherFileFilters)


class Base64File(Text):
    """A file in base64: PDF, JPEG, PNG or plain text. It is cleaned here, before any action begins."""

    def __init__(self) -> None:
        super().__init__(max_length=None, trim_whitespace=False)

    def to_internal_value(self, data: Any) -> Any:
        try:
            content = base64.b64decode(super().to_internal_value(data), validate=True)
            return files.clean(content)
        except (binascii.Error, ValueError):
            raise serializers.ValidationError(_("A file in base64 is wanted here."), "base64") from None
        except Refused as refused:
            raise serializers.ValidationError(_("This file is not taken."), refused.reason.value) from None


class VoucherFileIn(Strict):
    content = Base64File()


class AddVoucherFile(Deed):
    """Seal a file as evidence of a claim."""

    permission = {"POST": ENTER}
    resource = CLAIMS
    act = Act(add_voucher_file, ENTER, "claim", VoucherFileIn, answers=VOUCHERS, adds=True)
    most_bytes = settings.FILE_MOST_BYTES * 4 // 3 + 4096


class TakeVoucherFile(Endpoint):
    """The bytes of a voucher's file. That it was opened, and by whom, is recorded before they leave."""

    permission = {"GET": OPEN}
    resource = VOUCHERS
    binary = True

    def get(self, request: Request, key: uuid.UUID) -> StreamingHttpResponse:
        voucher: VoucherFile = self.load(key)
        if not vouchers_open_to(caller(request), self.at).filter(pk=voucher.pk).exists():
            raise Http404
        try:
            pieces = files.open_file(voucher.file)
        except files.FileGone:
            raise Http404 from None
        return StreamingHttpResponse(pieces, headers=serving.headers(voucher.file))


urlpatterns: list[URLPattern] = [
    *listing("voucher-files/", VOUCHERS, SEE),
    *thing("voucher-files/<uuid:key>/", VOUCHERS, SEE),
    path("voucher-files/<uuid:key>/content/", TakeVoucherFile.as_view(), name="take-voucher-file"),
    path("claims/<uuid:key>/voucher-files/", AddVoucherFile.as_view(), name="add-voucher-file"),
]
